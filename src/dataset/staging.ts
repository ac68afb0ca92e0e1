import { readFileSync } from 'node:fs'
import { quoted } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import { openEnvelope } from './envelope.ts'
import { filesOf, type Prepared, prepare } from './intake.ts'
import { readHeader } from './layout.ts'
import type { LoadOptions, Recognised } from './load.ts'
import { type Loading, rowsOf } from './loading.ts'
import type { Mapping } from './mapping.ts'
import type { Table } from './places.ts'
import { rejectRows, tornRecords } from './rejects.ts'
import { type SourceFile, statusWords } from './schema.ts'

const stage = readFileSync(new URL('./stage.sql', import.meta.url), 'utf8')

/** What was read: the files with flows, how they are mapped, and the empty cells of tables with a column a period. */
export interface Staged {
  readonly recognised: Recognised | undefined
  readonly files: readonly SourceFile[]
  readonly tables: readonly Table[]
  readonly blank: number
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
  await db.run(`create table staged (period integer, year usmallint, importer varchar, exporter varchar, product varchar, level utinyint,
    edition varchar, side varchar, trade varchar, status varchar, value decimal(38, 12), mass bigint, quantity bigint,
    quantity_unit varchar, reason varchar, part varchar, source varchar)`)
  await db.run(`create table status_words as select unnest([${statusWords.map(quoted).join(', ')}]) as word`)
  await db.run('create table rejects (file varchar, line bigint, reason varchar, raw varchar)')
  const files: SourceFile[] = []
  const tables: Table[] = []
  const passed: string[] = []
  let recognised: Recognised | undefined
  let blank = 0
  for await (const prepared of prepare(await filesOf(options.paths), scratch)) {
    options.progress?.(`reading ${prepared.name}`)
    options.signal?.throwIfAborted()
    const { file, columns, said } = await openEnvelope(prepared, scratch)
    const header = await readHeader(db, file, columns)
    const found = options.recognise(file.name, header.names, header.first)
    if (found === 'beside') continue
    if (!found) {
      const words = Object.entries(said).map(([name, value]) => `${name} ${value.slice(0, 200)}`)
      if (words.length > 0)
        throw new Refusal(
          'refused',
          'load/answer',
          `${file.name}: an answer without rows, which says ${words.join(', ')}. Ask the service again`,
        )
      passed.push(`${file.name} (columns ${shortened(header.names)})`)
      continue
    }
    recognised ??= found
    checkLike(file, recognised.mapping, found.mapping)
    files.push({ file: file.name, bytes: file.bytes, sha256: file.sha256, encoding: file.encoding })
    const view = header.view(found.mapping, file.name)
    const before = Number((await rowsOf(db, 'select count(*) as n from staged'))[0]?.['n'])
    await db.run(`create or replace temporary table terms as select cast(${Math.trunc(found.mapping.unit)} as decimal(10, 0)) as unit,
      cast(${{ t: 1_000_000, kg: 1000, g: 1 }[found.mapping.mass_unit]} as decimal(10, 0)) as mass_unit,
      ${quoted(found.mapping.frequency)} as frequency, ${quoted(found.mapping.edition)} as edition,
      ${found.mapping.zero_mass === 'unknown'} as zero_is_unknown,
      ${found.mapping.kind === 'production'} as mass_suffices`)
    await db.run(`create or replace temporary view raw as ${view.select}`)
    await db.run('drop table if exists reject_errors')
    await db.run('drop table if exists reject_scans')
    try {
      await db.run(stage)
    } catch (error) {
      throw new Refusal(
        'refused',
        'load/unreadable',
        `${file.name}: cannot be read as a table: ${(error as Error).message.split('\n')[0]}. Its line ends or its quotation marks are probably mixed: save it again as CSV`,
      )
    }
    const read = Number((await rowsOf(db, 'select count(*) as n from staged'))[0]?.['n']) - before
    if (found.mapping.cut_at?.includes(read))
      throw new Refusal(
        'refused',
        'load/cut',
        `${file.name}: exactly ${read.toLocaleString('en')} rows, where ${found.mapping.publisher || 'the publisher'} cuts a table short: rows are missing. Ask for fewer reporters, partners or products at a time`,
      )
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
    if (view.blank) blank += Number((await rowsOf(db, view.blank))[0]?.['n'])
  }
  if (files.length === 0 && passed.length > 0) {
    throw new Refusal(
      'refused',
      'source/unknown',
      `No source knows ${passed[0]}. BACI has t, i, j, k, v, q; Comext has declarant, partner, product, flow, period, value; for any other table say which column is what: --mapping FILE.yaml (docs/bring-your-own.md)`,
    )
  }
  return { recognised, files, tables, blank }
}

/** What all files of a dataset must agree in; how their columns are named may differ, and so may their editions. */
const alike = {
  kind: 'kind of rows',
  publisher: 'publisher',
  frequency: 'frequency',
  currency: 'currency',
  valuation: 'valuation',
  codes: 'scheme of codes',
  partners_complete: 'claim of partners_complete',
  products_complete: 'claim of products_complete',
  world_check: 'claim of world totals',
  estimated: 'list of estimates',
  on_conflict: 'rule for contradicting rows',
} as const

function checkLike(file: Prepared, first: Mapping, here: Mapping): void {
  for (const [term, word] of Object.entries(alike) as [keyof typeof alike, string][])
    if (JSON.stringify(first[term]) !== JSON.stringify(here[term]))
      throw new Refusal(
        'refused',
        'load/mixed',
        `${file.name}: another ${word} than the files before it. One dataset has one frequency, one currency and one form: load it under another name`,
      )
}

function shortened(columns: readonly string[]): string {
  const first = columns.slice(0, 8).map((column) => column.slice(0, 30))
  return `${first.join(', ')}${columns.length > 8 ? ', …' : ''}`
}
