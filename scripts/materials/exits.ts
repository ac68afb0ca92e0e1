import type { analyses, Chokepoint, RowOf } from '../../src/index.ts'
import { economyName } from '../../src/reference/economies.ts'
import { findProductGroup } from '../../src/reference/product-groups.ts'
import { percent, periodName } from '../../src/wording.ts'
import { tableOf } from './page.ts'

type Row = RowOf<(typeof analyses)['dominance']>

const periods = [202200, 202400] as const
const importers = ['DEU', 'JPN', 'USA', 'EU27', 'RUS'] as const
const materials = findProductGroup('critical-materials').products

/** "Türkiye 82.4 % (+64.8)": who would lead, with which share, and by how many points. */
function leader(row: Row | undefined): string {
  if (!row) return '–'
  if (row.unmet === 1) return 'nobody'
  const gap = row.lead_gap_after ?? 0
  return `${economyName(row.supplier)} ${percent(row.share_after_low)} (+${(gap * 100).toFixed(1)})`
}

/** The page docs/after-china.md: who would lead each market if China left it, from the dataset of complete flows. */
export async function exitsPage(chokepoint: Chokepoint, dataset: string): Promise<string> {
  const answer = await chokepoint.ask('dominance', {
    dataset,
    importer: [...importers],
    group: ['critical-materials'],
    period: periods.map(periodName),
    exit: ['CHN'],
    rule: 'proportional',
    min_value: 0,
  })
  const rows = await answer.rows()
  const leaders = rows.filter((row) => row.rank_after === 1 || row.unmet === 1)
  const of = (importer: string, product: string, period: number) =>
    leaders.find((row) => row.importer === importer && row.product === product && row.period === period)
  const summary = importers.flatMap((importer) =>
    periods.map((period) => {
      const mine = leaders.filter((row) => row.importer === importer && row.period === period)
      const sold = mine.filter((row) => row.hhi_change === null || row.hhi_change !== 0)
      const led = new Map<string, number>()
      for (const row of mine.filter((one) => one.unmet < 1)) led.set(row.supplier, (led.get(row.supplier) ?? 0) + 1)
      const most = [...led].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3)
      return [
        economyName(importer),
        periodName(period),
        String(mine.length),
        String(sold.length),
        String(mine.filter((row) => row.unmet === 1).length),
        String(mine.filter((row) => row.share_after_low > 0.5).length),
        String(sold.filter((row) => (row.hhi_change ?? 0) > 0).length),
        most.map(([supplier, count]) => `${economyName(supplier)} ${count}`).join(', '),
      ]
    }),
  )
  const [source] = answer.datasets
  if (!source) throw new Error('an answer names the dataset that it was read from')
  return `# If China left: who would lead thirty markets

Made by \`npm run compile-materials\` from the complete world flows of thirty critical materials. Nothing here is typed by
hand.

What China sells to each importer is given to the suppliers that stay, in proportion to what they sell already. It is the
plainest of three rules (\`--rule nested\` and \`--rule capped\` are the others), and no forecast: it says who is next in
line today, not who could deliver. In brackets: points ahead of the second.

${tableOf(
  [
    'importer',
    'year',
    ':materials bought',
    ':China sells',
    ':only China',
    ':one above half after',
    ':more concentrated after',
    'would lead most',
  ],
  summary,
)}

Where China led, its exit often lowers the index; where it came second, the leader is left alone and the index rises:
fewer suppliers are not always more dependence on one.

${importers
  .map(
    (importer) =>
      `## ${economyName(importer)}\n\n${tableOf(
        ['HS6', 'material', ...periods.flatMap((period) => [`leads after, ${periodName(period)}`, ':index, change'])],
        materials.map(({ product, note }) => [
          product,
          note,
          ...periods.flatMap((period) => {
            const row = of(importer, product, period)
            const change = row?.hhi_change
            const index = row?.hhi_after == null ? '–' : row.hhi_after.toFixed(3)
            return [
              leader(row),
              change == null ? index : `${index} (${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(3)})`,
            ]
          }),
        ]),
      )}\n`,
  )
  .join('\n')}
## Source

\`${source.name}@${source.version}\`: ${source.sources.join('; ')}.

Current ${source.currency}, ${source.valuation}. The European Union is one buyer, without trade among its members.

\`\`\`
npx --no-install chokepoint dominance --dataset baci --importer Germany --group critical-materials \\
  --period 2022,2024 --exit China --rule proportional --min-value 0
\`\`\`
`
}
