import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { writeRows } from '../engine/duckdb.ts'
import type { Cell, Limits } from '../engine/engine.ts'
import { lineEnds } from '../reference/csv-file.ts'
import { readYaml } from '../reference/yaml-file.ts'
import { Refusal } from '../refusal.ts'
import { filesOf, type Prepared, prepare } from './intake.ts'
import { columnRepeated } from './layout.ts'
import { type Loading, publishWhole } from './loading.ts'
import { manifestBase, storeManifest } from './manifest.ts'
import type { TableManifest } from './schema.ts'
import { tableFiles } from './store.ts'
import { tableKinds } from './tables/index.ts'
import type { PlacedRow, TableKind } from './tables/table-kind.ts'

/** Where a small table comes from, as its user says in a YAML file: it does not say so itself. */
export const descriptionSchema = z.strictObject({
  title: z.string().default(''),
  publisher: z.string().default(''),
  vintage: z.string().default(''),
  licence: z.string().default(''),
  url: z.string().default(''),
  note: z.string().default(''),
})

export interface TableLoadOptions {
  readonly home: string
  readonly as: string
  readonly paths: readonly string[]
  /** A YAML file with title, publisher, vintage, licence, url and note. */
  readonly description?: string
  readonly limits?: Limits
  readonly toolVersion: string
}

type Row = Readonly<Record<string, Cell>>

interface Reject {
  readonly file: string
  readonly line: number
  readonly reason: string
  readonly raw: string
}

/** Longer first lines belong to no small table. */
const longestHeader = 65_536

/** The kind of small table that the first of the files is, by its header; undefined where it is something else. */
export async function tableKindOf(paths: readonly string[]): Promise<TableKind | undefined> {
  const [first] = await filesOf(paths)
  if (first === undefined) return undefined
  const handle = await open(first)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestHeader), 0, longestHeader, 0)
    const line = buffer.subarray(0, bytesRead).toString('utf8').split(/\r?\n/, 1)[0] ?? ''
    const names = line.split(/[,;\t]/).map((name) =>
      name
        .replace(/^\uFEFF/, '')
        .replace(/^"|"$/g, '')
        .trim()
        .toLowerCase(),
    )
    return tableKinds.find(({ marks }) => marks.every((mark) => names.includes(mark)))
  } finally {
    await handle.close()
  }
}

/**
 * Load small tables of one kind as a new version of a dataset. Rows that cannot be read stand in its reject table with
 * their line and reason; what is wrong with the table as a whole refuses it.
 * @throws Refusal naming file, line and remedy
 */
export async function loadTable(kind: TableKind, options: TableLoadOptions): Promise<TableManifest> {
  const about = options.description
    ? readYaml(options.description, 'mapping').as(descriptionSchema)
    : descriptionSchema.parse({})
  return publishWhole(options, async (loading, name) => {
    const rows: Row[] = []
    const rejected: Reject[] = []
    const files: Prepared[] = []
    const notes: string[] = []
    for await (const file of prepare(await filesOf(options.paths), loading.scratch)) {
      const read = readTable(kind, file)
      files.push(file)
      for (const placed of read.rows) rows.push(placed.row)
      for (const reject of read.rejected) rejected.push(reject)
      if (read.unread.length > 0) notes.push(`${file.name}: columns not read: ${read.unread.join(', ')}.`)
    }
    if (rows.length === 0) {
      const first = rejected[0]
      throw new Refusal(
        'refused',
        'load/empty',
        `${options.paths.join(', ')}: no row can be kept${first ? `; the first is ${first.file}, line ${first.line}: ${first.reason}` : ''}`,
      )
    }
    await writeParts(kind, rows, rejected, loading)
    const months = [...new Set(rows.flatMap((row) => kind.span(row)).filter((month) => month !== null))]
    const account = { rows: { in: rows.length + rejected.length, kept: rows.length, rejected: rejected.length } }
    const base = await manifestBase(
      loading.folder,
      {
        name,
        source: kind.kind,
        mapping: about,
        files: files.map(({ name: file, bytes, sha256, encoding }) => ({ file, bytes, sha256, encoding })),
        options: {},
        account,
        reject_reasons: counted(rejected.map((one) => one.reason)),
        notes,
        toolVersion: options.toolVersion,
        now: new Date(),
      },
      rows.map((row) => JSON.stringify(row)).sort(),
      Object.values(tableFiles),
    )
    const manifest: TableManifest = {
      ...base,
      kind: kind.kind,
      periods: months.length > 0 ? [Math.min(...months), Math.max(...months)] : [],
      account,
    }
    await storeManifest(loading.folder, manifest)
    return manifest
  })
}

