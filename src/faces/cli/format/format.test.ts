import { expect, test } from 'vitest'
import { formatCell } from '../../cell.ts'
import { csv } from '../../csv.ts'
import { json } from '../../json.ts'
import { displayWidth, table } from './table.ts'

const column = (name: string, type: 'integer' | 'number' | 'text', unit = '') => ({ name, type, unit })

async function all(parts: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const part of parts) text += part
  return text
}

test('cells read by the unit of their column', () => {
  expect(formatCell(1234567, column('value', 'integer', 'currency'))).toBe('1,234,567')
  expect(formatCell(12345678901234567890n, column('value', 'integer', 'currency'))).toBe('12,345,678,901,234,567,890')
  expect(formatCell(0.3456, column('share', 'number', 'share 0-1'))).toBe('34.6 %')
  expect(formatCell(-0.021, column('change', 'number', 'difference of shares'))).toBe('−2.1 points')
  expect(formatCell(0.4, column('hhi', 'number', 'index 0-1'))).toBe('0.400')
  expect(formatCell(202203, column('period', 'integer', 'period'))).toBe('2022-03')
  expect(formatCell('a\u001b[31mb', column('product', 'text'))).toBe('a [31mb')
  expect(formatCell(null, column('mass', 'number'))).toBe('–')
})

test('a table aligns, drops empty columns, and says what did not fit', () => {
  const columns = [column('who', 'text'), column('n', 'integer'), column('empty', 'number'), column('last', 'text')]
  const rows = [
    ['中国', 10, null, 'long enough'],
    ['Chile', 2000, null, null],
  ]
  expect(table(columns, rows, 80).lines).toEqual(['who        n  last', '中国      10  long enough', 'Chile  2,000  –'])
  expect(table(columns, rows, 20)).toEqual({
    lines: ['who        n', '中国      10', 'Chile  2,000'],
    leftOut: ['last'],
  })
  expect(displayWidth('中国')).toBe(4)
})

test('names wider than their cells are broken at their words before a column is left out', () => {
  const columns = [column('product', 'text'), column('share_after_high', 'number', 'share 0-1'), column('n', 'integer')]
  const rows = [['850650', 0.5, 1]]
  expect(table(columns, rows, 80).lines[0]).toBe('product  share_after_high  n')
  expect(table(columns, rows, 22)).toEqual({
    lines: ['         share_', '         after_', 'product    high  n', '850650   50.0 %  1'],
    leftOut: [],
  })
})

test('a sentence that most rows share is said once, and beneath its row where it is one row’s own', () => {
  const columns = [column('who', 'text'), column('why', 'text', 'sentence')]
  const shown = (...why: (string | null)[]) =>
    table(
      columns,
      why.map((one, place) => [`row ${place}`, one]),
      80,
    ).lines
  expect(shown('not seen', 'not seen')).toEqual(['why: not seen', '', 'who', 'row 0', 'row 1'])
  expect(shown(null, 'not seen', 'not seen')[0]).toBe('why of those that have any: not seen')
  expect(shown(null, null, 'not seen')).toEqual(['who', 'row 0', 'row 1', 'row 2', '    not seen'])
  expect(shown('seen', 'not seen')).toEqual(['who', 'row 0', '    seen', 'row 1', '    not seen'])
})

test('a chance that is small is not printed as none', () => {
  expect(formatCell(0.004, column('p', 'number', 'probability'))).toBe('0.004')
  expect(formatCell(0.0001, column('q', 'number', 'rate 0-1'))).toBe('< 0.001')
  expect(formatCell(0.25, column('p', 'number', 'probability'))).toBe('0.25')
})

test('CSV disarms formulas in text and leaves numbers alone', async () => {
  const text = await all(
    csv(
      ['a', 'b'],
      [
        [
          ['=1+1', -5],
          ['x,"y"', null],
        ],
        [['+', 9007199254740993n]],
      ],
    ),
  )
  expect(text).toBe('a,b\r\n\'=1+1,-5\r\n"x,""y""",\r\n\'+,9007199254740993\r\n')
})

test('JSON keeps large whole numbers exact', async () => {
  const answer = {
    analysis: 'suppliers',
    title: 'Suppliers',
    parameters: { importer: ['DEU'] },
    dataset: {
      name: 'd',
      version: 'v',
      kind: 'flow',
      currency: 'USD',
      valuation: 'CIF',
      edition: '',
      all_goods: null,
      sources: [],
    },
    datasets: [],
    tool_version: '0',
    columns: [{ name: 'value', type: 'integer' as const, unit: 'currency', description: '' }],
    caveats: ['one'],
    sources: [],
  }
  const text = await all(json(answer, [[[12]], [[9007199254740993n]]]))
  expect(text).toContain('    {"value":12},\n    {"value":"9007199254740993"}\n')
  expect(Object.keys(JSON.parse(text))).toEqual([
    'analysis',
    'title',
    'parameters',
    'dataset',
    'datasets',
    'tool_version',
    'columns',
    'rows',
    'caveats',
    'sources',
  ])
  expect(JSON.parse(await all(json(answer, []))).rows).toEqual([])
})
