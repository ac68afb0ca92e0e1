import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Fault, FaultyFile } from '../refusal.ts'
import { type CsvCell, readCsvLines } from './csv-file.ts'
import { economies } from './economies.ts'
import { economyGroups } from './economy-groups.ts'
import { editionsWithout } from './families-correlations.ts'
import { productGroups } from './product-groups.ts'
import { table } from './table.ts'
import { filesIn } from './yaml-file.ts'

/** A legal act that restricts trade: who, which goods, against whom, from when. Its flow runs from origins to targets. */
export interface Control {
  readonly id: string
  /** Who made it, in words. */
  readonly issuer: string
  /** The act by its number, as it is cited. */
  readonly instrument: string
  readonly title: string
  /** ISO days; empty where unknown, and `until` where it has no end. Both ends are in force. */
  readonly announced: string
  readonly effective: string
  readonly until: string
  /** The last day on which contracts concluded before may be performed. */
  readonly wind_down_until: string
  readonly direction: 'export' | 'import' | 'transit' | 'price'
  /** Alpha-3 of the economies where goods may not go, or through which; empty for all. */
  readonly targets: readonly string[]
  /** Alpha-3 codes or groups of the economies whose goods it binds; empty for all. */
  readonly origins: readonly string[]
  /** Of its list: HS2022, CN2022 … */
  readonly code_system: string
  /** Its list of goods: a file in codes/ or a group of products; empty where the act names no customs codes. */
  readonly list: string
  readonly intensity: (typeof intensities)[number]
  readonly source_url: string
  /** Whether dates and title were read in a source; what was not is never shown as confirmed. */
  readonly source_read: boolean
  readonly note: string
}

/** A code of a list of controlled goods. */
export interface ListedCode {
  readonly code: string
  /** Nomenclature, `HS2022`, `CN2022`; without a year, `HS` or `CN`, it goes by its number in every edition. */
  readonly system: string
  /** Its digits. Ten are a national code, whose first six are those of the Harmonised System. */
  readonly level: number
  /** Whether only some of the goods under the code are controlled. */
  readonly partial: boolean
  readonly tier: string
  /** ISO days on which it came on the list and was last on it; empty where open, or where the list does not say. */
  readonly from: string
  readonly until: string
  readonly comment: string
}

/** How much an act forbids, strongest first. */
export const intensities = ['ban', 'licence', 'quota', 'notify'] as const

const shippedFolder = fileURLToPath(new URL('../../data/controls/', import.meta.url))

/** Folders under CHOKEPOINT_HOME with a user's own acts, and with their lists. */
export const controlsFolder = 'controls'
export const listsFolder = join(controlsFolder, 'codes')

/** Tables of acts and lists of codes end so. */
export const csvEnding = /\.csv$/i

const day = z.iso.date({ error: 'a day is written 2022-02-26' })
const dayOrNothing = z.union([z.literal(''), day], { error: 'a day is written 2022-02-26; nothing where unknown' })
const text = z.string()
const worded = (missing: string) => text.min(1, `nothing stands here: ${missing}`)
const inParts = (cell: string) =>
  cell
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
const known = (isKnown: (name: string) => boolean, wanted: string) =>
  text.transform(inParts).superRefine((parts, context) => {
    for (const part of parts)
      if (!isKnown(part)) context.addIssue({ code: 'custom', message: `"${part}" is ${wanted}` })
  })
const system = text.regex(/^(HS|CN)(\d{4})?$/, 'a nomenclature is written HS2022, CN2022, or HS or CN for any year')

