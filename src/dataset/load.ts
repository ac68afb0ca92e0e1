import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { duckdbInstance } from '../engine/duckdb.ts'
import { type Limits, quoted } from '../engine/engine.ts'
import { economyCodes } from '../reference/economy-codes.ts'
import { referenceVersion } from '../reference/reference-version.ts'
import { Refusal } from '../refusal.ts'
import { describeDoubts } from './doubts.ts'
import { filesOf, fingerprint, prepare } from './intake.ts'
import { readHeader, recordPlaces } from './layout.ts'
import type { Mapping } from './mapping.ts'
import { type Account, type Coverage, type FlowManifest, type Side, type SourceFile, schemaVersion } from './schema.ts'
import { checkName, datasetsFolder, publish, storedFiles } from './store.ts'

/** What recognises a publisher's files and how it maps them: a source, or a user's own mapping. */
export interface Recognised {
  readonly source: string
  readonly mapping: Mapping
}

export interface LoadOptions {
  readonly home: string
  readonly as: string
  readonly paths: readonly string[]
  /** Chooses the mapping by file name and header; undefined where the file is no table of flows. */
  readonly recognise: (file: string, header: readonly string[]) => Recognised | 'beside' | undefined
  readonly onConflict?: 'stop' | 'sum' | 'first' | 'largest'
  readonly keepUnmapped?: boolean
  readonly limits?: Limits
  readonly toolVersion: string
  readonly now?: Date
  readonly signal?: AbortSignal
  readonly progress?: (line: string) => void
}

type Row = Record<string, unknown>

const mostRejects = 100_000

const text = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

/**
 * Load publishers' files as a new version of a dataset.
 *
 * Every row read is kept, set aside or rejected, with the reason, and the account of rows and values is checked before
 * anything becomes visible; a load that ends early leaves what was there.
 * @throws Refusal where a file cannot be read as flows, a code is unknown, or rows contradict each other
 */
export async function load(options: LoadOptions): Promise<FlowManifest> {
  const name = checkName(options.as)
  const at = join(datasetsFolder(options.home), name)
  await mkdir(at, { recursive: true })
  await sweep(at)
  const folder = join(at, `.loading-${process.pid}-${randomBytes(4).toString('hex')}`)
  const scratch = join(folder, 'scratch')
  await mkdir(scratch, { recursive: true })
  const instance = await duckdbInstance(
    join(scratch, 'load.duckdb'),
    { memory: 1_200_000_000, ...options.limits },
    scratch,
  )
  const connection = await instance.connect()
  const stop = () => connection.interrupt()
  options.signal?.addEventListener('abort', stop)
  const loading = new Loading(connection, options, folder, scratch)
  try {
    const manifest = await loading.run(name)
    connection.closeSync()
    instance.closeSync()
    await rm(scratch, { recursive: true, force: true })
    await publish(options.home, name, manifest.version, folder)
    return manifest
  } catch (error) {
    if (options.signal?.aborted)
      throw new Refusal('interrupted', 'load/interrupted', 'interrupted; the previous version is untouched')
    if (
      error instanceof Error &&
      /No space left|disk|Out of Memory/i.test(error.message) &&
      !(error instanceof Refusal)
    ) {
      throw new Refusal(
        'refused',
        'load/space',
        `the load ran out of room: ${error.message.split('\n')[0]}. The previous version is untouched`,
      )
    }
    throw error
  } finally {
    options.signal?.removeEventListener('abort', stop)
    try {
      connection.closeSync()
      instance.closeSync()
    } catch {
      // Closed already, on the way to publication.
    }
    await rm(folder, { recursive: true, force: true })
  }
}

/** Remove what loads that were killed have left behind. */
async function sweep(at: string): Promise<void> {
  for (const entry of await readdir(at)) {
    const owner = /^(?:\.loading-|current\.)(\d+)[-.]/.exec(entry)?.[1]
    if (owner && Number(owner) !== process.pid && !alive(Number(owner)))
      await rm(join(at, entry), { recursive: true, force: true })
  }
}

