/** How often drawn series are said to have a break, with one and without: the table in docs/breaks.md. */
import { type Evidence, evidenceOf } from '../src/analyses/breaks/dating.ts'
import { seededNumbers } from '../src/measures/passing.ts'
import { largestBreak, type Series, testedBreak } from '../src/measures/structural-breaks.ts'

const [seed, drawn, periods, place, shortest] = [77, 1000, 68, 39, 10]

/** Shares of drawn series: with a large F, with evidence of a break, and with the true date within the margin. */
function shares(correlation: number, step: number): { f: number; evidence: number; within: number } {
  const next = seededNumbers(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const spread = 1 / Math.sqrt(1 - correlation ** 2)
  let [f, evidence, within] = [0, 0, 0]
  for (let one = 0; one < drawn; one += 1) {
    let error = normal() * spread
    const values = Array.from({ length: periods }, (_, at) => {
      error = correlation * error + normal()
      return error + (at < place ? 0 : step * spread)
    })
    const series: Series = { values, likelihood: 'normal' }
    const tested = testedBreak(series, largestBreak(series, shortest) as number, shortest, 1)
    if (tested.p <= 0.05) f += 1
    if (evidenceOf(tested, tested.p).evidence === ('break' satisfies Evidence)) evidence += 1
    if (Math.abs(tested.b - place) <= tested.margin) within += 1
  }
  return { f: f / drawn, evidence: evidence / drawn, within: within / drawn }
}

const part = (share: number) => `${Math.round(share * 100)} %`
for (const [correlation, step] of [
  [0, 0],
  [0.3, 0],
  [0.6, 0],
  [0, 1],
  [0.6, 1],
  [0, 2],
  [0.6, 2],
] as const) {
  const { f, evidence, within } = shares(correlation, step)
  console.log(`| ${correlation} | ${step || 'none'} | ${part(f)} | ${part(evidence)} | ${step ? part(within) : ''} |`)
}