/** A row of a table of acts, by its columns; checked against the names of a home. */
function actSchema(path: string, home: string | undefined) {
  const codes = new Set(economies().map(({ economy }) => economy))
  const groups = new Set(economyGroups(home).map(({ group }) => group))
  const lists = new Set([
    ...productGroups(home).map(({ group }) => group),
    ...[shippedFolder, dirname(path), ...(home ? [join(home, controlsFolder)] : [])].flatMap((folder) =>
      listFiles(folder).map(listNamed),
    ),
  ])
  return z
    .strictObject({
      id: text.regex(/^[a-z][a-z0-9-]{0,40}$/, 'a name has small letters, digits and hyphens, such as eu-2022-02'),
      issuer: worded('say who made the act'),
      instrument: text,
      title: worded('name the act in words'),
      announced: dayOrNothing,
      effective: day,
      until: dayOrNothing,
      wind_down_until: dayOrNothing,
      direction: z.enum(['X', 'M', 'transit', 'price'], { error: 'one of X (exports), M (imports), transit, price' }),
      targets: known((name) => codes.has(name), 'no alpha-3 code such as RUS; several are separated by semicolons'),
      origins: known(
        (name) => codes.has(name) || groups.has(name),
        'no alpha-3 code and no group such as EU; several are separated by semicolons',
      ),
      code_system: z.union([z.literal(''), system], { error: 'a nomenclature is written HS2022 or CN2022' }),
      codes_file: text
        .transform((name) => name.replace(csvEnding, ''))
        .refine((name) => name === '' || lists.has(name), {
          error: 'no such list: put it beside this file as codes/NAME.csv, or name a group of products',
        }),
      intensity: z.enum(intensities, { error: `one of ${intensities.join(', ')}` }),
      source_url: text.regex(/^(https?:\/\/\S+)?$/, 'an address begins with https://'),
      source_read: z.enum(['yes', 'no'], { error: 'yes where dates and title were read in the source, else no' }),
      note: text,
    })
    .refine(({ effective, until }) => until === '' || effective <= until, {
      error: 'it ends before it comes into force: put the days the other way round',
      path: ['until'],
    })
    .refine(({ announced, effective }) => announced === '' || announced <= effective, {
      error: 'it was announced after it came into force: put the days the other way round',
      path: ['announced'],
    })
    .transform(
      ({ codes_file: list, direction, source_read, ...rest }): Control => ({
        ...rest,
        list,
        direction: ({ X: 'export', M: 'import', transit: 'transit', price: 'price' } as const)[direction],
        source_read: source_read === 'yes',
      }),
    )
}

const codeSchema = z
  .strictObject({
    code: text.regex(/^(\d{2}|\d{4}|\d{6}|\d{8}|\d{10})$/, 'a code has 2, 4, 6, 8 or 10 digits; was a zero lost?'),
    system,
    level: text.regex(/^(2|4|6|8|10)?$/, 'the digits of the code, 2, 4, 6, 8 or 10'),
    partial: z.enum(['', '0', '1'], { error: '1 where only some goods of the code are controlled, else 0' }),
    tier: text,
    from: dayOrNothing,
    until: dayOrNothing,
    comment: text,
  })
  .refine(({ code, level }) => level === '' || Number(level) === code.length, {
    error: ({ input }) => {
      const { code, level } = input as { code: string; level: string }
      return `${code} has ${code.length} digits, not ${level}; was a leading zero lost?`
    },
    path: ['level'],
  })
  .refine(({ from, until }) => from === '' || until === '' || from <= until, {
    error: 'it ends before it begins: put the days the other way round',
    path: ['until'],
  })
  .transform(
    ({ level: _, partial, ...rest }): ListedCode => ({ ...rest, level: rest.code.length, partial: partial === '1' }),
  )

/** A row of a table that people write, with the place of each of its cells. */
interface Read<Value> {
  readonly value: Value
  readonly line: number
  column(name: string): number
}

/** Columns in their order, as the header names them: `windDownUntil` or `wind_down_until`, in any order. */
interface Columns {
  readonly area: string
  readonly wanted: readonly string[]
  readonly optional: readonly string[]
}

const actColumns: Columns = {
  area: 'controls',
  wanted: ['id', 'issuer', 'title', 'effective', 'direction', 'targets', 'origins', 'intensity', 'source_read'],
  optional: ['instrument', 'announced', 'until', 'wind_down_until', 'code_system', 'codes_file', 'source_url', 'note'],
}
const codeColumns: Columns = {
  area: 'list',
  wanted: ['code', 'system'],
  optional: ['level', 'partial', 'tier', 'from', 'until', 'comment'],
}

