import { readFileSync } from 'node:fs'
import { type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api'
import { Refusal } from '../refusal.ts'
import { filesOf, type Prepared, prepare } from './intake.ts'
import { readHeader } from './layout.ts'
import type { LoadOptions, Recognised } from './load.ts'
import { type Loading, rowsOf } from './loading.ts'
import type { Mapping } from './mapping.ts'
import type { Table } from './places.ts'
import { rejectRows, tornRecords } from './rejects.ts'
import { nameCodes } from './resolution.ts'
import type { SourceFile } from './schema.ts'

const stage = readFileSync(new URL('./stage.sql', import.meta.url), 'utf8')

/** What was read: the files with flows, how they are mapped, and the empty cells of tables with a column a period. */
export interface Staged {
  readonly recognised: Recognised | undefined
  readonly files: readonly SourceFile[]
  readonly tables: readonly Table[]
  /** The editions that the files' mappings name, by the number that `staged.form` gives. */
  readonly editions: readonly string[]
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
export async function stageFiles({ db, scratch }: Loading, options: LoadOptions): Promise<Staged> {
  await db.run('create table rejects (file varchar, line bigint, reason varchar, raw varchar)')
  const files: SourceFile[] = []
  const tables: Table[] = []
  const passed: string[] = []
  const editions: string[] = []
  let recognised: Recognised | undefined
  let blank = 0
  let torn_records = 0
  for await (const file of prepare(await filesOf(options.paths), scratch)) {
    options.progress?.(`reading ${file.name}`)
    options.signal?.throwIfAborted()
    const header = await readHeader(db, file)
    const found = options.recognise(file.name, header.names)
    if (found === 'beside') continue
    if (!found) {
      passed.push(`${file.name} (columns ${shortened(header.names)})`)
      continue
    }
    if (!recognised) await createStaged(db, found.mapping)
    recognised ??= found
    checkLike(file, recognised.mapping, found.mapping)
    files.push({ file: file.name, bytes: file.bytes, sha256: file.sha256, encoding: file.encoding })
    const view = header.view(found.mapping, file.name)
    const before = Number((await rowsOf(db, 'select count(*) as n from staged'))[0]?.['n'])
    const { unit, mass_unit, frequency, codes, edition } = found.mapping
    if (!editions.includes(edition)) editions.push(edition)
    const form = editions.indexOf(edition)
    const terms = { unit, mass_unit: grams[mass_unit], frequency, zeros: codes === 'm49' ? 1 : 0, form }
    await db.run(`create or replace temporary view raw as ${view.select}`)
    await db.run('drop table if exists reject_errors')
    await db.run('drop table if exists reject_scans')
    try {
      await db.run(`insert into staged select ${columnsOf(found.mapping).join(', ')} from (${stage})`, terms, termTypes)
      await keepOthers(db, before, terms)
    } catch (error) {
      throw new Refusal(
        'refused',
        'load/unreadable',
        `${file.name}: cannot be read as a table: ${(error as Error).message.split('\n')[0]}. Its line ends or its quotation marks are probably mixed: save it again as CSV`,
      )
    }
    const torn = header.delimited ? await tornRecords(db) : new Map<number, string>()
    const table: Table = {
      file: file.name,
      path: file.path,
      delimiter: header.delimited?.delimiter,
      first: before,
      torn: [...torn.keys()],
      records: view.records,
    }
    tables.push(table)
    await rejectRows(db, table, torn)
    torn_records += torn.size
    if (view.blank) blank += Number((await rowsOf(db, view.blank))[0]?.['n'])
  }
  if (files.length === 0 && passed.length > 0) {
    throw new Refusal(
      'refused',
      'source/unknown',
      `No source knows ${passed[0]}. BACI has t, i, j, k, v, q; Comext has declarant, partner, product, flow, period, value; for any other table say which column is what: --mapping FILE.yaml (docs/bring-your-own.md)`,
    )
  }
  return { recognised, files, tables, editions, blank, torn: torn_records }
}

const termTypes = { unit: INTEGER, mass_unit: INTEGER, frequency: VARCHAR, zeros: INTEGER, form: INTEGER }
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
} as const

/** Columns of `staged`: those that no file has cost as much to write as those that have something in them. */
function columnsOf(mapping: Mapping): (keyof typeof types)[] {
  const optional: readonly string[] = ['edition', 'mass', 'quantity', 'quantity_unit']
  return (Object.keys(types) as (keyof typeof types)[]).filter(
    (name) => !optional.includes(name) || mapping.columns[name as 'mass'],
  )
}

/**
 * Make `staged`, the table of typed rows, and `readable`, what of it has no reason against it. It is read a few times
 * and then gone: compressing it would cost more than it saves. Types of names are in the order of their texts, so that
 * they sort and aggregate like them.
 */
async function createStaged(db: DuckDBConnection, mapping: Mapping): Promise<void> {
  await nameCodes(db, mapping)
  const months = mapping.frequency === 'year' ? '' : `|| lpad(cast(m.month as varchar), 2, '0')`
  await db.run(`create type period_text as enum (select distinct cast(y.year as varchar) ${months}
    from range(1900, 2100) as y(year) cross join range(1, 13) as m(month))`)
  await db.run(`create type side_kind as enum ('exporter', 'importer', 'reconciled')`)
  await db.run(`create type trade_kind as enum ('all', 're-export', 're-import')`)
  await db.run(`create type status_kind as enum ('confidential', 'estimated', 'reported')`)
  await db.run(`set force_compression = 'uncompressed'`)
  const columns = columnsOf(mapping)
  await db.run(`create table staged (${columns.map((name) => `${name} ${types[name]}`).join(', ')})`)
  const names = Object.keys(types) as (keyof typeof types)[]
  const all = names.map((name) => (columns.includes(name) ? name : `cast(null as ${types[name]}) as ${name}`))
  await db.run(`create view readable as select rowid as place, ${all.join(', ')} from staged where reason is null`)
  await db.run('create table others (place bigint, importer varchar, exporter varchar)')
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

/** One dataset has one frequency, one currency and one form; only the edition may change from file to file. */
function checkLike(file: Prepared, first: Mapping, here: Mapping): void {
  if (JSON.stringify(first) === JSON.stringify(here)) return
  const form = ({ edition: _, title: __, vintage: ___, ...rest }: Mapping) => JSON.stringify(rest)
  const what =
    first.frequency !== here.frequency
      ? 'frequency'
      : first.currency !== here.currency
        ? 'currency'
        : first.edition === here.edition || form(first) !== form(here)
          ? 'form'
          : undefined
  if (what)
    throw new Refusal(
      'refused',
      'load/mixed',
      `${file.name}: another ${what} than the files before it. One dataset has one frequency, one currency and one form: load it under another name`,
    )
}

function shortened(columns: readonly string[]): string {
  const first = columns.slice(0, 8).map((column) => column.slice(0, 30))
  return `${first.join(', ')}${columns.length > 8 ? ', …' : ''}`
}
