import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { guessed, mappingText } from '../../src/faces/pages/mapping-text.ts'
import { open } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'

describe('the first guess of a table that no source knows', async () => {
  const home = await temporaryHome()
  const chokepoint = await open({ home })
  afterAll(() => chokepoint.close())
  const ends = ['IsNetWgtEstimated', 'netweight_kg', 'trade_value_us', 'IsReported']

  test('takes months for the period and no flag for a mass, so that the table loads as it is', async () => {
    const columns = [
      'year',
      'month',
      'period',
      'trade_flow',
      'reporter_code',
      'partner_code',
      'commodity_code',
      ...ends,
    ]
    const rows = [
      ['2022', '1', '2022-01-01', 'Export', '51', '203', '851713', 'FALSE', '11.4', '28013.76', 'FALSE'],
      ['2022', '2', '2022-02-01', 'Import', '51', '156', '851713', 'TRUE', '7399.113', '3433495.59', 'FALSE'],
    ]
    const said = guessed(columns, rows)
    expect(said).toMatchObject({
      columns: { period: 'period', mass: 'netweight_kg', value: 'trade_value_us' },
      settings: { frequency: 'month' },
    })
    const [file, mapping] = [join(home, 'months.csv'), join(home, 'months.yaml')]
    await writeFile(file, [columns, ...rows].map((cells) => `${cells.join(',')}\n`).join(''))
    await writeFile(mapping, mappingText(said))
    const manifest = await flowsOf(chokepoint.load([file], { as: 'months', mapping }))
    expect(manifest).toMatchObject({ frequency: 'month', periods: [202201, 202202] })
    expect(manifest.account.rows).toMatchObject({ in: 2, kept: 2 })
  })

  test.each([
    ['a month of six digits', ['year', 'period'], ['2022', '202201'], { period: 'period' }, 'month'],
    ['a year where the month stands apart', ['year', 'month'], ['2022', '1'], { period: 'year' }, 'year'],
    ['a year beside the date of a row', ['year', 'date'], ['2022', '2024-05-01'], { period: 'year' }, 'year'],
    ['a flag of 0 and 1', ['year', 'isNetWgtEstimated', 'netWgt'], ['2022', '0', '7'], { mass: 'netWgt' }, 'year'],
    ['a mass of 0 and 1', ['year', 'mass'], ['2022', '1'], { mass: 'mass' }, 'year'],
  ])('%s', (_name, columns, row, found, frequency) => {
    const said = guessed(columns, [row])
    expect(said.columns).toMatchObject(found)
    expect(said.settings.frequency).toBe(frequency)
  })
})
