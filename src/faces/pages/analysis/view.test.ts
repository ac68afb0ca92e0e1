import { describe, expect, test } from 'vitest'
import { pageOfCommand } from '../address.ts'
import type { Answer, Column, Row } from '../api.ts'
import { chosenRows, nextSort, pivotedView, plainView } from './view.ts'

const column = (name: string, type: Column['type'], unit: string): Column => ({ name, type, unit, description: '' })
const columns = [
  column('supplier', 'text', 'economy'),
  column('value', 'integer', 'USD'),
  column('share', 'number', 'share 0-1'),
  column('verdict', 'text', 'verdict'),
]
const rows: Row[] = [
  { supplier: 'DEU', value: 2_000_000, share: 0.2, verdict: 'critical' },
  { supplier: 'CHN', value: 7_990_000, share: 0.799, verdict: 'undetermined' },
  { supplier: 'AUS', value: 10_000, share: 0.0004, verdict: null },
  { supplier: 'X-NES', value: null, share: null, verdict: null },
]
const answer = {
  columns,
  rows,
  names: { DEU: 'Germany', CHN: 'China', AUS: 'Australia' },
  dataset: { currency: 'USD', valuation: 'FOB' },
} as unknown as Answer

describe('cells', () => {
  const view = plainView(answer, ['supplier', 'value', 'share', 'verdict'])
  const read = (row: Row) => view.columns.map((one) => one.text(row))

  test('name economies beside their codes, and word money, shares and verdicts', () => {
    expect(read(rows[0] as Row)).toEqual(['Germany', '2.0 m', '20.0 %', '▲ critical'])
    expect(read(rows[1] as Row)).toEqual(['China', '8.0 m', '79.9 %', '◆ undetermined'])
    expect(read(rows[2] as Row)).toEqual(['Australia', '10.0 k', '< 0.1 %', '–'])
    expect(read(rows[3] as Row)).toEqual(['X-NES', '–', '–', '–'])
    expect(view.columns[0]?.code?.(rows[0] as Row)).toBe('DEU')
    expect(view.columns[1]?.full?.(rows[1] as Row)).toBe('7,990,000')
    expect(view.columns[1]?.unit).toBe('USD, current, FOB')
  })

  test('are sorted by figures or names, what is unknown last either way', () => {
    const order = (sort: string) => chosenRows(view, sort, '').map((row) => row['supplier'])
    expect(order('')).toEqual(['DEU', 'CHN', 'AUS', 'X-NES'])
    expect(order('-value')).toEqual(['CHN', 'DEU', 'AUS', 'X-NES'])
    expect(order('value')).toEqual(['AUS', 'DEU', 'CHN', 'X-NES'])
    expect(order('supplier')).toEqual(['AUS', 'CHN', 'DEU', 'X-NES'])
    expect(order('nothing')).toEqual(order(''))
  })

  test('are found by name and by code', () => {
    expect(chosenRows(view, '', 'germ').map((row) => row['supplier'])).toEqual(['DEU'])
    expect(chosenRows(view, '', 'chn').map((row) => row['supplier'])).toEqual(['CHN'])
    expect(chosenRows(view, '', 'nobody')).toEqual([])
  })

  test('of numbers are first sorted from the largest, of names from the first, then back, then not', () => {
    const [supplier, value] = view.columns as [(typeof view.columns)[0], (typeof view.columns)[0]]
    expect([nextSort('', value), nextSort('-value', value), nextSort('value', value)]).toEqual([
      '-value',
      'value',
      undefined,
    ])
    expect([nextSort('', supplier), nextSort('supplier', supplier)]).toEqual(['supplier', '-supplier'])
  })
})

test('long rows stand side by side, one row for all that its keys share', () => {
  const long = [
    { importer: 'DEU', product: '1', method: 'geodep', short: 'GEO', verdict: 'yes' },
    { importer: 'DEU', product: '1', method: 'ec-2021', short: 'EC', verdict: 'undetermined' },
    { importer: 'DEU', product: '2', method: 'geodep', short: 'GEO', verdict: 'no' },
  ]
  const view = pivotedView(
    {
      ...answer,
      columns: ['importer', 'product', 'method', 'short', 'verdict'].map((name) => column(name, 'text', 'text')),
      rows: long,
    },
    {
      sections: ['importer'],
      rows: ['product'],
      across: 'method',
      head: 'short',
      cells: 'verdict',
      marks: { undetermined: '?' },
      legend: '? undetermined',
    },
  )
  expect(view.columns.map(({ title }) => title)).toEqual(['Importer', 'Product', 'GEO', 'EC'])
  expect(view.rows.map((row) => view.columns.map((one) => one.text(row)))).toEqual([
    ['DEU', '1', 'yes', '?'],
    ['DEU', '2', 'no', '–'],
  ])
  expect(view.legend).toBe('GEO geodep, EC ec-2021; ? undetermined.')
})

test('a command is the page that asks the same', () => {
  expect(pageOfCommand('chokepoint dominance --dataset russia-vendors --segment "base stations" --exit A,B')).toBe(
    '/analysis/dominance?dataset=russia-vendors&segment=base+stations&exit=A,B',
  )
  expect(pageOfCommand('npx --no-install chokepoint concentration --aggregate --min-value 0')).toBe(
    '/analysis/concentration?aggregate=true&min_value=0',
  )
  expect(pageOfCommand('curl x')).toBeUndefined()
})
