import { readFileSync } from 'node:fs'
import { type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { economyName } from '../reference/economies.ts'
import { amount, periodName } from '../wording.ts'
import { type Row, rowsOf } from './loading.ts'
import type { Doubt, Frequency, Side } from './schema.ts'

const series = readFileSync(new URL('./doubts.sql', import.meta.url), 'utf8')
const mirror = readFileSync(new URL('./mirror-doubts.sql', import.meta.url), 'utf8')

/**
 * When two reports of one flow are far apart. 10 % for freight and insurance is the margin long taken for all trade; a
 * factor of two is beyond what timing and valuation explain; and three is asked where there is nothing earlier to
 * compare with, for goods that go through a third country can differ by two in any year.
 */
const apart = { freight: 10, part: 1, factor: 2, factor_new: 3 } as const

/** What the texts of doubts have in common. */
interface Wording {
  readonly periods: readonly number[]
  readonly lag: number
  readonly least: number
  readonly currency: string
}

/**
 * Doubts of the loaded `all_goods`, each said in a sentence: a series against itself, which needs at least four years or
 * twenty-four months, and where both sides are held a report against its mirror.
 */
export async function describeDoubts(
  db: DuckDBConnection,
  periods: readonly number[],
  level: number,
  sides: readonly Side[],
  frequency: Frequency,
  currency: string,
): Promise<Doubt[]> {
  const wording: Wording = {
    periods,
    ...(frequency === 'year' ? { lag: 3, least: 1 } : { lag: 12, least: 12 }),
    currency,
  }
  const long = periods.length >= wording.lag + wording.least
  const mirrored = sides.includes('importer') && sides.includes('exporter')
  if (!long && !mirrored) return []
  await listPeriods(db, wording)
  const doubts: Doubt[][] = []
  for (const side of sides) {
    if (long) doubts.push(await seriesDoubts(db, level, side, wording))
    if (mirrored && side !== 'reconciled') doubts.push(await mirrorDoubts(db, level, side, wording))
  }
  return doubts.flat()
}

function listPeriods(db: DuckDBConnection, { periods, lag, least }: Wording): Promise<unknown> {
  return db.run(
    'create temporary table span as select unnest($positions) as position, unnest($periods) as period, cast($lag as integer) as lag, cast($least as integer) as least',
    { positions: listValue(periods.map((_, index) => index)), periods: listValue([...periods]), lag, least },
    { positions: LIST(INTEGER), periods: LIST(INTEGER), lag: INTEGER, least: INTEGER },
  )
}

async function seriesDoubts(db: DuckDBConnection, level: number, side: Side, wording: Wording): Promise<Doubt[]> {
  const { periods, lag } = wording
  const found = await rowsOf(db, series, { level, side }, { level: INTEGER, side: VARCHAR })
  return grouped(found, 'kind').map((rows) => {
    const [first, last] = ends(rows)
    const { flow } = told(first, side)
    const since = name(periods[Math.max(0, periods.indexOf(Number(first['period'])) - lag)])
    const text =
      first['kind'] === 'jump'
        ? `${flow}: ${money(first['like_before'], wording)} at most up to ${since}, ${money(last['value'], wording)} in ${name(last['period'])}, ${((Number(last['value']) / Number(last['total'])) * 100).toFixed(1)} % of the total; nothing like it before`
        : `${flow}: nothing in ${name(first['period'])}, after ${money(first['before'], wording)} in ${name(first['period_before'])}`
    return doubt(first['kind'] as Doubt['kind'], side, level, rows, text)
  })
}

async function mirrorDoubts(db: DuckDBConnection, level: number, side: Side, wording: Wording): Promise<Doubt[]> {
  const found = await rowsOf(db, mirror, { level, side, ...apart })
  return grouped(found, 'larger').map((rows) => {
    const [first, last] = ends(rows)
    const { flow, partner } = told(first, side)
    const times = Number(last['factor'])
    const factor = times < 10 ? times.toFixed(1) : Math.round(times).toLocaleString('en')
    const before =
      Number(first['period_before']) === 0 ? 'no earlier period has both reports' : 'nothing like it before'
    const text = `${flow}: ${money(last['value'], wording)} in ${name(last['period'])} by its own report, ${money(last['mirror'], wording)} by that of ${partner}, a factor of ${factor} with ${apart.freight} % allowed for freight; ${before}`
    return doubt('mirror', side, level, rows, text)
  })
}

function doubt(kind: Doubt['kind'], side: Side, level: number, rows: readonly Row[], text: string): Doubt {
  const [first] = ends(rows)
  return {
    kind,
    side,
    importer: String(first['importer']),
    exporter: String(first['exporter']),
    level,
    periods: rows.map((row) => Number(row['period'])),
    last: Number(first['period_before']),
    text,
  }
}

/** A flow as its reporter sees it. */
function told(row: Row, side: Side): { flow: string; partner: string } {
  const [importer, exporter] = [economyName(String(row['importer'])), economyName(String(row['exporter']))]
  return side === 'exporter'
    ? { flow: `${exporter}’s exports to ${importer}`, partner: importer }
    : { flow: `${importer}’s imports from ${exporter}`, partner: exporter }
}

/** Rows of one flow and one kind together, in the order in which they came. */
function grouped(found: readonly Row[], kind: string): Row[][] {
  const groups = new Map<string, Row[]>()
  for (const row of found) {
    const key = `${row[kind]} ${row['importer']} ${row['exporter']}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

const ends = (rows: readonly Row[]) => [rows[0], rows.at(-1)] as [Row, Row]

const money = (value: unknown, { currency }: Wording) => amount(Number(value), currency)

const name = (period: unknown) => periodName(Number(period))
