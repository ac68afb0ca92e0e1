/** What a refusal means to whoever asked: the process's exit code, and later the HTTP status. */
export const exitCodes = { done: 0, refused: 1, wrong_use: 2, no_data: 3, check_failed: 4, interrupted: 130 } as const

/** The part of a refusal that says whose turn it is: mend the input, mend the question, or load other data. */
export type RefusalKind = 'refused' | 'wrong_use' | 'no_data' | 'check_failed' | 'interrupted'

/**
 * An error that is the reader's to mend, never a fault of ours: it names what was wrong, where, and the remedy.
 * Faces print its message without a stack and end with `exitCodes[kind]`; anything else that is thrown is a bug.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: RefusalKind
  /** Stable, for scripts and tests: `area/what`, such as `source/column-missing`. */
  readonly code: string

  /** @param message what is wrong, where (file, line), and what to do, in plain words */
  constructor(kind: RefusalKind, code: string, message: string) {
    super(message)
    this.kind = kind
    this.code = code
  }
}

/** What is wrong at one place of a file that people write. */
export interface Fault {
  /** A warning is of what loads and is probably not meant. */
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly file: string
  /** Counted from 1; columns are of characters. */
  readonly line: number
  readonly column: number
  /** What is wrong and what to do, without the place. */
  readonly message: string
}

/** A fault with its place, in a line. */
export const placed = ({ file, line, column, message }: Fault): string =>
  `${file}, line ${line}, column ${column}: ${message}`

/** Faults that one message holds: a file that is no such file at all has thousands. */
const mostTold = 20

/** A file that people write, refused with everything that is wrong with it, in the order of the lines. */
export class FaultyFile extends Refusal {
  readonly faults: readonly Fault[]

  constructor(faults: readonly [Fault, ...Fault[]]) {
    const rest = faults.length - mostTold
    const told = faults.slice(0, mostTold).map(placed)
    super(
      'refused',
      faults[0].code,
      [...told, ...(rest > 0 ? [`… and ${rest} more: chokepoint check ${faults[0].file}`] : [])].join('\n'),
    )
    this.faults = faults
  }
}
