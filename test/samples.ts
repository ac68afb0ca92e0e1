import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type Chokepoint, open } from '../src/index.ts'
import { loadSamples } from '../src/sample.ts'
import { temporaryHome } from './engines.ts'

/** A home that holds the bundled samples: built once a process, for that takes as long as many a file of tests. */
let built: Promise<string> | undefined

async function build(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'chokepoint-samples-'))
  await using chokepoint = await open({ home })
  await loadSamples(chokepoint)
  return home
}

/** A home of the caller's own that holds the bundled samples. */
export async function sampleHome(): Promise<string> {
  built ??= build()
  const home = await temporaryHome()
  await cp(await built, home, { recursive: true })
  return home
}

/** The bundled samples behind the library, in a home of their own. */
export async function samples(): Promise<Chokepoint> {
  const chokepoint = await open({ home: await sampleHome() })
  afterAll(() => chokepoint.close())
  return chokepoint
}
