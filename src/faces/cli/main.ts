#!/usr/bin/env node
import { exitCodes } from '../../refusal.ts'
import { command, readerLeft } from './command.ts'

const interruption = new AbortController()

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (!readerLeft(error)) throw error
    process.exit(exitCodes.done)
  })
// Once each: a second signal ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())

const terminal = { out: process.stdout, err: process.stderr, signal: interruption.signal }
process.exitCode = await command(process.argv.slice(2), terminal)
if (interruption.signal.aborted) process.exit()
