#!/usr/bin/env node
import { CommanderError } from 'commander'
import { exitCodes, Refusal } from '../../refusal.ts'
import { printable } from '../cell.ts'
import { wrapped } from './format/table.ts'
import { program, welcome } from './program.ts'
import { widthOf } from './terminal.ts'

const interruption = new AbortController()
const terminal = { out: process.stdout, err: process.stderr, signal: interruption.signal }

const readerLeft = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE'

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (!readerLeft(error)) throw error
    process.exit(exitCodes.done)
  })
// Once each: a second signal ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())

function exitCodeOf(error: unknown): number {
  if (interruption.signal.aborted) {
    process.stderr.write('Interrupted.\n')
    return exitCodes.interrupted
  }
  if (readerLeft(error)) return exitCodes.done
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrong_use
  if (error instanceof Refusal) {
    // On a terminal in lines of its width; in a log as one line, which can be searched.
    const told = error.message.split('\n').map(printable)
    const lines = process.stderr.isTTY ? told.map((line) => wrapped('', line, widthOf(process.stderr))) : told
    process.stderr.write(`${lines.join('\n')}\n`)
    return exitCodes[error.kind]
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`This is a fault of Chokepoint, please report it:\n${detail}\n`)
  return exitCodes.refused
}

try {
  if (process.argv.length <= 2) process.stdout.write(welcome())
  else await program(terminal).parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
  if (interruption.signal.aborted) process.exit()
}
