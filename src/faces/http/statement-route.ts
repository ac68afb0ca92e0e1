import type { Context } from 'hono'
import type { Analysis } from '../../analyses/analysis.ts'
import { quoted } from '../../engine/engine.ts'
import type { Chokepoint } from '../../index.ts'
import { Refusal } from '../../refusal.ts'
import { remotePropertiesOf } from '../parameters.ts'
import { refused } from './problem.ts'
import { questionOf } from './question.ts'

/** The statement that answers a question, as `--explain` prints it, without the folder that the datasets lie in. */
export function statementRoute(analysis: Analysis, chokepoint: Chokepoint) {
  return async (c: Context): Promise<Response> => {
    const { given, columns } = questionOf(analysis, new URL(c.req.url).search)
    try {
      const options = { ...(columns ? { columns } : {}), signal: c.req.raw.signal }
      const text = (await chokepoint.ask(analysis.name, given, options)).explain()
      // As a path stands in it.
      const home = quoted(chokepoint.home).slice(1, -1)
      return c.text(text.replaceAll(home, 'CHOKEPOINT_HOME'), 200, { 'Cache-Control': 'no-cache' })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw refused(error, chokepoint.home, given, Object.keys(remotePropertiesOf(analysis)))
    }
  }
}
