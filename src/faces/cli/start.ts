import { analyses } from '../../analyses/index.ts'
import type { Chokepoint } from '../../index.ts'
import { loadSamples } from '../../sample.ts'
import { amount, percent, periodName, points, valuationSaid } from '../../wording.ts'
import { table, wrapped } from './format/table.ts'

const dataset = 'russia-imts'

/**
 * The main job on the bundled sample: how Russia came to rely on China, 2016 to 2024, in sentences and a table.
 * Builds the sample's datasets where they are not yet in the store.
 */
export async function start(chokepoint: Chokepoint, out: NodeJS.WritableStream): Promise<void> {
  const say = (text: string, mark = '') => out.write(`${wrapped(mark, text, 80)}\n`)
  await loadSamples(chokepoint, (line) => process.stderr.write(`${line} …\n`))

  const answer = await chokepoint.ask('dependence', {
    dataset,
    importer: ['Russia'],
    supplier: ['China'],
    period: ['2016-2024'],
  })
  // The sample has a value of every year for this pair.
  const rows = (await answer.rows()).map((row) => ({ ...row, value: Number(row.value), share: Number(row.share) }))
  const at = (year: number) => rows.find((row) => row.period === year * 100) as (typeof rows)[number]
  const [before, first, last] = [at(2021), at(2022), at(2024)]
  await answer.tellDoubts()
  const currency = answer.dataset?.currency ?? ''

  say('Russia’s reliance on China')
  out.write('\n')
  say(
    `China supplied ${percent(last.share)} of Russia’s goods imports in 2024, up from ${percent(before.share)} in 2021.`,
    '1. ',
  )
  const growth = first.value / before.value - 1
  say(
    `Imports from China rose ${percent(growth)} in 2022, to ${amount(first.value, currency)}, while Russia’s total imports fell ${percent(1 - first.total / before.total)}.`,
    '2. ',
  )
  const sheet = await chokepoint.ask('claims', {})
  const claim = new Map((await sheet.rows()).map((row) => [row.id, row]))
  const [level, change] = [claim.get('Q21'), claim.get('Q22')]
  say(
    `The report of 2023 said USD ${level?.claimed} bn and ${change?.claimed} %: ${level?.verdict} from ${level?.evidence}. The IMF’s level is higher: Russia counts imports with cost, insurance and freight, China its exports free on board; and Russia’s row for 2022 is an estimate that follows China’s growth, so the two are not independent.`,
    '   ',
  )
  const materials = await chokepoint.ask('concentration', {
    dataset: 'critical-materials',
    importer: ['Russia'],
    period: ['2022', '2024'],
  })
  const byProduct = await materials.rows()
  const [then, now] = [202200, 202400].map((period) => {
    const bought = byProduct.filter((row) => row.period === period)
    return {
      bought: bought.length,
      concentrated: bought.filter((row) => row.verdict === 'yes').length,
      china: bought.filter((row) => row.lead_supplier === 'CHN').length,
    }
  }) as [
    { bought: number; concentrated: number; china: number },
    { bought: number; concentrated: number; china: number },
  ]
  say(
    `Of ${now.bought} critical materials that Russia bought in 2024 for ${amount(Number(materials.parameters['min_value']), 'USD')} or more each, ${now.concentrated} were concentrated (index above 0.4) and China led in ${now.china}; in 2022 it led in ${then.china} of ${then.bought}.`,
    '3. ',
  )

  say(String(await sheet.headline()), '4. ')
  const exits = await chokepoint.ask('dominance', {
    dataset: 'russia-vendors',
    segment: ['base stations'],
    period: ['2021'],
    exit: ['Nokia', 'Ericsson'],
    rule: 'proportional',
  })
  const [vendor] = await exits.rows()
  say(`${await exits.headline()} Certainty ${vendor?.certainty}: ${vendor?.source}.`, '5. ')

  out.write(`\n${tableOf(rows)}\n\n`)
  for (const caveat of answer.caveats.filter((text) => !text.startsWith('reverse_share'))) say(caveat, '! ')
  out.write('\n')
  const used = [answer, materials, sheet, exits].flatMap((one) => one.datasets)
  for (const one of new Map(used.map((dataset) => [dataset.name, dataset])).values()) {
    const money = one.currency === '' ? '' : `; current ${one.currency}, ${valuationSaid(one.valuation ?? '')}`
    say(`${one.name}@${one.version}: ${one.sources.join('; ')}${money}`, 'source: ')
  }
  out.write('\nNext:\n')
  const further = [analyses.screen, analyses.substitutes, analyses.concentration, analyses.dominance, analyses.claims]
  for (const command of [
    ...further.map((analysis) => analysis.example),
    'chokepoint load FILE --as my-data',
    'chokepoint --help',
    'chokepoint serve',
  ])
    out.write(`  npx --no-install ${command}\n`)
}

function tableOf(
  rows: readonly { period: number; value: number; total: number; share: number; share_change: number | null }[],
): string {
  const text = (name: string) => ({ name, type: 'text' as const, unit: '' })
  const bar = (share: number) => '█'.repeat(Math.round(share * 34))
  const drawn = table(
    [text('year'), text('from China'), text('all imports'), text('China’s share'), text('change'), text('')],
    rows.map((row) => [
      periodName(row.period),
      amount(row.value, 'USD'),
      amount(row.total, 'USD'),
      percent(row.share),
      row.share_change === null ? '' : points(row.share_change),
      bar(row.share),
    ]),
    80,
  )
  return drawn.lines.join('\n')
}
