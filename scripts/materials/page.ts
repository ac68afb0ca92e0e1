import type { analyses, Chokepoint, RowOf } from '../../src/index.ts'
import { economyName } from '../../src/reference/economies.ts'
import { findProductGroup } from '../../src/reference/product-groups.ts'
import { percent, periodName } from '../../src/wording.ts'

type Row = RowOf<(typeof analyses)['concentration']>

const periods = [202200, 202400] as const
const importers = ['EU27', 'DEU', 'JPN'] as const
const title: Readonly<Record<string, string>> = { EU27: 'European Union', DEU: 'Germany', JPN: 'Japan' }
const materials = findProductGroup('critical-materials').products

const ask = (chokepoint: Chokepoint, dataset: string, who: readonly string[], aggregate = false) =>
  chokepoint.ask('concentration', {
    dataset,
    importer: [...who],
    group: ['critical-materials'],
    period: periods.map(periodName),
    preset: 'ec',
    min_value: 0,
    aggregate,
  })

const decimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
/** Millions to one decimal; what rounds to nothing reads "< 0.1". */
export const millions = (value: number) => (value < 50_000 ? '< 0.1' : decimal.format(value / 1e6))
/** An index, with its bounds where purchases without a known supplier make them differ in the digits shown. */
const index = ({ hhi, hhi_low, hhi_high }: Row) =>
  hhi_low.toFixed(3) === hhi_high.toFixed(3)
    ? hhi.toFixed(3)
    : `${hhi.toFixed(3)} (${hhi_low.toFixed(3)} to ${hhi_high.toFixed(3)})`
const leader = ({ lead_supplier, lead_share }: Row) =>
  lead_supplier === null || lead_share === null ? 'unknown' : `${economyName(lead_supplier)} ${percent(lead_share)}`
const cellsOf = (row: Row | undefined): string[] =>
  row
    ? [millions(row.value), index(row), leader(row), row.verdict === 'yes' ? `**${row.class}**` : String(row.class)]
    : ['–', '–', '–', '–']

/**
 * A table as Markdown has it, columns as wide as their widest cell and three characters at least; a heading that begins with
 * a colon stands right.
 */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = headings.map((heading) => heading.startsWith(':'))
  const lines = [headings.map((heading) => heading.replace(/^:/, '')), ...rows]
  const widths = headings.map((_, place) => Math.max(3, ...lines.map((line) => [...(line[place] ?? '')].length)))
  const [head, ...body] = lines.map(
    (line) =>
      `| ${line.map((cell, place) => (right[place] ? cell.padStart(widths[place] ?? 0) : cell.padEnd(widths[place] ?? 0))).join(' | ')} |`,
  )
  const rule = widths.map((width, place) => (right[place] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [head, `| ${rule.join(' | ')} |`, ...body].join('\n')
}

const yearHeadings = periods.flatMap((period) => [
  `:${periodName(period)}, USD m`,
  ':index',
  'leading supplier',
  'class',
])

function tableFor(rows: readonly Row[], importer: string): string {
  return tableOf(
    ['HS6', 'material', ...yearHeadings],
    materials.map(({ product, note }) => [
      product,
      note,
      ...periods.flatMap((period) =>
        cellsOf(rows.find((row) => row.importer === importer && row.period === period && row.product === product)),
      ),
    ]),
  )
}

/** One importer's table of the page, a material a line, from any dataset that holds its purchases of these materials. */
export async function materialsTable(chokepoint: Chokepoint, dataset: string, importer: string): Promise<string> {
  return tableFor(await (await ask(chokepoint, dataset, [importer])).rows(), importer)
}

/** The page docs/thirty-materials.md, from the dataset of complete flows. */
export async function materialsPage(chokepoint: Chokepoint, dataset: string): Promise<string> {
  const answer = await ask(chokepoint, dataset, importers)
  const rows = await answer.rows()
  const totals = await (await ask(chokepoint, dataset, importers, true)).rows()
  const summary = importers.flatMap((importer) =>
    periods.map((period) => {
      const total = totals.find((row) => row.importer === importer && row.period === period)
      const led = rows.filter(
        (row) => row.importer === importer && row.period === period && row.lead_supplier === 'CHN',
      )
      return [
        title[importer] ?? importer,
        periodName(period),
        String(total?.products),
        String(total?.concentrated),
        String(total?.undetermined),
        percent(total?.value_share ?? Number.NaN),
        String(led.length),
        String(led.filter((row) => row.verdict === 'yes').length),
      ]
    }),
  )
  const [source] = answer.datasets
  if (!source) throw new Error('an answer names the dataset that it was read from')
  const { name, version, sources, currency, valuation } = source
  return `# Thirty critical materials: from whom the Union, Germany and Japan buy

Made by \`npm run compile-materials\` from the complete world flows of these thirty codes. Nothing here is typed by hand.

For each material: what was bought from abroad, how concentrated that was, who sold most, and whether the European
Commission's threshold calls it concentrated.

- **The index** is the Herfindahl-Hirschman index, the sum of the squared shares of all suppliers: 1 is a single
  supplier, 0.25 four equal ones. Two numbers in brackets are its bounds, where some purchases have no known supplier.
- **Concentrated** is an index above 0.4 (preset \`ec\`: SWD(2021)352, its first criterion; the others are not judged
  here). Where the bounds lie on both sides of it, the class is undetermined.
- **The European Union** is its 27 members of today as one buyer: what they sell to each other is left out. Germany
  buys as an economy, from members too, so a Dutch or Belgian leader may be a port and not a source.
- **A code may be wider than its material**: "among other goods" says so. Trade says nothing of stocks, of what is mined
  or refined at home, or of what parts and machines bring along.
- **Small purchases** are shown as well. Two suppliers always make 0.5 or more, however little is bought. Values differ
  by up to five orders of magnitude, so a share of the value says little about the small ones.

${tableOf(
  [
    'importer',
    'year',
    ':materials bought',
    ':concentrated',
    ':undetermined',
    ':value in concentrated',
    ':led by China',
    ':led by China and concentrated',
  ],
  summary,
)}

${importers.map((importer) => `## ${title[importer]}\n\n${tableFor(rows, importer)}\n`).join('\n')}
## Source

\`${name}@${version}\`: ${sources.join('; ')}.

Current ${currency}, ${valuation}, as reconciled by the publisher from both sides' reports; flows under USD 1,000 are not in
it. Thirty codes of HS2017, chosen by the Critical Materials Atlas (doi 10.5281/zenodo.21948855).

Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the Product-Level. The 1994-2007 Version, CEPII
Working Paper 2010-23.

With the publisher's whole file the same figures come from

\`\`\`
npx --no-install chokepoint load BACI_HS17_V202601.zip --as baci
npx --no-install chokepoint concentration --dataset baci --importer EU27,Germany,Japan \\
  --group critical-materials --period 2022,2024 --min-value 0
\`\`\`
`
}
