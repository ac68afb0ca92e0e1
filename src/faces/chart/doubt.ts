import type { Chart } from '../../analyses/charting.ts'
import type { Charted } from './chart.ts'
import { figure } from './measures.ts'
import { hatching, type Key, type Placed, type Sheet } from './sheet.ts'

/** How far a figure is not to be taken at its word, each in a few words: nothing where it is. */
export interface Standing {
  /** Why it is but an estimate, or incomplete: dashed. */
  readonly guess?: string
  /** Why it is doubtful: hatched; hollow where a mark is too small for that. */
  readonly doubt?: string
}

const guessWords = { estimated: 'estimated by the publisher', incomplete: 'not all months of the year' } as const

/** A stored period in one shown: itself, or a month of the year. */
const isWithin = (stored: number, shown: number) =>
  stored === shown || (shown % 100 === 0 && Math.floor(stored / 100) === shown / 100)

/** What a whole period is, where it is not as reported. */
export function guessOf({ estimated, incomplete }: Charted, period: number): keyof typeof guessWords | undefined {
  if (estimated?.some((one) => isWithin(one, period))) return 'estimated'
  return incomplete?.includes(period) ? 'incomplete' : undefined
}

/** What rows behind one mark say of it: by their period, the dataset's doubts, and the columns that the chart names. */
export function standingOf({ charted }: Sheet, chart: Chart, rows: readonly Placed[]): Standing {
  let guess: string | undefined
  let doubt: string | undefined
  for (const { row } of rows) {
    const period = figure(row, 'period')
    const whole = period === null ? undefined : guessOf(charted, period)
    if (whole) guess ??= guessWords[whole]
    for (const declared of chart.doubtful ?? []) {
      if ('supplier' in declared) {
        const series = charted.doubted?.find(
          (one) =>
            one.importer === row[declared.importer] &&
            one.supplier === row[declared.supplier] &&
            one.periods.some((stored) => isWithin(stored, period ?? 0)),
        )
        if (series) doubt ??= 'doubtful in the data'
        continue
      }
      const { column, is, says, estimate } = declared
      const holds = typeof is === 'object' ? (figure(row, column) ?? 0) > is.above : row[column] === is
      if (holds && estimate) guess ??= says
      else if (holds) doubt ??= says
    }
  }
  return { ...(guess === undefined ? {} : { guess }), ...(doubt === undefined ? {} : { doubt }) }
}

/** What a standing adds to the words of its mark. */
export const standingSaid = ({ guess, doubt }: Standing): string[] => [guess, doubt].filter((one) => one !== undefined)

/** Patterns of one part of a chart: colours hatched, leaning the other way than what is unknown. */
export class Hatches {
  readonly #begin: string
  readonly #ids = new Map<string, string>()

  /** @param begin of the patterns' ids */
  constructor(begin: string) {
    this.#begin = begin
  }

  /** A colour, hatched on a ground. */
  of(colour: string, ground = 'var(--ground)'): string {
    const key = `${colour} ${ground}`
    const id = this.#ids.get(key) ?? `${this.#begin}-${this.#ids.size}`
    this.#ids.set(key, id)
    return `url(#${id})`
  }

  /** What the drawing defines for them. */
  get definitions(): string {
    return [...this.#ids]
      .map(([key, id]) => {
        const [colour = '', ground = ''] = key.split(' ')
        return hatching(id, ground, colour, 2.4, -45)
      })
      .join('')
  }
}

/**
 * What the looks of the marks mean, for those that there are.
 * @param hatches of a chart whose marks have room for a pattern; left out where they are points
 */
export function doubtKeys(standings: readonly Standing[], hatches?: Hatches): Key[] {
  const of = (kind: keyof Standing) => [...new Set(standings.flatMap((one) => one[kind] ?? []))]
  const muted = 'var(--muted)'
  const point = { fill: muted, round: true, hollow: true } as const
  const guess = hatches ? { fill: muted, hollow: true, dashed: true } : point
  const doubt = hatches ? () => ({ fill: hatches.of(muted) }) : () => ({ ...point, dashed: true })
  return [...of('guess').map((says) => ({ ...guess, says })), ...of('doubt').map((says) => ({ ...doubt(), says }))]
}
