import { join } from 'node:path'
import { type Fault, FaultyFile } from '../refusal.ts'
import { type CsvCell, type CsvLine, readCsvLines, type Tell } from './csv-file.ts'
import { table } from './table.ts'
import { filesIn } from './yaml-file.ts'

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

let held: ReadonlyMap<string, ReadonlySet<string>> | undefined

/** All codes of each edition up to HS2017, with their headings and chapters. */
function codesHeld(): ReadonlyMap<string, ReadonlySet<string>> {
  const steps = shippedCorrelations()
  const codes = (edition: string, side: 'from' | 'to') => steps.get(edition)?.links.map((link) => link[side]) ?? []
  held ??= new Map(
    hsEditions.slice(0, -1).map((edition, at) => {
      const before = at === 0 ? [] : codes(hsEditions[at - 1] as string, 'to')
      const all = edition === 'HS2017' ? before : [...before, ...codes(edition, 'from')]
      return [edition, new Set(all.flatMap((code) => [code, code.slice(0, 4), code.slice(0, 2)]))]
    }),
  )
  return held
}

/**
 * The editions that were searched in vain for a code, in words; undefined where it is in one of them, or may be: of
 * HS2022 not all codes are shipped.
 * @param nomenclature the one that the code stands in, `HS2017` or `CN2021`; any where it is empty
 */
export function editionsWithout(code: string, nomenclature: string): string | undefined {
  const year = (edition: string) => Number(edition.slice(2))
  const named = nomenclature === '' ? undefined : hsEditions.findLast((edition) => year(edition) <= year(nomenclature))
  const [first, last] = [hsEditions[0] as string, hsEditions.at(-2) as string]
  const searched = named === undefined ? [...codesHeld().values()] : [codesHeld().get(named)]
  if (named === hsEditions.at(-1) || searched.some((codes) => codes?.has(code.slice(0, 6)))) return undefined
  return named ?? `any edition from ${first} to ${last}`
}

/**
 * The links from each edition to the next, by the older one: the shipped ones, each pair of editions replaced by the
 * user's file for it, `correlations/*.csv` under CHOKEPOINT_HOME. Such a file has the columns from_edition, to_edition,
 * from and to, or is the sheet "Correlations" of a workbook of the UN Statistics Division, saved as CSV.
 * @throws FaultyFile with what is wrong with the first file that has a fault
 */
export function correlations(home?: string): ReadonlyMap<string, Correlation> {
  const files = home ? filesIn(join(home, 'correlations')) : []
  if (files.length === 0) return shippedCorrelations()
  const own = new Map<string, Correlation>()
  for (const path of files) readCorrelation(path, own)
  return new Map([...shippedCorrelations(), ...own])
}

/** `HS2022`, `HS 2022` or `hs2022`, as headers and cells spell it; undefined for anything else. */
const editionNamed = (text: string | undefined) =>
  hsEditions.find((edition) => edition === text?.replace(/\s+/g, '').toUpperCase())

/**
 * One file with links, which join those of other files by the older edition.
 * @throws FaultyFile
 */
export function readCorrelation(path: string, own: Map<string, Correlation>): void {
  const faults: Fault[] = []
  const tell: Tell = (code, line, column, message) =>
    faults.push({ severity: 'error', code: `correlation/${code}`, file: path, line, column, message })
  for (const [older, links] of linksOf(readLines(path, tell), tell)) {
    const other = own.get(older)?.file
    if (other !== undefined)
      tell('twice', 1, 1, `links from ${older} to the next edition stand in ${other} too: keep one of them`)
    else own.set(older, { links: [...links.values()], file: path })
  }
  const [first, ...rest] = faults
  if (first) throw new FaultyFile([first, ...rest])
}

/** Links by the older edition. */
function linksOf(lines: readonly CsvLine[] | undefined, tell: Tell): Map<string, Map<string, Link>> {
  const found = new Map<string, Map<string, Link>>()
  if (!lines) return found
  const header = lines.slice(0, 5).find(({ cells }) => cells.filter(({ text }) => text !== '').length > 1)
  if (!header) {
    tell('empty', 1, 1, 'no header with columns from_edition, to_edition, from, to')
    return found
  }
  const titles = header.cells.map(({ text }) => text)
  const names = titles.map((text) => text.toLowerCase())
  const body = lines.filter(({ line, cells }) => line > header.line && cells.some(({ text }) => text !== ''))
  const add = (line: number, pairs: readonly [edition: CsvCell | undefined, code: CsvCell | undefined][]) => {
    const sides = pairs.map(([edition, code]) => {
      const named = editionNamed(edition?.text)
      if (!named)
        tell('edition', line, edition?.column ?? 1, `"${edition?.text ?? ''}" is no edition: ${hsEditions.join(', ')}`)
      const plain = code?.text.replaceAll('.', '') ?? ''
      const digits = /^\d{6}$/.test(plain)
      if (!digits)
        tell('code', line, code?.column ?? 1, `"${code?.text ?? ''}" has not six digits; was a leading zero lost?`)
      return named && digits ? { place: hsEditions.indexOf(named), code: plain } : undefined
    })
    const [one, other] = sides
    if (!one || !other) return
    const [from, to] = one.place < other.place ? [one, other] : [other, one]
    if (to.place !== from.place + 1) {
      const pair = `${hsEditions[from.place]} and ${hsEditions[to.place]}`
      tell('neighbours', line, 1, `${pair} are not neighbours: give each step between them`)
      return
    }
    const older = hsEditions[from.place] as string
    const links = found.get(older) ?? new Map<string, Link>()
    links.set(`${from.code} ${to.code}`, { from: from.code, to: to.code, note: '' })
    found.set(older, links)
  }
  const own = ['from_edition', 'to_edition', 'from', 'to'].map((name) => names.indexOf(name))
  if (own.every((at) => at >= 0)) {
    const [fromEdition, toEdition, from, to] = own as [number, number, number, number]
    for (const { cells, line } of body)
      add(line, [
        [cells[fromEdition], cells[from]],
        [cells[toEdition], cells[to]],
      ])
  } else {
    const [left, right] = titles.flatMap((cell, at) => (editionNamed(cell) ? [at] : []))
    if (left === undefined || right === undefined || !names.includes('relationship')) {
      tell(
        'header',
        header.line,
        1,
        `the columns are ${titles.join(', ')}; wanted are from_edition, to_edition, from, to, or two editions and Relationship. A table of conversions, one target a code, cannot stand in: it makes telephones of chip sensors`,
      )
      return found
    }
    for (const { cells, line } of body)
      add(line, [
        [header.cells[left], cells[left]],
        [header.cells[right], cells[right]],
      ])
  }
  if (body.length === 0) tell('empty', header.line, 1, 'no links stand below the header')
  return found
}

/** The lines of a file; undefined, and told, where it cannot be read as CSV. */
function readLines(path: string, tell: Tell): CsvLine[] | undefined {
  if (path.toLowerCase().endsWith('.csv')) return readCsvLines(path, tell)
  tell('form', 1, 1, 'not a CSV file: save the sheet "Correlations" of a workbook as CSV')
  return undefined
}
