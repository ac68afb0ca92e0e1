import { CommanderError } from 'commander'
import { exitCodes, Refusal } from '../../refusal.ts'
import { printable } from '../cell.ts'
import { wrapped } from './format/table.ts'
import { program, welcome } from './program.ts'
import { type Terminal, widthOf } from './terminal.ts'

/** Whether a stream failed because nobody reads it any more. */
export const readerLeft = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE'

/**
 * Run what a reader typed, in words as a shell splits them. Errors are told on `terminal.err`.
 * @returns the code that the process ends with
 */
export async function command(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (words.length === 0) terminal.out.write(welcome())
    else await program(terminal).parseAsync(words, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    return exitCodeOf(error, terminal)
  }
}

function exitCodeOf(error: unknown, { err, signal }: Terminal): number {
  if (signal.aborted) {
    err.write('Interrupted.\n')
    return exitCodes.interrupted
  }
  if (readerLeft(error)) return exitCodes.done
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrong_use
  if (error instanceof Refusal) {
    // On a terminal in lines of its width; in a log as one line, which can be searched.
    const told = error.message.split('\n').map(printable)
    const lines = err.isTTY ? told.map((line) => wrapped('', line, widthOf(err))) : told
    err.write(`${lines.join('\n')}\n`)
    return exitCodes[error.kind]
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  err.write(`This is a fault of Chokepoint, please report it:\n${detail}\n`)
  return exitCodes.refused
}