function counted(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const reason of [...reasons].sort()) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

async function writeParts(
  kind: TableKind,
  rows: readonly Row[],
  rejected: readonly Reject[],
  { db, folder }: Loading,
): Promise<void> {
  const cells = rows.map((row) => kind.columns.map(({ name }) => row[name] ?? null))
  await writeRows(db, kind.columns, cells, join(folder, tableFiles.rows))
  await writeRows(
    db,
    [
      { name: 'file', type: 'text' },
      { name: 'line', type: 'integer' },
      { name: 'reason', type: 'text' },
      { name: 'raw', type: 'text' },
    ],
    rejected.map((one) => [one.file, one.line, one.reason, one.raw]),
    join(folder, tableFiles.reject),
  )
}

/** The rows of one file, each with its line. */
function readTable(kind: TableKind, file: Prepared) {
  const refuse = (line: number, code: string, message: string) =>
    new Refusal('refused', `load/${code}`, `${file.name}, line ${line}: ${message}`)
  if (file.format !== 'text')
    throw refuse(1, 'unreadable', `a table of ${kind.kind}s is read as CSV, not as ${file.format}`)
  const text = readFileSync(file.path, 'utf8')
  const first = text.split(/\r?\n/, 1)[0] ?? ''
  const delimiter = [',', ';', '\t'].sort((a, b) => first.split(b).length - first.split(a).length)[0] as string
  let header: string[] = []
  let records: { record: Record<string, string>; raw: string; info: { lines: number } }[]
  try {
    records = parse(text, {
      delimiter,
      bom: true,
      trim: true,
      info: true,
      raw: true,
      record_delimiter: lineEnds,
      skip_empty_lines: true,
      columns: (names: string[]) => {
        header = names.map((name) => name.toLowerCase())
        return header
      },
    }) as unknown as typeof records
  } catch (error) {
    const { message, lines } = error as Error & { lines?: number }
    throw refuse(lines ?? 1, 'unreadable', `${message}. Save it again as CSV`)
  }
  const lacking = kind.marks.filter((mark) => !header.includes(mark))
  if (lacking.length > 0)
    throw refuse(1, 'columns', `no column ${lacking.join(', ')}: a table of ${kind.kind}s has ${kind.reads.join(', ')}`)
  const repeated = header.find((name, at) => kind.reads.includes(name) && header.indexOf(name) !== at)
  if (repeated) throw columnRepeated(file.name, 1, repeated)
  const rows: PlacedRow<Row>[] = []
  const rejected: Reject[] = []
  for (const { record, raw, info } of records) {
    // The parser counts lines at a record's end; quoted line breaks are the record's own.
    const line = info.lines - (raw.trimEnd().split('\n').length - 1)
    const parsed = kind.row.safeParse(record)
    if (parsed.success) rows.push({ line, row: parsed.data })
    else {
      const issue = parsed.error.issues[0]
      const column = issue?.path[0] === undefined ? '' : `${String(issue.path[0])}: `
      rejected.push({ file: file.name, line, reason: `${column}${issue?.message}`, raw: raw.trimEnd().slice(0, 400) })
    }
  }
  kind.check(rows, refuse)
  return { rows, rejected, unread: header.filter((name) => !kind.reads.includes(name)) }
}
