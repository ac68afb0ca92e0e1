import { writeFileSync } from 'node:fs'
import { plainWorld, type Rates, ratesOver } from './diversion/worlds.ts'

/** Rates of false and true findings in made-up worlds, as a table in the documentation: what each verdict is worth. */
const [quiet, planted, seed] = [1000, 300, 7]

const variants = [
  ['as above', {}],
  ['autocorrelation 0.6', { autocorrelation: 0.6 }],
  ['one listed good a hundred times the rest', { giant: 100 }],
] as const
const effects = [1, 1.25, 1.5, 2] as const

const share = (value: number | null) => (value === null ? '' : value.toFixed(3))
const within = (value: number, count: number) => value <= 0.05 + 2 * Math.sqrt((0.05 * 0.95) / count)

const line = (name: string, effect: string, rates: Rates) =>
  `| ${name} | ${effect} | ${rates.worlds} | ${share(rates.any_false)} | ${share(rates.false_discovery)} | ${share(rates.power)} | ${share(rates.verdict_power)} | ${share(rates.wrong_verdict)} |`

const rows: string[] = []
const failures: string[] = []
for (const [name, variant] of variants)
  for (const effect of effects) {
    const kind = { ...plainWorld, ...variant, effect, treated: effect === 1 ? 0 : 5 }
    const rates = await ratesOver(kind, effect === 1 ? quiet : planted, seed)
    rows.push(line(name, effect === 1 ? 'nothing planted' : `×${effect}`, rates))
    if (effect === 1 && !within(rates.any_false, rates.worlds)) failures.push(`${name}: any flag ${rates.any_false}`)
    if (!within(rates.false_discovery, rates.worlds)) failures.push(`${name} ×${effect}: ${rates.false_discovery}`)
    process.stderr.write(`${rows.at(-1)}\n`)
  }
const spilt = await ratesOver({ ...plainWorld, effect: 2, spillover: 1.5, treated: 5 }, planted, seed)
rows.push(line('goods off the list rise by a half too', '×2', spilt))

const page = `# What a verdict of diversion is worth

Made by \`npm run compile-diversion-power\`. Made-up worlds in which it is known what passed through whom: 30 hubs, each with
100 goods on both legs, 20 of them listed, over 24 months before and 12 after; lognormal monthly noise (standard deviation
0.5, autocorrelation 0.4), a tenth of months without trade, growth of each hub that all its goods share (0.3), shocks to
single goods (0.35). Where something is planted, five hubs pass listed goods on: both their legs are multiplied. Each leg is
tested as \`chokepoint diversion\` does, and each hub judged by its rule.

| worlds | planted | how many | any false flag | false discoveries | first legs found | called consistent | worlds with a wrong call |
| --- | --- | --: | --: | --: | --: | --: | --: |
${rows.join('\n')}

*Any false flag*: share of worlds in which a leg of a hub that passes nothing on is flagged at a rate of 0.05. *False
discoveries*: share of flags that are false, mean over worlds. *First legs found*: share of the five hubs whose first leg is
flagged. *Called consistent*: share of them that the whole rule calls consistent with diversion: both legs flagged, a placebo
passed, no trend before. *A wrong call*: a hub that passes nothing on is called so.

The rule asks for much, so that it misses hubs that pass little on: a hub that is not called consistent may still be one.
Where goods off the list rise with those on it, less is found: growth that they share is taken out.
${failures.length > 0 ? `\nBeyond the level of 0.05 and two standard errors: ${failures.join('; ')}.\n` : '\nAll rates of false flags and false discoveries are within 0.05 and two standard errors.\n'}`

writeFileSync('docs/diversion-power.md', page)
