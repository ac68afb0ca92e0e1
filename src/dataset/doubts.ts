import { readFileSync } from 'node:fs'
import { type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { economyName } from '../reference/economies.ts'
import type { Doubt, Frequency, Side } from './schema.ts'

const sql = readFileSync(new URL('./doubts.sql', import.meta.url), 'utf8')

/** Doubts of a loaded `report`, each said in a sentence. Needs at least four periods: a series is its own witness. */
export async function describeDoubts(
  db: DuckDBConnection,
  periods: readonly number[],
  level: number,
  sides: readonly Side[],
  frequency: Frequency,
  currency: string,
): Promise<Doubt[]> {
  const lag = frequency === 'year' ? 3 : 12
  if (periods.length <= lag) return []
  await db.run(
    'create temporary table span as select unnest($positions) as position, unnest($periods) as period, cast($lag as integer) as lag',
    {
      positions: listValue(periods.map((_, index) => index)),
      periods: listValue([...periods]),
      lag,
    },
    { positions: LIST(INTEGER), periods: LIST(INTEGER), lag: INTEGER },
  )
  const doubts: Doubt[] = []
  for (const side of sides) {
    const found = (
      await db.runAndReadAll(sql, { level, side }, { level: INTEGER, side: VARCHAR })
    ).getRowObjectsJS() as Record<string, unknown>[]
    const series = new Map<string, Record<string, unknown>[]>()
    for (const row of found) {
      const key = `${row['kind']} ${row['importer']} ${row['exporter']}`
      series.set(key, [...(series.get(key) ?? []), row])
    }
    for (const rows of series.values()) {
      const first = rows[0] as Record<string, unknown>
      const last = rows.at(-1) as Record<string, unknown>
      const name = (period: unknown) =>
        Number(period) % 100 === 0
          ? String(Number(period) / 100)
          : `${Math.floor(Number(period) / 100)}-${String(Number(period) % 100).padStart(2, '0')}`
      const million = (value: unknown) => `${currency} ${Math.round(Number(value) / 1e6).toLocaleString('en')} m`
      const pair = `${economyName(String(first['importer']))}’s imports from ${economyName(String(first['exporter']))}`
      const text =
        first['kind'] === 'jump'
          ? `${pair}: ${million(first['like_before'])} at most up to ${name(periods[Math.max(0, periods.indexOf(Number(first['period'])) - lag)])}, ${million(last['value'])} in ${name(last['period'])}, ${((Number(last['value']) / Number(last['total'])) * 100).toFixed(1)} % of the total; nothing like it before`
          : `${pair}: nothing in ${name(first['period'])}, after ${million(first['before'])} in ${name(first['period_before'])}`
      doubts.push({
        kind: first['kind'] as Doubt['kind'],
        side,
        importer: String(first['importer']),
        exporter: String(first['exporter']),
        level,
        periods: rows.map((row) => Number(row['period'])),
        last: Number(first['period_before']),
        text,
      })
    }
  }
  return doubts
}
