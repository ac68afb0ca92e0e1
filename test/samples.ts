import { afterAll } from 'vitest'
import { type Chokepoint, open } from '../src/index.ts'
import { loadSamples } from '../src/sample.ts'
import { temporaryHome } from './engines.ts'

/** The bundled samples behind the library, in a home of their own. */
export async function samples(): Promise<Chokepoint> {
  const chokepoint = await open({ home: await temporaryHome() })
  afterAll(() => chokepoint.close())
  await loadSamples(chokepoint)
  return chokepoint
}
