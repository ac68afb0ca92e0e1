import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import { Refusal } from '../refusal.ts'
import { table } from './table.ts'

/** Editions of the Harmonised System, oldest first: correlations are between neighbours. */
export const hsEditions: readonly string[] = ['HS1992', 'HS1996', 'HS2002', 'HS2007', 'HS2012', 'HS2017', 'HS2022']

/** A code of one edition and a code of the next that share goods. */
export interface Link {
  readonly from: string
  /** Empty where a reviewer found that nothing of the next edition is the same goods. */
  readonly to: string
  /** What a reviewer says of a shift of scope, or nothing. */
  readonly note: string
}

/** All links from one edition to the next. */
export interface Correlation {
  readonly links: readonly Link[]
  /** The user's file it was read from; empty for a shipped table. */
  readonly file: string
}

let shipped: ReadonlyMap<string, Correlation> | undefined

/** The shipped links by the older edition: up to HS2017 all codes, from HS2017 to HS2022 those that were reviewed. */
function shippedCorrelations(): ReadonlyMap<string, Correlation> {
  if (shipped) return shipped
  const steps = new Map<string, Link[]>(hsEditions.map((edition) => [edition, []]))
  for (const row of table('hs-families.csv')) {
    const link = { from: row['from'] ?? '', to: row['to'] ?? '', note: '' }
    const span = [row['first'] ?? '', row['last'] ?? ''].map((edition) => hsEditions.indexOf(edition))
    for (const edition of hsEditions.slice(...span)) steps.get(edition)?.push(link)
  }
  for (const row of table('hs-2017-2022-by-hand.csv'))
    steps.get('HS2017')?.push({ from: row['from'] ?? '', to: row['to'] ?? '', note: row['note'] ?? '' })
  shipped = new Map([...steps].map(([edition, links]) => [edition, { links, file: '' }]))
  return shipped
}

/**
 * The links from each edition to the next, by the older one: the shipped ones, each pair of editions replaced by the
 * user's file for it, `correlations/*.csv` under CHOKEPOINT_HOME. Such a file has the columns from_edition, to_edition,
 * from and to, or is the sheet "Correlations" of a workbook of the UN Statistics Division, saved as CSV.
 * @throws Refusal naming file and line of the first fault
 */
export function correlations(home?: string): ReadonlyMap<string, Correlation> {
  const folder = home ? join(home, 'correlations') : undefined
  if (!folder || !existsSync(folder)) return shippedCorrelations()
  const all = new Map(shippedCorrelations())
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith('.')) continue
    const path = join(folder, name)
    if (!name.toLowerCase().endsWith('.csv'))
      throw refuse('form', path, 1, 'not a CSV file: save the sheet "Correlations" of a workbook as CSV')
    for (const [older, links] of readCorrelation(path)) {
      const other = all.get(older)?.file
      if (other)
        throw refuse(
          'twice',
          path,
          1,
          `links from ${older} to the next edition stand in ${other} too: keep one of them`,
        )
      all.set(older, { links, file: path })
    }
  }
  return all
}

const refuse = (code: string, path: string, line: number, message: string) =>
  new Refusal('refused', `correlation/${code}`, `${path}, line ${line}: ${message}`)

/** `HS2022`, `HS 2022` or `hs2022`, as headers and cells spell it; undefined for anything else. */
const editionNamed = (text: string | undefined) =>
  hsEditions.find((edition) => edition === text?.replace(/\s+/g, '').toUpperCase())

interface Line {
  readonly cells: readonly string[]
  readonly line: number
}

/** Links by the older edition. */
function readCorrelation(path: string): Map<string, Link[]> {
  const lines = readLines(path)
  const header = lines.slice(0, 5).find(({ cells }) => cells.filter((cell) => cell !== '').length > 1)
  if (!header) throw refuse('empty', path, 1, 'no header with columns from_edition, to_edition, from, to')
  const names = header.cells.map((cell) => cell.toLowerCase())
  const place = (name: string) => names.indexOf(name)
  const body = lines.filter(({ line, cells }) => line > header.line && cells.some((cell) => cell !== ''))
  const found = new Map<string, Map<string, Link>>()
  const add = (line: number, pairs: readonly [string | undefined, string | undefined][]) => {
    const [one, other] = pairs.map(([edition, code]) => {
      const named = editionNamed(edition)
      if (!named) throw refuse('edition', path, line, `"${edition ?? ''}" is no edition: ${hsEditions.join(', ')}`)
      const plain = code?.replaceAll('.', '') ?? ''
      if (!/^\d{6}$/.test(plain))
        throw refuse('code', path, line, `"${code ?? ''}" has not six digits; was a leading zero lost?`)
      return { place: hsEditions.indexOf(named), code: plain }
    }) as [{ place: number; code: string }, { place: number; code: string }]
    const [from, to] = one.place < other.place ? [one, other] : [other, one]
    if (to.place !== from.place + 1)
      throw refuse(
        'neighbours',
        path,
        line,
        `${hsEditions[from.place]} and ${hsEditions[to.place]} are not neighbours: give each step between them`,
      )
    const older = hsEditions[from.place] as string
    const links = found.get(older) ?? new Map<string, Link>()
    links.set(`${from.code} ${to.code}`, { from: from.code, to: to.code, note: '' })
    found.set(older, links)
  }

  const own = ['from_edition', 'to_edition', 'from', 'to'].map(place)
  if (own.every((at) => at >= 0)) {
    const [fromEdition, toEdition, from, to] = own as [number, number, number, number]
    for (const { cells, line } of body)
      add(line, [
        [cells[fromEdition], cells[from]],
        [cells[toEdition], cells[to]],
      ])
  } else {
    const [left, right] = header.cells.flatMap((cell, at) => (editionNamed(cell) ? [at] : []))
    if (left === undefined || right === undefined || place('relationship') < 0)
      throw refuse(
        'header',
        path,
        header.line,
        `the columns are ${header.cells.join(', ')}; wanted are from_edition, to_edition, from, to, or two editions and Relationship. A table of conversions, one target a code, cannot stand in: it makes telephones of chip sensors`,
      )
    for (const { cells, line } of body)
      add(line, [
        [header.cells[left], cells[left]],
        [header.cells[right], cells[right]],
      ])
  }
  if (found.size === 0) throw refuse('empty', path, header.line, 'no links stand below the header')
  return new Map([...found].map(([older, links]) => [older, [...links.values()]]))
}

function readLines(path: string): Line[] {
  try {
    return (
      parse(readFileSync(path), {
        bom: true,
        delimiter: [',', ';', '\t'],
        info: true,
        relax_column_count: true,
        trim: true,
      }) as unknown as { record: string[]; info: { lines: number } }[]
    ).map(({ record, info }) => ({ cells: record, line: info.lines }))
  } catch (error) {
    if (error instanceof CsvError)
      throw refuse('unreadable', path, Number((error as { lines?: number }).lines ?? 1), error.message)
    throw error
  }
}
