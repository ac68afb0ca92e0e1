import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analysisList } from '../src/analyses/index.ts'
import { load } from '../src/dataset/load.ts'
import { mappingSchema } from '../src/dataset/mapping.ts'
import { type Chokepoint, open, Refusal, toolVersion } from '../src/index.ts'
import { loadSamples } from '../src/sample.ts'
import { readQuestion, writtenQuestion } from '../src/saved-question.ts'
import { temporaryHome } from './engines.ts'
import { sampleHome } from './samples.ts'

const analysisNamed = (name: string) => analysisList.find((one) => one.name === name)

const mapping = mappingSchema.parse({
  frequency: 'year',
  currency: 'USD',
  side: 'reconciled',
  codes: 'chokepoint',
  edition: 'HS2017',
  vintage: 'first',
  partners_complete: true,
  columns: { period: 'year', importer: 'importer', exporter: 'exporter', product: 'product', value: 'value' },
})

describe('what changed since the last briefing', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  const versions: string[] = []
  async function version(vintage: string, ...rows: string[]): Promise<string> {
    const file = join(home, `${vintage}.csv`)
    writeFileSync(file, `year,importer,exporter,product,value\n${rows.join('\n')}\n`)
    const recognise = () => ({ source: 'test', mapping: { ...mapping, vintage } })
    return (await load({ home, as: 'flows', paths: [file], recognise, toolVersion })).version
  }
  beforeAll(async () => {
    chokepoint = await open({ home })
    const kept = ['2022,DEU,USA,850650,40', '2022,DEU,CHN,850650,60', '2022,FRA,CHN,850650,10']
    versions.push(await version('first', ...kept, '2022,DEU,CHN,850660,5'))
    versions.push(
      await version(
        'second',
        kept[0] as string,
        '2022,DEU,CHN,850650,160',
        kept[2] as string,
        '2023,DEU,CHN,850650,70',
      ),
    )
  })
  afterAll(() => chokepoint.close())
  const diff = async (given: object, sides: Parameters<Chokepoint['diff']>[2], columns?: string[]) => {
    const answer = await chokepoint.diff(
      'dependence',
      { supplier: ['CHN'], min_value: 0, ...given },
      sides,
      columns ? { columns } : {},
    )
    return { answer, rows: await answer.rows() }
  }

  test('rows that appeared, vanished and moved between two versions, each with its reason', async () => {
    const sides = { from: { dataset: `flows@${versions[0]}` }, to: { dataset: `flows@${versions[1]}` } }
    const { answer, rows } = await diff({ importer: ['DEU', 'FRA'], period: ['2022'] }, sides, ['value', 'share'])
    expect(
      rows.map((row) => [
        row['importer'],
        row['product'],
        row['status'],
        row['column'] ?? null,
        row['before'] ?? null,
        row['after'] ?? null,
      ]),
    ).toEqual([
      ['DEU', '850660', 'vanished', null, null, null],
      ['DEU', '850650', 'moved', 'value', 60, 160],
      ['DEU', '850650', 'moved', 'share', 0.6, 0.8],
    ])
    expect(rows[1]).toMatchObject({
      difference: 100,
      reason: expect.stringContaining('revision of the data from first to second'),
    })
    expect(await answer.headline()).toBe('0 rows appeared, 1 vanished, 1 moved; 1 are as they were.')
    expect(answer.datasets.map((one) => one.version)).toEqual(versions)
  })

  test('a period that the older version has not is named as the reason', async () => {
    const sides = { from: { dataset: `flows@${versions[0]}` }, to: { dataset: `flows@${versions[1]}` } }
    const { rows } = await diff({ importer: ['DEU'], period: ['2022-2023'] }, sides, ['value'])
    expect(rows.find((row) => row['period'] === 202300)).toMatchObject({
      status: 'appeared',
      reason: `2023 is not in flows@${versions[0]}`,
    })
  })

  test('two periods of one dataset are compared row by row without the period', async () => {
    const { rows } = await diff(
      { importer: ['DEU'], product: ['850650'] },
      { from: { dataset: 'flows', period: '2022' }, to: { dataset: 'flows', period: '2023' } },
      ['share', 'total'],
    )
    expect(rows.map((row) => [row['column'], row['before'], row['after'], row['reason']])).toEqual([
      ['share', 0.8, 1, 'another period: 2023 against 2022'],
      ['total', 200, 70, 'another period: 2023 against 2022'],
    ])
  })

  test('words move as words, and one and the same version has no difference', async () => {
    const answer = await chokepoint.diff(
      'concentration',
      { importer: ['DEU'], product: ['850650'], min_value: 0, period: ['2022'] },
      { from: { dataset: `flows@${versions[0]}` }, to: { dataset: `flows@${versions[1]}` } },
      { columns: ['verdict', 'lead_supplier', 'hhi'] },
    )
    expect((await answer.rows()).map((row) => row['column'])).toEqual(['hhi'])
    const same = { dataset: `flows@${versions[1]}` }
    expect((await diff({ importer: ['DEU'] }, { from: same, to: same })).rows).toEqual([])
  })

  test('a question saved with its version asks the same of it after another was loaded', async () => {
    const question = {
      analysis: 'dependence',
      parameters: {
        dataset: `flows@${versions[0]}`,
        importer: ['DEU'],
        supplier: 'CHN',
        period: '2022',
        min_value: '0',
      },
      columns: ['product', 'value'],
    }
    const file = join(home, 'question.yaml')
    writeFileSync(file, writtenQuestion(question))
    expect(readFileSync(file, 'utf8')).toContain(`dataset: flows@${versions[0]}`)
    expect(readQuestion(file, analysisNamed)).toMatchObject(question)
  })

  test.each([
    ['analysis: [x]\n', 1, 'analysis'],
    ['analysis: dependence\nparameter: {}\n', 2, 'unknown key "parameter"'],
    ['analysis: dependence\nparameters: {importer: {a: b}}\n', 2, 'importer'],
  ])('a saved question that cannot be read is refused where it stands: %s', (text, line, message) => {
    const file = join(home, 'broken.yaml')
    writeFileSync(file, text)
    expect(() => readQuestion(file, analysisNamed)).toThrow(Refusal)
    expect(() => readQuestion(file, analysisNamed)).toThrow(`line ${line}, column`)
    expect(() => readQuestion(file, analysisNamed)).toThrow(message)
  })
})

test('samples of another release are built again by a start, not refused', async () => {
  const home = await sampleHome()
  await using chokepoint = await open({ home })
  const { name, version } = await chokepoint.dataset('russia-vendors')
  const manifest = join(home, 'datasets', name, version, 'manifest.json')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"schema": \d+/, '"schema": 0'))
  await expect(chokepoint.dataset(name)).rejects.toThrow('another release')
  await loadSamples(chokepoint)
  expect((await chokepoint.dataset(name)).version).toBe(version)
})
