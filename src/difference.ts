import { z } from 'zod'
import type { Analysis, Declaration, Outcome, Row } from './analyses/analysis.ts'
import type { Answer } from './answer.ts'
import type { Manifest } from './dataset/schema.ts'
import type { Cell } from './engine/engine.ts'
import { Refusal } from './refusal.ts'
import { periodName } from './wording.ts'

/** Two askings of one question: of two versions of a dataset, or of two periods. */
export interface Sides {
  readonly from: { readonly dataset?: string; readonly period?: string }
  readonly to: { readonly dataset?: string; readonly period?: string }
}

const statuses = ['appeared', 'vanished', 'moved'] as const

const added = {
  status: z
    .enum(statuses)
    .meta({ description: 'What became of the row: moved where a column of it did', unit: 'text' }),
  column: z
    .string()
    .nullable()
    .meta({ description: 'The column that moved; null where the whole row did', unit: 'text' }),
  before: z.number().nullable().meta({ description: 'As it was, in the unit of the column', unit: 'as in column' }),
  after: z.number().nullable().meta({ description: 'As it is', unit: 'as in column' }),
  difference: z.number().nullable().meta({ description: 'After less before', unit: 'as in column' }),
  word_before: z.string().nullable().meta({ description: 'As it was, of a column of words', unit: 'text' }),
  word_after: z.string().nullable().meta({ description: 'As it is', unit: 'text' }),
  reason: z.string().meta({ description: 'Why, as far as it can be known', unit: 'sentence' }),
}

/** The declaration of a difference: the keys of the analysis, and what became of its rows. */
export function differenceOf(analysis: Analysis, sides: Sides): Declaration {
  const keys = keysOf(analysis, sides)
  const shape = Object.fromEntries(keys.map((key) => [key, analysis.columns.shape[key] as z.ZodType]))
  return {
    ...analysis,
    name: `diff ${analysis.name}`,
    title: `${analysis.title}: what changed`,
    columns: z.strictObject({ ...shape, ...added }),
    keys: [...keys, 'column'],
    shown: [...keys, ...Object.keys(added)],
  }
}

/** Columns that tell rows apart on both sides: a period that differs by intent does not. */
function keysOf(analysis: Analysis, sides: Sides): readonly string[] {
  return sides.from.period === undefined ? analysis.keys : analysis.keys.filter((key) => key !== 'period')
}

/**
 * What appeared, vanished or moved between two answers of one analysis, and why as far as it can be known.
 * @param columns compared, of those that are no keys
 * @throws Refusal where a side has several rows with the same keys
 */
export async function compare(
  analysis: Analysis,
  sides: Sides,
  answers: { readonly from: Answer; readonly to: Answer },
  datasets: { readonly from: Manifest; readonly to: Manifest },
  columns: readonly string[],
  signal?: AbortSignal,
): Promise<Outcome> {
  const keys = keysOf(analysis, sides)
  const [before, after] = [
    byKey(await answers.from.rows(signal), keys, sides),
    byKey(await answers.to.rows(signal), keys, sides),
  ]
  const reason = reasonOf(sides, datasets)
  const rows: Row[] = []
  for (const [key, row] of after)
    if (!before.has(key)) rows.push(changed(row, keys, 'appeared', reason(row, datasets.from)))
  for (const [key, row] of before) {
    const now = after.get(key)
    if (!now) rows.push(changed(row, keys, 'vanished', reason(row, datasets.to)))
    else
      for (const column of columns) {
        const [was, is] = [row[column] ?? null, now[column] ?? null]
        if (was === is) continue
        const numbers = typeof (was ?? is) === 'number'
        const [low, high] = [was, is].map((cell) => (typeof cell === 'number' ? cell : null))
        rows.push({
          ...changed(now, keys, 'moved', reason(now, undefined)),
          column,
          before: low ?? null,
          after: high ?? null,
          difference: low != null && high != null ? high - low : null,
          word_before: numbers ? null : word(was),
          word_after: numbers ? null : word(is),
        })
      }
  }
  const count = (status: string) =>
    new Set(rows.filter((row) => row['status'] === status).map((row) => keyOf(row, keys))).size
  const same = [...after.keys()].filter((key) => before.has(key)).length - count('moved')
  return {
    rows,
    headline: `${count('appeared')} rows appeared, ${count('vanished')} vanished, ${count('moved')} moved; ${same} are as they were.`,
    caveats: [reason(undefined, undefined)],
  }
}

const word = (cell: Cell): string | null => (cell === null ? null : String(cell))
const keyOf = (row: Row, keys: readonly string[]) => JSON.stringify(keys.map((key) => row[key] ?? null))

function byKey(rows: readonly Row[], keys: readonly string[], sides: Sides): Map<string, Row> {
  const found = new Map<string, Row>()
  for (const row of rows) {
    const key = keyOf(row, keys)
    if (found.has(key))
      throw new Refusal(
        'wrong_use',
        'diff/keys',
        `several rows have the same ${keys.join(', ')}${sides.from.period === undefined ? '' : `: --from and --to take one period each, not ${sides.from.period} or ${sides.to.period}`}`,
      )
    found.set(key, row)
  }
  return found
}

function changed(row: Row, keys: readonly string[], status: (typeof statuses)[number], reason: string): Row {
  return { ...Object.fromEntries(keys.map((key) => [key, row[key] ?? null])), status, reason }
}

/** Why rows differ, from what the two manifests say; of a row that one side lacks, whether it covers its period. */
function reasonOf(sides: Sides, { from, to }: { readonly from: Manifest; readonly to: Manifest }) {
  const vintage = (manifest: Manifest) =>
    manifest.provenance
      .map((one) => one.vintage)
      .filter(Boolean)
      .join(', ')
  const files = (manifest: Manifest) => manifest.files.map((file) => file.sha256).join(' ')
  const general =
    sides.from.period !== undefined
      ? `another period: ${sides.to.period} against ${sides.from.period}`
      : from.version === to.version
        ? 'the two versions are one and the same'
        : files(from) !== files(to)
          ? `the publisher’s files differ: revision of the data${vintage(from) !== vintage(to) ? ` from ${vintage(from)} to ${vintage(to)}` : ''}`
          : JSON.stringify(from.options) !== JSON.stringify(to.options)
            ? `the same files loaded with other options: ${JSON.stringify(to.options)} against ${JSON.stringify(from.options)}`
            : 'the same files read with another mapping, or by another release of the tables of codes'
  return (row: Row | undefined, lacking: Manifest | undefined): string => {
    const period = row?.['period']
    const years = lacking?.periods.map((one) => Math.floor(one / 100)) ?? []
    if (
      typeof period === 'number' &&
      lacking &&
      sides.from.period === undefined &&
      !years.includes(Math.floor(period / 100))
    )
      return `${periodName(period)} is not in ${lacking.name}@${lacking.version}`
    return general
  }
}
