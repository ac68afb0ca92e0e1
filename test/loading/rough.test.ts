import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { realData } from '../engines.ts'
import { roughCases, roughFile, roughRuns, type SeedKind, seeds } from './rough-files.ts'
import { Room } from './rough-load.ts'

/** `npm run fuzz` runs 20,000 such cases, of another seed each time. */
describe.concurrent('a file made rough is loaded with its account or refused by name: no fault, no hang, no lost row, no write outside', async () => {
  const all = await seeds(realData)
  let room: Room
  beforeAll(async () => {
    room = await Room.open()
  })
  afterAll(() => room.close())

  for (const [kind, number] of Object.entries(roughRuns) as [SeedKind, number][])
    test(`${number} files: ${kind}`, async () => {
      const names = Object.keys(all[kind])
      const ends = new Set<string>()
      const examine = async (one: Parameters<typeof roughFile>[1]) => {
        const seed = all[kind][one.seed]
        if (seed) ends.add((await room.examine(roughFile(seed, one))).split(' ')[0] ?? '')
      }
      await fc.assert(fc.asyncProperty(roughCases(names), examine), { numRuns: number, seed: 20_260_101 })
      // Neither all loaded nor all refused: such cases would show little.
      expect([...ends].sort()).toEqual(kind === 'own' ? ['read'] : ['loaded', 'refused'])
    }, 600_000)
})
