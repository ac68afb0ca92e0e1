import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api'
import { identifier, quoted } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import type { Course } from './course.ts'
import { openEnvelope } from './envelope.ts'
import { bytesOf, filesOf, type Prepared, prepare } from './intake.ts'
import { type Header, readHeader, type View } from './layout.ts'
import type { LoadOptions, Recognised } from './load.ts'
import { type Loading, rowsOf } from './loading.ts'
import { isOfMachine, saidOf } from './machine-failure.ts'
import type { Mapping } from './mapping.ts'
import type { Table } from './places.ts'
import { type TornRecord, writeWithout } from './records.ts'
import { rejectRows, tornRows } from './rejects.ts'
import { nameCodes } from './resolution.ts'
import { type SourceFile, statusWords } from './schema.ts'

const stage = readFileSync(new URL('./stage.sql', import.meta.url), 'utf8')

/** What was read: the files with flows, how they are mapped, and the empty cells of tables with a column a period. */
export interface Staged {
  readonly recognised: Recognised | undefined
  readonly files: readonly SourceFile[]
  readonly tables: readonly Table[]
  /** The editions that the files' mappings name, by the number that `staged.form` gives. */
  readonly editions: readonly string[]
  /** Optional columns that some file gives, and `side` and `trade` where rows differ in them. */
  readonly columns: ReadonlySet<string>
  readonly blank: number
  /** Records that the reader could not split. */
  readonly torn: number
}

