import type { DuckDBConnection } from '@duckdb/node-api'

/** What a load does one after the other, and about how much of its time each takes. */
const phases = {
  reading: 0.28,
  'resolving codes': 0.01,
  'sorting by product': 0.24,
  'looking at duplicates': 0,
  'sorting by importer': 0.34,
  sorting: 0.58,
  'taking account': 0.01,
  describing: 0.12,
} as const

export type Phase = keyof typeof phases

/** Milliseconds between lines, and before anything is said of the time that is left. */
const [between, settled] = [500, 3000]

/**
 * How a load goes, told in lines: what it does and, while it reads, how far that is in how many bytes a second; then of
 * how many rows; and the time that all of it still takes. How far a sort is, the engine does not know: what is left then
 * is reckoned from the time that went before.
 */
export class Course {
  readonly #db: DuckDBConnection
  readonly #tell: ((line: string) => void) | undefined
  readonly #clock: NodeJS.Timeout | undefined
  readonly #began = performance.now()
  #phase: Phase = 'reading'
  #said = ''
  #entered = performance.now()
  /** What was behind of the load when the phase was entered, 0 to 1. */
  #done = 0
  #rows = 0
  /** What is read now: its bytes, what was behind of all files before it, and its part of them, 0 to 1. */
  #file = { bytes: 0, behind: 0, part: 0 }

  /** Begin a load that `db` runs; where nobody is to be told, nothing is looked at. */
  static async begin(db: DuckDBConnection, tell: ((line: string) => void) | undefined): Promise<Course> {
    if (!tell) return new Course(db, tell)
    await db.run('set enable_progress_bar = true')
    await db.run('set enable_progress_bar_print = false')
    await db.run('set progress_bar_time = 0')
    return new Course(db, tell)
  }

  private constructor(db: DuckDBConnection, tell: ((line: string) => void) | undefined) {
    this.#db = db
    this.#tell = tell
    this.#clock = tell && setInterval(() => this.#look(), between).unref()
  }

  /** Read a file of so many bytes as text, with what was behind of all files before it and its part of them, 0 to 1. */
  read(name: string, file: { readonly bytes: number; readonly behind: number; readonly part: number }): void {
    this.#file = file
    this.#say(`reading ${name}`)
  }

  /** Go on to another phase, with so many rows. */
  enter(phase: Phase, rows = this.#rows): void {
    this.#done += phases[this.#phase]
    this.#phase = phase
    this.#rows = rows
    this.#say(phase)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#clock)
  }

  #say(said: string): void {
    this.#said = said
    this.#entered = performance.now()
    this.#tell?.(said)
  }

  #look(): void {
    const now = performance.now()
    if (this.#phase !== 'reading') {
      const whole = (this.#entered - this.#began) / this.#done
      const least = 1 - this.#done - phases[this.#phase]
      const left = Math.max(whole * least, this.#began + whole - now)
      this.#tell?.(`${this.#said}: ${this.#rows.toLocaleString('en')} rows${this.#left(now, left)}`)
      return
    }
    const part = this.#db.progress.percentage / 100
    // Between statements, and before one has begun to read, nothing is known.
    if (!(part > 0)) return
    const rate = (this.#file.bytes * part) / (now - this.#entered) / 1000
    const done = phases.reading * (this.#file.behind + this.#file.part * part)
    const left = (now - this.#began) * (1 / done - 1)
    this.#tell?.(`${this.#said}: ${Math.floor(part * 100)} %, ${rate.toFixed(1)} MB a second${this.#left(now, left)}`)
  }

  #left(now: number, milliseconds: number): string {
    return now - this.#began < settled ? '' : `, about ${timeOf(milliseconds / 1000)} left`
  }
}

const timeOf = (seconds: number) => (seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`)