function alive(process_id: number): boolean {
  try {
    process.kill(process_id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

class Loading {
  readonly #db: DuckDBConnection
  readonly #options: LoadOptions
  readonly #folder: string
  readonly #scratch: string
  readonly #files: SourceFile[] = []
  #recognised: Recognised | undefined
  #blank = 0

  constructor(db: DuckDBConnection, options: LoadOptions, folder: string, scratch: string) {
    this.#db = db
    this.#options = options
    this.#folder = folder
    this.#scratch = scratch
  }

  async run(name: string): Promise<FlowManifest> {
    await this.#stage()
    const recognised = this.#recognised
    if (!recognised)
      throw new Refusal(
        'refused',
        'load/nothing',
        `${this.#options.paths.join(', ')}: no file with trade flows among these`,
      )
    const mapping = recognised.mapping
    const notes: string[] = []
    await this.#resolve(mapping, notes)
    await this.#duplicates(notes)
    const derived = mapping.world_check ? await this.#worldCheck(notes) : { rows: 0, value: '0' }
    await this.#report(mapping)
    const account = await this.#account(derived)
    return this.#write(name, recognised, account, notes)
  }

  async #rows(sql: string, values?: Record<string, string | bigint>): Promise<Row[]> {
    const reader = await this.#db.runAndReadAll(sql, values)
    return reader.getRowObjectsJS() as Row[]
  }

  /** The files of this load for a message, the first few by name. */
  #named(): string {
    const names = this.#files.map((file) => file.file)
    return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
  }

  async #stage(): Promise<void> {
    const options = this.#options
    await this.#db.run(`create table staged (period integer, year usmallint, importer varchar, exporter varchar, product varchar, level utinyint,
      edition varchar, side varchar, trade varchar, status varchar, value decimal(38, 12), mass bigint, quantity bigint,
      quantity_unit varchar, reason varchar)`)
    await this.#db.run('create table rejects (file varchar, line bigint, reason varchar, raw varchar)')
    const stage = text('./stage.sql')
    const passed: string[] = []
    for await (const file of prepare(await filesOf(options.paths), this.#scratch)) {
      options.progress?.(`reading ${file.name}`)
      options.signal?.throwIfAborted()
      const header = await readHeader(this.#db, file)
      const found = options.recognise(file.name, header.names)
      if (found === 'beside') continue
      if (!found) {
        passed.push(
          `${file.name} (columns ${header.names
            .slice(0, 8)
            .map((column) => column.slice(0, 30))
            .join(', ')}${header.names.length > 8 ? ', …' : ''})`,
        )
        continue
      }
      if (this.#recognised && JSON.stringify(this.#recognised.mapping) !== JSON.stringify(found.mapping)) {
        const before = this.#recognised.mapping
        const what =
          before.frequency !== found.mapping.frequency
            ? 'frequency'
            : before.currency !== found.mapping.currency
              ? 'currency'
              : before.edition !== found.mapping.edition
                ? 'edition'
                : 'form'
        if (what !== 'edition')
          throw new Refusal(
            'refused',
            'load/mixed',
            `${file.name}: another ${what} than the files before it. One dataset has one frequency, one currency and one form: load it under another name`,
          )
      }
      this.#recognised ??= found
      this.#files.push({ file: file.name, bytes: file.bytes, sha256: file.sha256, encoding: file.encoding })
      const view = header.view(found.mapping, file.name)
      const before = Number((await this.#rows('select count(*) as n from staged'))[0]?.['n'])
      await this.#db.run(`create or replace temporary table terms as select cast(${Math.trunc(found.mapping.unit)} as decimal(10, 0)) as unit,
        cast(${{ t: 1_000_000, kg: 1000, g: 1 }[found.mapping.mass_unit]} as decimal(10, 0)) as mass_unit,
        ${quoted(found.mapping.frequency)} as frequency, ${quoted(found.mapping.edition)} as edition`)
      await this.#db.run(`create or replace temporary view raw as ${view.select}`)
      await this.#db.run('drop table if exists reject_errors')
      await this.#db.run('drop table if exists reject_scans')
      try {
        await this.#db.run(stage)
      } catch (error) {
        throw new Refusal(
          'refused',
          'load/unreadable',
          `${file.name}: cannot be read as a table: ${(error as Error).message.split('\n')[0]}. Its line ends or its quotation marks are probably mixed: save it again as CSV`,
        )
      }
      await this.#rejects(file, header.delimited, before, view.blank === undefined)
      if (view.blank) this.#blank += Number((await this.#rows(view.blank))[0]?.['n'])
    }
    if (this.#files.length === 0 && passed.length > 0) {
      throw new Refusal(
        'refused',
        'source/unknown',
        `No source knows ${passed[0]}. BACI has t, i, j, k, v, q; Comext has declarant, partner, product, flow, period, value; for any other table say which column is what: --mapping FILE.yaml (docs/bring-your-own.md)`,
      )
    }
  }

  /** Rows that the reader could not split and rows that could not be understood, with their lines. */
  async #rejects(
    file: { name: string; path: string },
    delimited: { delimiter: string } | undefined,
    before: number,
    onePerRecord: boolean,
  ): Promise<void> {
    const bad = await this.#rows(
      `select rowid - ${before} as position, reason from staged where rowid >= ${before} and reason is not null order by rowid limit ${mostRejects + 1}`,
    )
    const torn = delimited
      ? await this.#rows(
          `select line_byte_position as byte, min(error_type) as kind from reject_errors group by line_byte_position order by line_byte_position limit ${mostRejects + 1}`,
        )
      : []
    if (bad.length === 0 && torn.length === 0) return
    const wanted = new Set(bad.map((row) => Number(row['position'])))
    const bytes = torn.map((row) => Number(row['byte']))
    const places = delimited ? await recordPlaces(file.path, delimited.delimiter, wanted, bytes) : undefined
    const found: { line: number | null; reason: string; raw: string }[] = [
      ...bad.map((row) => {
        // A table with a column a period makes several rows of a record, and another format has no lines.
        const place = onePerRecord ? places?.byPosition.get(Number(row['position'])) : undefined
        return { line: place?.line ?? null, reason: String(row['reason']), raw: place?.raw ?? '' }
      }),
      ...torn.map((row) => {
        const place = places?.byByte.get(Number(row['byte']))
        return { line: place?.line ?? null, reason: tornReason(String(row['kind'])), raw: place?.raw ?? '' }
      }),
    ]
    if (found.length > mostRejects) {
      const first = found[0] as (typeof found)[number]
      throw new Refusal(
        'refused',
        'load/rejects',
        `${file.name}: more than ${mostRejects} rows cannot be read, the first${first.line === null ? '' : ` on line ${first.line}`}: ${first.reason}. The file is probably not what its header says, or the mapping does not fit`,
      )
    }
    const column = (of: (row: (typeof found)[number]) => string) => listValue(found.map(of))
    await this.#db.run(
      `insert into rejects select $file, try_cast(unnest($lines) as bigint), unnest($reasons), unnest($raws)`,
      {
        file: file.name,
        lines: column((row) => (row.line === null ? '' : String(row.line))),
        reasons: column((row) => row.reason),
        raws: column((row) => row.raw),
      },
      { file: VARCHAR, lines: LIST(VARCHAR), reasons: LIST(VARCHAR), raws: LIST(VARCHAR) },
    )
  }

  async #resolve(mapping: Mapping, notes: string[]): Promise<void> {
    this.#options.progress?.('resolving codes')
    const codes = economyCodes(mapping.codes)
    const normal = mapping.codes === 'm49' ? (code: string) => code.replace(/^0+(?=\d)/, '') : (code: string) => code
    const seen = new Set<string>()
    const unique = codes.filter((row) => {
      const key = `${normal(row.code)} ${row.from ?? ''} ${row.economy}`
      return !seen.has(key) && seen.add(key)
    })
    await this.#db.run(
      `create table codes as select unnest($code) as code, cast(unnest($from) as integer) as from_year, cast(unnest($until) as integer) as until_year, unnest($economy) as economy, unnest($treatment) as treatment`,
      {
        code: listValue(unique.map((row) => normal(row.code))),
        from: listValue(unique.map((row) => String(row.from ?? 0))),
        until: listValue(unique.map((row) => String(row.until ?? 9999))),
        economy: listValue(unique.map((row) => row.economy)),
        treatment: listValue(unique.map((row) => row.treatment)),
      },
      {
        code: LIST(VARCHAR),
        from: LIST(VARCHAR),
        until: LIST(VARCHAR),
        economy: LIST(VARCHAR),
        treatment: LIST(VARCHAR),
      },
    )
    if (mapping.codes === 'm49') {
      await this.#db.run(
        `update staged set importer = coalesce(nullif(ltrim(importer, '0'), ''), '0'), exporter = coalesce(nullif(ltrim(exporter, '0'), ''), '0') where importer like '0%' or exporter like '0%'`,
      )
    }
    await this.#db.run(`create table parents as
      with held as (select distinct edition, product from staged where reason is null and level > 0)
      select distinct h.edition as edition, substr(h.product, 1, n.digits) as product
      from held as h cross join (select unnest([2, 4, 6, 8]) as digits) as n where length(h.product) > n.digits`)
    await this.#db.run(text('./resolve.sql'))
    const unmapped =
      await this.#rows(`select code, role, cast(sum(value) as double) / nullif((select cast(sum(value) as double) from resolved), 0) as part, count(*) as n from (
      select importer_code as code, 'importer' as role, value from resolved where importer like 'X-UNMAPPED:%'
      union all select exporter_code, 'exporter', value from resolved where exporter like 'X-UNMAPPED:%') group by all order by part desc nulls last, code`)
    if (unmapped.length > 0) {
      const named = unmapped
        .slice(0, 5)
        .map(
          (row) =>
            `"${row['code']}" (${row['role']}, ${row['n']} rows, ${(Number(row['part'] ?? 0) * 100).toFixed(2)} % of value)`,
        )
      const message = `${this.#named()}: ${unmapped.length === 1 ? 'a code is' : `${unmapped.length} codes are`} in no table of ${mapping.codes} codes: ${named.join(', ')}${unmapped.length > 5 ? ', …' : ''}`
      if (!this.#options.keepUnmapped) {
        throw new Refusal(
          'refused',
          'load/unmapped',
          `${message}. Correct the code, choose another scheme in the mapping, or load with --keep-unmapped: it then stays in every total as a named unknown supplier`,
        )
      }
      notes.push(`${message}. Kept as named unknown suppliers.`)
    }
    const double = await this.#rows('select place from resolved group by place having count(*) > 1 limit 1')
    if (double.length > 0) throw new Error('economy codes overlap in time: a row resolved twice')
  }

  async #duplicates(notes: string[]): Promise<void> {
    const key = 'period, product, importer_code, exporter_code, edition, side, trade'
    const counted = (
      await this.#rows(
        `select count(*) as n, count(distinct hash(${key})) as different from resolved where set_aside is null`,
      )
    )[0]
    if (counted?.['n'] === counted?.['different']) return
    this.#options.progress?.('looking at duplicates')
    await this.#db.run(`create temporary table repeated as
      select place, row_number() over (partition by ${key}, value, mass order by place) as copy,
        rank() over (partition by ${key} order by place) as turn,
        row_number() over (partition by ${key} order by value desc, place) as size_rank,
        count(distinct (value, coalesce(mass, -1))) over (partition by ${key}) as versions,
        count(*) over (partition by ${key}) as copies
      from resolved where set_aside is null qualify copies > 1`)
    const conflict = await this.#rows(
      `select r.* from resolved as r join repeated as d on d.place = r.place where d.versions > 1 order by r.place limit 2`,
    )
    const rule = this.#options.onConflict ?? 'stop'
    if (conflict.length > 0 && rule === 'stop') {
      const [one, two] = conflict as [Row, Row]
      const count = Number((await this.#rows('select count(*) as n from repeated where versions > 1'))[0]?.['n'])
      throw new Refusal(
        'refused',
        'load/conflict',
        `${this.#named()}: ${count} rows contradict each other, first: period ${one['period']}, ${one['exporter_code']} to ${one['importer_code']}, product ${one['product']} has the values ${one['value']} and ${two['value']}. Are they breakdowns, such as modes of transport? Choose --on-conflict sum, first or largest`,
      )
    }
    await this.#db.run(
      `update resolved set set_aside = 'duplicate' from repeated as d where d.place = resolved.place and d.copy > 1 ${rule === 'sum' ? 'and d.versions = 1' : ''}`,
    )
    if (conflict.length > 0 && rule !== 'sum') {
      await this.#db.run(
        `update resolved set set_aside = 'conflict, ${rule} kept' from repeated as d where d.place = resolved.place and resolved.set_aside is null and d.versions > 1 and ${rule === 'first' ? 'd.turn' : 'd.size_rank'} > 1`,
      )
    }
    if (conflict.length > 0) notes.push(`Rows that contradicted each other: ${rule} was kept, as asked.`)
  }

  /** The published total less its parts, kept as an unknown supplier where it is positive. */
  async #worldCheck(notes: string[]): Promise<{ rows: number; value: string }> {
    await this.#db.run(`create temporary table residual as
      with world as (select period, year, product, level, edition, side, trade, value,
          case when side = 'exporter' then exporter else importer end as reporter
        from resolved where set_aside = 'aggregate of economies' and case when side = 'exporter' then importer else exporter end = 'WLD'),
      part as (select period, product, side, trade, case when side = 'exporter' then exporter else importer end as reporter,
          sum(value) as value, count(*) as parts, max(status) as status from resolved where set_aside is null group by all)
      select w.period, w.year, w.product, w.level, w.edition, w.side, w.trade, w.reporter, p.parts, w.value as world,
        cast(round(w.value - p.value) as bigint) as rest, 'reported' as status
      from world as w join part as p using (period, product, side, trade, reporter)`)
    for (const row of await this.#rows(`select * from residual where abs(rest) * 1000 > world order by side, period`)) {
      const share = Math.abs((Number(row['rest']) / Number(row['world'])) * 100).toFixed(2)
      notes.push(
        `${row['reporter']}, ${row['side']} side, ${Math.floor(Number(row['period']) / 100)}: the published world total is ${share} % ${Number(row['rest']) > 0 ? 'more than its parts; the rest is kept as an unknown partner' : 'less than its parts'}.`,
      )
    }
    const made = (
      await this.#rows(
        "select count(*) as n, coalesce(cast(sum(rest) as varchar), '0') as value from residual where rest > parts",
      )
    )[0]
    return { rows: Number(made?.['n']), value: String(made?.['value']) }
  }

  async #report(mapping: Mapping): Promise<void> {
    this.#options.progress?.('sorting')
    const columns = 'period, year, importer, exporter, product, level, edition, side, trade'
    const single = (
      await this.#rows(
        `select count(*) = count(distinct hash(${columns})) as single from resolved where set_aside is null`,
      )
    )[0]?.['single']
    const kept = single
      ? `select ${columns}, cast(round(value) as bigint) as value, mass, quantity, quantity_unit, status from resolved where set_aside is null`
      : `select ${columns}, cast(sum(cast(round(value) as bigint)) as bigint) as value,
           case when count(mass) = count(*) then cast(sum(mass) as bigint) end as mass,
           case when count(quantity) = count(*) and count(distinct quantity_unit) <= 1 then cast(sum(quantity) as bigint) end as quantity,
           case when count(distinct quantity_unit) <= 1 then max(quantity_unit) end as quantity_unit,
           min(status) as status
         from resolved where set_aside is null group by ${columns}`
    const residual = mapping.world_check
      ? `union all select period, year, case when side = 'exporter' then 'X-RESIDUAL' else reporter end, case when side = 'exporter' then reporter else 'X-RESIDUAL' end,
           product, level, edition, side, trade, rest, null, null, null, status from residual where rest > parts`
      : ''
    const estimated = Object.entries(mapping.estimated)
    const status = estimated.length
      ? `case ${estimated.map(([economy, from]) => `when year >= ${Number.parseInt(from, 10)} and ${quoted(economy)} in (case when side = 'exporter' then exporter else importer end) then 'estimated'`).join(' ')} else status end`
      : 'status'
    await this.#db.run(
      `create table report as select ${columns}, value, mass, quantity, quantity_unit, ${status} as status from (${kept} ${residual})`,
    )
    const out = (
      file: string,
      order: string,
    ) => `copy (select cast(period as uinteger) as period, year, importer, exporter, product, level, edition, side, trade, value, mass, quantity, quantity_unit, status
      from report order by ${order}) to ${quoted(join(this.#folder, file))} (format parquet, compression zstd, row_group_size 65536)`
    await this.#db.run(out(storedFiles.byProduct, 'period, level, product, importer, exporter, edition, side, trade'))
    await this.#db.run(out(storedFiles.byImporter, 'importer, period, level, product, exporter, edition, side, trade'))
    await this.#db.run(`copy (select period, importer_code, exporter_code, importer, exporter, product, level, edition, side, trade, value, mass, set_aside as reason
      from resolved where set_aside is not null order by place) to ${quoted(join(this.#folder, storedFiles.aside))} (format parquet, compression zstd)`)
    await this.#db.run(
      `copy (select * from rejects order by file, line, reason) to ${quoted(join(this.#folder, storedFiles.reject))} (format parquet, compression zstd)`,
    )
  }

  async #account(derived: { rows: number; value: string }): Promise<Account> {
    const read = (
      await this.#rows(
        `select
      (select count(*) from staged) + (select count(*) from rejects where reason like 'the row %') as n_in,
      (select count(*) from resolved where set_aside is null) as n_kept,
      (select count(*) from resolved where set_aside is not null) as n_aside,
      (select count(*) from rejects) as n_rejected,
      cast(coalesce((select sum(value) from staged), 0) as varchar) as v_in,
      cast(coalesce((select sum(cast(round(value) as decimal(38, 12))) from resolved where set_aside is null), 0) as varchar) as v_kept,
      cast(coalesce((select sum(value) from resolved where set_aside is not null), 0) as varchar) as v_aside,
      cast(coalesce((select sum(value) from staged where reason is not null), 0) as varchar) as v_rejected,
      cast(coalesce((select sum(value - round(value)) from resolved where set_aside is null), 0) as varchar) as v_rounding,
      coalesce((select sum(value) from staged), 0)
        = coalesce((select sum(cast(round(value) as decimal(38, 12))) from resolved where set_aside is null), 0)
        + coalesce((select sum(value) from resolved where set_aside is not null), 0)
        + coalesce((select sum(value) from staged where reason is not null), 0)
        + coalesce((select sum(value - round(value)) from resolved where set_aside is null), 0) as closes,
      coalesce((select cast(sum(value) as decimal(38, 0)) from report), 0) = coalesce((select sum(cast(round(value) as decimal(38, 0))) from resolved where set_aside is null), 0) + cast($derived as decimal(38, 0)) as stored`,
        { derived: derived.value },
      )
    )[0] as Row
    const rows = {
      in: Number(read['n_in']),
      kept: Number(read['n_kept']),
      aside: Number(read['n_aside']),
      rejected: Number(read['n_rejected']),
      blank: this.#blank,
    }
    if (rows.in !== rows.kept + rows.aside + rows.rejected || !read['closes'] || !read['stored']) {
      throw new Error(
        `the account does not close: ${JSON.stringify(rows)} ${JSON.stringify(read, (_key, value) => (typeof value === 'bigint' ? String(value) : value))}`,
      )
    }
    if (rows.kept === 0) {
      const first = (await this.#rows('select file, line, reason from rejects order by file, line limit 1'))[0]
      const why = first
        ? `the first is ${first['file']}${first['line'] === null ? '' : `, line ${first['line']}`}: ${first['reason']}`
        : `${rows.aside} rows were set aside`
      throw new Refusal('refused', 'load/empty', `${this.#named()}: of ${rows.in} rows none can be kept; ${why}`)
    }
    const decimal = (value: unknown) =>
      String(value).replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros.replace(/0+$/, '')))
    return {
      rows,
      value: {
        in: decimal(read['v_in']),
        kept: decimal(read['v_kept']),
        aside: decimal(read['v_aside']),
        rejected: decimal(read['v_rejected']),
        rounding: decimal(read['v_rounding']),
      },
      derived,
    }
  }

  async #write(name: string, recognised: Recognised, account: Account, notes: string[]): Promise<FlowManifest> {
    const mapping = recognised.mapping
    const options: Record<string, string> = {
      on_conflict: this.#options.onConflict ?? 'stop',
      keep_unmapped: String(this.#options.keepUnmapped ?? false),
    }
    const list = async (sql: string) => (await this.#rows(sql)).map((row) => Object.values(row)[0])
    // Importers know the origin of what they buy: their report comes first where there are several.
    const preferred: readonly Side[] = ['reconciled', 'importer', 'exporter']
    const held = (await list('select distinct side from report')) as Side[]
    const sides = preferred.filter((side) => held.includes(side))
    const levels = (
      (await list('select level from report group by level order by count(*) desc, level desc')) as number[]
    ).map(Number)
    const periods = ((await list('select distinct period from report order by period')) as number[]).map(Number)
    const content =
      await this.#rows(`select count(*) as n, cast(bit_xor(md5_number(concat_ws('|', period, importer, exporter, product, level, edition, side, trade, value, mass, quantity, quantity_unit, status))) as varchar) as mixed,
      cast(sum(cast(md5_number_lower(concat_ws('|', period, importer, exporter, product, level, edition, side, trade, value, mass, quantity, quantity_unit, status)) as hugeint)) as varchar) as added from report`)
    const rejected = Object.fromEntries(
      (await this.#rows('select reason, count(*) as n from rejects group by all order by all')).map((row) => [
        row['reason'],
        Number(row['n']),
      ]),
    )
    const version = createHash('sha256')
      .update(
        JSON.stringify([
          content.map((row) => Object.values(row).map(String)),
          options,
          schemaVersion,
          referenceVersion(),
          mapping,
          account,
          rejected,
        ]),
      )
      .digest('hex')
      .slice(0, 12)
    const coverage = (
      await this.#rows(`select case when side = 'exporter' then exporter when side = 'importer' then importer else 'WLD' end as reporter,
      cast(period as integer) as period, side, cast(level as integer) as level, edition, count(*) as rows, cast(sum(value) as varchar) as value
      from report where trade = 'all' group by all order by all`)
    ).map((row) => ({ ...row, rows: Number(row['rows']) }) as unknown as Coverage)
    const reasons = Object.fromEntries(
      (
        await this.#rows(
          'select set_aside as reason, count(*) as n, cast(sum(value) as varchar) as value from resolved where set_aside is not null group by all order by all',
        )
      ).map((row) => [row['reason'], { rows: Number(row['n']), value: String(row['value']) }]),
    )
    const defaultLevel = levels[0] as number
    const defaultSide = sides[0] as Side
    const doubts = await describeDoubts(this.#db, periods, defaultLevel, sides, mapping.frequency, mapping.currency)
    const products =
      await this.#rows(`select product as code, cast(level as integer) as level, edition, list(distinct cast(period as integer) order by cast(period as integer)) as periods
      from report group by product, level, edition order by level, product, edition`)
    await writeFile(
      join(this.#folder, storedFiles.products),
      `[${products.map((row) => JSON.stringify({ ...row, periods: row['periods'] as number[] })).join(',\n')}]\n`,
      { flush: true },
    )
    const checksums: Record<string, string> = {}
    for (const file of Object.values(storedFiles)) checksums[file] = await fingerprint(join(this.#folder, file))
    const manifest: FlowManifest = {
      schema: schemaVersion,
      name,
      version,
      kind: 'flow',
      title: mapping.title || this.#files.map((file) => basename(file.file)).join(', '),
      frequency: mapping.frequency,
      currency: mapping.currency,
      valuation: mapping.valuation,
      price_basis: 'current',
      sides,
      levels: [...levels].sort((a, b) => a - b),
      editions: (await list('select distinct edition from report order by edition')) as string[],
      default_level: defaultLevel,
      default_side: defaultSide,
      partners_complete: mapping.partners_complete,
      products_complete: mapping.products_complete,
      periods,
      importers: (await list('select distinct importer from report order by importer')) as string[],
      loaded_at: (this.#options.now ?? new Date()).toISOString(),
      tool_version: this.#options.toolVersion,
      source: recognised.source,
      provenance: [
        {
          publisher: mapping.publisher,
          title: mapping.title,
          vintage: mapping.vintage,
          licence: mapping.licence,
          url: mapping.url,
          note: mapping.note,
        },
      ],
      files: this.#files,
      options,
      account,
      aside_reasons: reasons,
      reject_reasons: rejected,
      estimated_periods: (
        (await list("select distinct period from report where status = 'estimated' order by period")) as number[]
      ).map(Number),
      coverage,
      doubts,
      notes,
      checksums,
    }
    await writeFile(join(this.#folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`, { flush: true })
    return manifest
  }
}

function tornReason(kind: string): string {
  if (kind === 'MISSING COLUMNS') return 'the row has fewer columns than the header'
  if (kind === 'TOO MANY COLUMNS') return 'the row has more columns than the header'
  if (kind === 'UNQUOTED VALUE') return 'the row has a quotation mark that is not closed'
  return `the row cannot be read (${kind.toLowerCase()})`
}
