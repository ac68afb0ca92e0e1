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