/** The files of a load for a message, the first few by name. */
export function named(staged: Staged): string {
  const names = staged.files.map((file) => file.file)
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

/**
 * Read the files into `staged`, a row a flow in the order of the files, and into `rejects` what cannot be read.
 * @throws Refusal where no source knows any file, or where files do not belong into one dataset
 */
export async function stageFiles({ db, scratch }: Loading, options: LoadOptions, course: Course): Promise<Staged> {
  await db.run('create table rejects (file varchar, line bigint, reason varchar, raw varchar)')
  await db.run('create table listed (code varchar)')
  const files: SourceFile[] = []
  const tables: Table[] = []
  const passed: string[] = []
  const editions: string[] = []
  const held = new Set<string>()
  let recognised: Recognised | undefined
  let blank = 0
  let torn_records = 0
  const sources = await filesOf(options.paths)
  const bytes = await bytesOf(sources)
  let behind = 0
  for await (const prepared of prepare(sources, scratch, options.workbook)) {
    const { size } = await stat(prepared.path)
    course.read(prepared.name, { bytes: size, behind: behind / bytes, part: prepared.packed / bytes })
    behind += prepared.packed
    options.signal?.throwIfAborted()
    const { file, columns, said } = await openEnvelope(prepared, scratch)
    const header = await readHeader(db, file, columns)
    const found = options.recognise(file.name, header.names, header.first)
    if (found === 'beside') {
      await keepListed(db, file, header)
      continue
    }
    if (!found) {
      const words = Object.entries(said).map(([name, value]) => `${name} ${value.slice(0, 200)}`)
      if (words.length > 0 && columns === undefined)
        throw new Refusal(
          'refused',
          'load/answer',
          `${file.name}: an answer without rows, which says ${words.join(', ')}. Ask the service again`,
        )
      passed.push(`${file.name} (columns ${shortened(header.names)})`)
      continue
    }
    if (!recognised) await createStaged(db, found.mapping)
    recognised ??= found
    checkLike(file, recognised.mapping, found.mapping)
    files.push({ file: file.name, bytes: file.bytes, sha256: file.sha256, encoding: file.encoding })
    const before = Number((await rowsOf(db, 'select count(*) as n from staged'))[0]?.['n'])
    const { unit, mass_unit, frequency, codes, edition, zero_mass, kind } = found.mapping
    const given = optional.filter((name) => isGiven(found.mapping, name))
    for (const name of given) if (!held.has(name)) await db.run(`alter table staged add column ${name} ${types[name]}`)
    for (const name of [...given, ...varying(recognised.mapping, found.mapping)]) held.add(name)
    if (!editions.includes(edition)) editions.push(edition)
    const form = editions.indexOf(edition)
    const terms = {
      unit,
      mass_unit: grams[mass_unit],
      frequency,
      zeros: codes === 'm49' ? 1 : 0,
      zero_mass: zero_mass === 'unknown' ? 1 : 0,
      mass_suffices: kind === 'production' ? 1 : 0,
      form,
    }
    const into = [...required, ...given].join(', ')
    const readRows = async (path: string): Promise<View> => {
      const view = await viewOnce(db, header, found.mapping, file.name, path)
      await db.run(`create or replace temporary view raw as ${view.select}`)
      try {
        await db.run(`insert into staged (${into}) select ${into} from (${stage})`, terms, termTypes)
        return view
      } catch (error) {
        options.signal?.throwIfAborted()
        throw isOfMachine(error) ? error : unreadable({ name: file.name, path }, error)
      }
    }
    const { view, torn } = await readWhole(file, header, scratch, readRows)
    await keepOthers(db, before, terms)
    const read = Number((await rowsOf(db, 'select count(*) as n from staged'))[0]?.['n']) - before
    if (found.mapping.cut_at?.includes(read))
      throw new Refusal(
        'refused',
        'load/cut',
        `${file.name}: exactly ${read.toLocaleString('en')} rows, where ${found.mapping.publisher || 'the publisher'} cuts a table short: rows are missing. Ask for fewer reporters, partners or products at a time`,
      )
    const table: Table = {
      file: file.name,
      path: file.path,
      delimiter: header.delimited?.delimiter,
      headerLine: file.headerLine ?? 1,
      first: before,
      torn: new Set(torn.map(({ start }) => start)),
      records: view.records,
    }
    tables.push(table)
    await rejectRows(db, table, torn)
    torn_records += torn.length
    if (view.blank) blank += Number((await rowsOf(db, view.blank))[0]?.['n'])
  }
  if (files.length === 0 && passed.length > 0) {
    throw new Refusal(
      'refused',
      'source/unknown',
      `No source knows ${passed[0]}. BACI has t, i, j, k, v, q; Comext has declarant, partner, product, flow, period, value; for any other table say which column is what: --mapping FILE.yaml (docs/bring-your-own.md)`,
    )
  }
  if (recognised) await viewReadable(db, held)
  return { recognised, files, tables, editions, columns: held, blank, torn: torn_records }
}

/**
 * Read the rows of a file: as it is where each is whole, else from a copy without those that are torn. The engine would
 * pass over these, but not say of all that it did.
 * @throws Refusal where it cannot be read even so
 */
async function readWhole(
  file: Prepared,
  header: Header,
  scratch: string,
  readRows: (path: string) => Promise<View>,
): Promise<{ readonly view: View; readonly torn: readonly TornRecord[] }> {
  try {
    return { view: await readRows(file.path), torn: [] }
  } catch (error) {
    const split = error instanceof Refusal && error.code === 'load/unreadable' && header.delimited
    const torn = split ? await tornRows(file, split) : []
    if (torn.length === 0) throw error
    const path = join(scratch, `whole-${randomUUID()}`)
    await writeWithout(torn, file.path, path)
    return { view: await readRows(path), torn }
  }
}

const unreadable = (file: { readonly name: string; readonly path: string }, error: unknown) =>
  new Refusal(
    'refused',
    'load/unreadable',
    `${file.name}: cannot be read as a table: ${saidOf(error, file)}. Its line ends or its quotation marks are probably mixed: save it again as CSV`,
  )

/** How a file is read: where each of its flows stands in two columns, in the first of them alone. */
async function viewOnce(
  db: DuckDBConnection,
  header: Header,
  mapping: Mapping,
  file: string,
  path: string,
): Promise<View> {
  const view = header.view(mapping, file, path)
  if (!view.mirrored) return view
  // A file that cannot be read is told of when its rows are.
  const [found] = await rowsOf(db, view.mirrored).catch(() => [])
  if (!found?.['twice']) return view
  const exports = Object.entries(mapping.flow_columns ?? {}).filter(([, flow]) => flow.endsWith('export'))
  return header.view({ ...mapping, flow_columns: Object.fromEntries(exports) }, file, path)
}

const termTypes = {
  unit: INTEGER,
  mass_unit: INTEGER,
  frequency: VARCHAR,
  zeros: INTEGER,
  zero_mass: INTEGER,
  mass_suffices: INTEGER,
  form: INTEGER,
}
const grams = { t: 1_000_000, kg: 1000, g: 1 } as const

const types = {
  period: 'integer',
  importer: 'code_text',
  exporter: 'code_text',
  product: 'bigint',
  form: 'usmallint',
  edition: 'varchar',
  side: 'side_kind',
  trade: 'trade_kind',
  status: 'status_kind',
  value: 'bigint',
  rest: 'decimal(18, 12)',
  mass: 'bigint',
  quantity: 'bigint',
  quantity_unit: 'varchar',
  reason: 'varchar',
  part: 'varchar',
  source: 'varchar',
} as const

/** Columns that no file has cost as much to write as those that have something in them: they are made when one has. */
const optional = ['edition', 'mass', 'quantity', 'quantity_unit', 'part', 'source'] as const
const required = Object.keys(types).filter((name) => !(optional as readonly string[]).includes(name))

const isGiven = (mapping: Mapping, name: (typeof optional)[number]) =>
  name === 'part' ? mapping.only !== undefined || mapping.except !== undefined : mapping.columns[name] !== undefined

/** Which of `side` and `trade` differ from row to row, or from file to file. */
function varying(first: Mapping, here: Mapping): string[] {
  if (here.columns.flow || here.flow_columns) return ['side', 'trade']
  return here.columns.side || here.side !== first.side ? ['side'] : []
}

/**
 * Make `staged`, the table of typed rows. It is read a few times and then gone: compressing it would cost more than it saves. Types of names are in the order of their texts, so that
 * they sort and aggregate like them.
 */
async function createStaged(db: DuckDBConnection, mapping: Mapping): Promise<void> {
  await nameCodes(db, mapping)
  const spelt =
    mapping.frequency === 'year'
      ? 'from range(1900, 2100)'
      : 'from range(190001, 210000) where range % 100 between 1 and 12'
  await db.run(`create type period_text as enum (select cast(range as varchar) ${spelt})`)
  await db.run(`create type side_kind as enum ('exporter', 'importer', 'production', 'reconciled')`)
  await db.run(`create type trade_kind as enum ('all', 're-export', 're-import')`)
  await db.run(`create type status_kind as enum (${[...statusWords].sort().map(quoted).join(', ')})`)
  await db.run(`set force_compression = 'uncompressed'`)
  await db.run(`create table staged (${required.map((name) => `${name} ${types[name as 'period']}`).join(', ')})`)
  await db.run('create table others (place bigint, importer varchar, exporter varchar)')
}

/** Make `readable`, what of `staged` has no reason against it. */
async function viewReadable(db: DuckDBConnection, held: ReadonlySet<string>): Promise<void> {
  const lacking = optional.map((name) => (held.has(name) ? name : `cast(null as ${types[name]}) as ${name}`))
  await db.run(
    `create view readable as select rowid as place, ${[...required, ...lacking].join(', ')} from staged where reason is null`,
  )
}

/** Keep the codes of a publisher’s list of economies: one that has no row may have been dropped. */
async function keepListed(db: DuckDBConnection, file: Prepared, { names, first, delimited }: Header): Promise<void> {
  const column = names.find((name) => name.toLowerCase() === 'country_code')
  if (column && first && delimited)
    await db.run(
      `insert into listed select trim(${identifier(column)}) from read_csv(${quoted(file.path)}, header = false, skip = 1,
         names = [${names.map(quoted).join(', ')}], delim = ${quoted(delimited.delimiter)}, all_varchar = true, ignore_errors = true)`,
    )
}

/** Keep the codes that the scheme does not have, with the places of their rows: they are rare, and read once more. */
async function keepOthers(db: DuckDBConnection, first: number, terms: Record<string, string | number>): Promise<void> {
  const other = 'reason is null and (importer is null or exporter is null)'
  const some = await rowsOf(db, `select 1 from staged where rowid >= ${first} and ${other} limit 1`)
  if (some.length > 0)
    await db.run(
      `insert into others select place, importer_other, exporter_other
       from (select *, row_number() over () - 1 + ${first} as place from (${stage})) where ${other}`,
      terms,
      termTypes,
    )
}

/** What all files of a dataset must agree in; how their columns are named may differ, and so may their editions. */
const alike = {
  kind: 'kind of rows',
  publisher: 'publisher',
  frequency: 'frequency',
  currency: 'currency',
  valuation: 'valuation',
  codes: 'scheme of codes',
  economies: 'list of economies',
  partners_complete: 'claim of partners_complete',
  products_complete: 'claim of products_complete',
  world_check: 'claim of world totals',
  estimated: 'list of estimates',
  on_conflict: 'rule for contradicting rows',
} as const

function checkLike(file: Prepared, first: Mapping, here: Mapping): void {
  const terms = Object.entries(alike) as [keyof typeof alike, string][]
  const other = terms.find(([term]) => JSON.stringify(first[term]) !== JSON.stringify(here[term]))?.[1]
  const revised = first.edition === here.edition && first.vintage !== here.vintage
  if (other || revised)
    throw new Refusal(
      'refused',
      'load/mixed',
      `${file.name}: another ${other ?? 'vintage of one edition'} than the files before it. One dataset has one frequency, one currency and one form: load it under another name`,
    )
}

function shortened(columns: readonly string[]): string {
  const first = columns.slice(0, 8).map((column) => column.slice(0, 30))
  return `${first.join(', ')}${columns.length > 8 ? ', …' : ''}`
}