/** Columns by which `chokepoint check` knows a table of acts, or a list of codes, wherever it stands. */
export const actMarks = ['effective', 'intensity']
export const codeMarks = ['code', 'system']

const folded = (name: string) => name.replaceAll(/[\s_]/g, '').toLowerCase()

class Faults {
  readonly #all: Fault[] = []
  readonly #path: string
  readonly #area: string

  constructor(path: string, area: string) {
    this.#path = path
    this.#area = area
  }

  readonly tell = (code: string, line: number, column: number, message: string): void =>
    void this.#all.push(this.at('error', code, line, column, message))

  at(severity: Fault['severity'], code: string, line: number, column: number, message: string): Fault {
    return { severity, code: `${this.#area}/${code}`, file: this.#path, line, column, message }
  }

  /** @throws FaultyFile where there are any */
  refuse(): void {
    const [first, ...rest] = this.#all.sort((a, b) => a.line - b.line || a.column - b.column)
    if (first) throw new FaultyFile([first, ...rest])
  }
}

/** The rows of a table, each as its schema has it; what is wrong is noted by line and column. */
function readRows<Schema extends z.ZodType>(
  path: string,
  { wanted, optional }: Columns,
  schema: Schema,
  faults: Faults,
): Read<z.output<Schema>>[] {
  const lines = (readCsvLines(path, faults.tell, [',']) ?? []).filter(({ cells }) =>
    cells.some((cell) => cell.text !== ''),
  )
  faults.refuse()
  const names = [...wanted, ...optional]
  const [header, ...body] = lines
  const titles = (header?.cells ?? []).map(({ text: title, column }) => ({
    title,
    column,
    name: names.find((name) => folded(name) === folded(title)),
  }))
  for (const { title, column, name } of titles)
    if (name === undefined)
      faults.tell('header', header?.line ?? 1, column, `unknown column "${title}": there are ${names.join(', ')}`)
  const absent = wanted.filter((name) => !titles.some((one) => one.name === name))
  if (absent.length > 0)
    faults.tell('header', header?.line ?? 1, 1, `no column ${absent.join(', ')}: the first line names the columns`)
  faults.refuse()
  const found: Read<z.output<Schema>>[] = []
  for (const { cells, line } of body) {
    const place = (name: string): CsvCell | undefined => cells[titles.findIndex((one) => one.name === name)]
    const column = (name: string) => place(name)?.column ?? 1
    if (cells.length !== titles.length)
      faults.tell(
        'cells',
        line,
        1,
        `${cells.length} cells under ${titles.length} columns: give each column its own, in quotation marks where it has a comma`,
      )
    const read = schema.safeParse(Object.fromEntries(names.map((name) => [name, place(name)?.text ?? ''])))
    for (const { path: where, message } of read.error?.issues ?? [])
      faults.tell('invalid', line, column(String(where[0])), `${String(where[0])}: ${message}`)
    if (read.success) found.push({ value: read.data, line, column })
  }
  if (body.length === 0) faults.tell('empty', header?.line ?? 1, 1, 'no rows stand below the header')
  return found
}

/**
 * The acts of one file, whose ids join those that are taken.
 * @throws FaultyFile
 */
export function readControls(path: string, taken: Set<string>, home: string | undefined): readonly Control[] {
  const faults = new Faults(path, actColumns.area)
  const rows = readRows(path, actColumns, actSchema(path, home), faults)
  for (const { value, line, column } of rows) {
    if (taken.has(value.id))
      faults.tell('taken', line, column('id'), `id: "${value.id}" is the name of another control: choose another`)
    taken.add(value.id)
  }
  faults.refuse()
  return rows.map(({ value }) => value)
}

/** A list as read from its file. */
export interface ReadList {
  readonly name: string
  readonly codes: readonly ListedCode[]
  /** What loads and is probably not meant. */
  readonly doubts: readonly Fault[]
}

/**
 * The codes of one file, whose name joins those that are taken. A code that its nomenclature has not is a doubt.
 * @throws FaultyFile
 */
export function readList(path: string, taken: Set<string>): ReadList {
  const faults = new Faults(path, codeColumns.area)
  const name = listNamed(path)
  const rows = readRows(path, codeColumns, codeSchema, faults)
  if (taken.has(name))
    faults.tell('taken', 1, 1, `"${name}" is the name of another list or group of products: rename the file`)
  taken.add(name)
  const seen = new Set<string>()
  for (const { value, line, column } of rows) {
    const key = `${value.code} ${value.system} ${value.from}`
    if (seen.has(key)) faults.tell('twice', line, column('code'), `code: ${value.code} stands here twice: take one out`)
    seen.add(key)
  }
  faults.refuse()
  const doubts = rows.flatMap(({ value, line, column }) => {
    const without = editionsWithout(value.code, /\d/.test(value.system) ? value.system : '')
    return without === undefined
      ? []
      : [faults.at('warning', 'product', line, column('code'), `code: ${value.code} is not in ${without}. Mend it`)]
  })
  return { name, codes: rows.map(({ value }) => value), doubts }
}

const listNamed = (path: string) => basename(path).replace(csvEnding, '')

const tablesIn = (folder: string) =>
  filesIn(folder).filter((path) => csvEnding.test(path) && statSync(path, { throwIfNoEntry: false })?.isFile())

/** The lists in the folder `codes` of a folder of controls. */
const listFiles = (folder: string) => tablesIn(join(folder, 'codes'))

let acts: readonly Control[] | undefined

/** The acts that Chokepoint ships. */
function shippedControls(): readonly Control[] {
  acts ??= readControls(join(shippedFolder, 'controls.csv'), new Set(), undefined)
  return acts
}

/** Ids that a control of a user's may not have. */
export const shippedControlIds = (): Set<string> => new Set(shippedControls().map(({ id }) => id))

/** Names that a list of a user's may not have: those of shipped lists and of groups of products. */
export const shippedListNames = (): Set<string> =>
  new Set([...listFiles(shippedFolder).map(listNamed), ...productGroups().map(({ group }) => group)])

/**
 * All acts, the shipped ones and a user's own, `controls/*.csv` under CHOKEPOINT_HOME, by the day from which they are in
 * force.
 * @throws FaultyFile with what is wrong with the first file that has a fault
 */
export function controlsOf(home: string | undefined): readonly Control[] {
  const files = home ? tablesIn(join(home, controlsFolder)) : []
  const taken = shippedControlIds()
  const all = [...shippedControls(), ...files.flatMap((path) => readControls(path, taken, home))]
  return all.sort((a, b) => (a.effective === b.effective ? (a.id < b.id ? -1 : 1) : a.effective < b.effective ? -1 : 1))
}

const shippedCodes = new Map<string, readonly ListedCode[]>()

/** Names of all lists that are files, the shipped ones and a user's own. */
export const listNames = (home: string | undefined): readonly string[] =>
  [shippedFolder, ...(home ? [join(home, controlsFolder)] : [])].flatMap((folder) => listFiles(folder).map(listNamed))

/** What a shipped list is called in a sentence; a user's own by its name. */
export const titleOfList = (name: string): string =>
  table('control-lists.csv').find(({ list }) => list === name)?.['title'] ?? name

/**
 * The codes of a list that is a file; undefined where there is none of this name.
 * @throws FaultyFile
 */
export function codesOfList(name: string, home: string | undefined): readonly ListedCode[] | undefined {
  const read = (folder: string, taken: Set<string>) => {
    const path = listFiles(folder).find((one) => listNamed(one) === name)
    return path === undefined ? undefined : readList(path, taken).codes
  }
  const shipped = shippedCodes.get(name) ?? read(shippedFolder, new Set())
  if (shipped) shippedCodes.set(name, shipped)
  return shipped ?? (home ? read(join(home, controlsFolder), shippedListNames()) : undefined)
}
