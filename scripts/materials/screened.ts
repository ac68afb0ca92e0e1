import { type Answer, analyses, type Chokepoint, type RowOf } from '../../src/index.ts'
import { economyName } from '../../src/reference/economies.ts'
import { findProductGroup } from '../../src/reference/product-groups.ts'
import { type Method, methods } from '../../src/screening/methods.ts'
import { amount, percent, periodName } from '../../src/wording.ts'
import { millions, tableOf } from './page.ts'

type Row = RowOf<(typeof analyses)['screen']>

const periods = [202200, 202400] as const
const importers = ['EU27', 'DEU', 'USA', 'JPN', 'KOR', 'IND', 'GBR', 'CHN', 'RUS'] as const
const materials = findProductGroup('critical-materials').products
const marks: Readonly<Record<string, string>> = { yes: '●', no: '○', undetermined: '?' }
const markOf = (row: Row | undefined) => (row ? (marks[row.verdict ?? ''] ?? '–') : '×')
const title = (importer: string) => (importer === 'EU27' ? 'European Union' : economyName(importer))

const ask = (chokepoint: Chokepoint, dataset: string, who: readonly string[], more: object = {}) =>
  chokepoint.ask('screen', {
    dataset,
    importer: [...who],
    group: ['critical-materials'],
    period: periods.map(periodName),
    min_value: 0,
    keep: 'all',
    ...more,
  })

const leader = (row: Row | undefined) =>
  !row
    ? '–'
    : row.lead_supplier === null
      ? 'unknown'
      : `${economyName(row.lead_supplier)} ${percent(row.lead_share ?? 0)}`

/** One importer's table: a material a line, a method a column, in each cell the verdicts of both years. */
function tableFor(rows: readonly Row[], importer: string, shipped: readonly { name: string; short: string }[]): string {
  const mine = rows.filter((row) => row.importer === importer)
  return tableOf(
    [
      'HS6',
      'material',
      ...periods.flatMap((period) => [`:${periodName(period)}, USD m`, 'leading supplier']),
      ...shipped.map((method) => method.short),
    ],
    materials.map(({ product, note }) => {
      const of = (period: number, method?: string) =>
        mine.find(
          (row) => row.product === product && row.period === period && (method === undefined || row.method === method),
        )
      return [
        product,
        note,
        ...periods.flatMap((period) => {
          const row = of(period)
          return [row ? millions(row.imports) : '–', leader(row)]
        }),
        ...shipped.map(({ name }) => periods.map((period) => markOf(of(period, name))).join('')),
      ]
    }),
  )
}

/** What must hold, as the method's file says it. */
function ruleOf({ criteria, window }: Method): string {
  const parts = criteria.map(({ measure, exports, operator, threshold: { numerator, denominator } }) =>
    [
      `\`${measure}\``,
      ...(measure === 'imports_to_exports' && exports === 'total' ? ['(members’ trade among the exports)'] : []),
      operator,
      denominator === 1 ? numerator : `${numerator}/${denominator}`,
    ].join(' '),
  )
  const when =
    window.rule === 'at least'
      ? `, in ${window.hold} of ${window.years} years`
      : window.rule === 'sum'
        ? `, over ${window.years} years together`
        : ''
  return `${parts.join(', ')}${when}`
}

const shippedMethods = (chokepoint: Chokepoint) => methods(chokepoint.home).filter((method) => !method.own)

/** One importer's table of the page, from any dataset that holds its purchases of these materials. */
export async function screenedTable(chokepoint: Chokepoint, dataset: string, importer: string): Promise<string> {
  return tableFor(await (await ask(chokepoint, dataset, [importer])).rows(), importer, shippedMethods(chokepoint))
}

/** Critical products an importer, year and method; – where the method judges none. */
async function countsOf(answer: Answer<Row>, names: readonly string[]): Promise<string[][]> {
  const totals = await answer.rows()
  return importers.flatMap((importer) =>
    periods.map((period) => {
      const mine = totals.filter((row) => row.importer === importer && row.period === period)
      return [
        title(importer),
        periodName(period),
        String(mine[0]?.products ?? 0),
        ...names.map((name) => {
          const row = mine.find((one) => one.method === name)
          if (row?.critical == null) return '–'
          return row.undetermined ? `${row.critical} (${row.undetermined} ?)` : String(row.critical)
        }),
      ]
    }),
  )
}

/** The page docs/critical-materials-screened.md, from the dataset of complete flows. */
export async function screenedPage(chokepoint: Chokepoint, dataset: string): Promise<string> {
  const shipped = shippedMethods(chokepoint)
  const answer = await ask(chokepoint, dataset, importers)
  const rows = await answer.rows()
  const heads = ['importer', 'year', ':bought']
  const counts = await countsOf(
    await ask(chokepoint, dataset, importers, { aggregate: true }),
    shipped.map((method) => method.name),
  )
  const windowed = shipped.filter((method) => method.window.rule !== 'period')
  const alone = await countsOf(
    await ask(chokepoint, dataset, importers, {
      aggregate: true,
      years: 1,
      method: windowed.map((method) => method.name),
    }),
    windowed.map((method) => method.name),
  )
  const purchases = new Map<string, Row[]>()
  for (const row of rows) {
    const key = `${row.importer} ${row.period} ${row.product}`
    purchases.set(key, [...(purchases.get(key) ?? []), row])
  }
  const bought = [...purchases.values()]
  const withVerdict = (verdict: string, of = bought) => of.filter((one) => one.some((row) => row.verdict === verdict))
  const shown = bought.filter((one) => one.some((row) => row.verdict === 'yes' || row.verdict === 'undetermined'))
  const floor = analyses.screen.parameters.parse({}).min_value
  const small = bought.filter((purchase) => (purchase[0]?.imports ?? 0) < floor)
  const [source] = answer.datasets
  if (!source) throw new Error('an answer names the dataset that it was read from')
  return `# Thirty critical materials, by nine definitions of a critical product

Made by \`npm run compile-materials\` from the complete world flows of these thirty codes. Nothing here is typed by hand.

Nine methods ([screening.md](screening.md), each with its source in \`data/methods\`) say of each material and importer
whether it is critical. A cell has ${periods.map(periodName).join(' and ')} side by side, so ○● became critical:

**● critical, ○ not critical, ? undetermined, – no verdict, × nothing bought**

${tableOf(
  ['', 'method', 'critical where all of these hold'],
  shipped.map((method) => [method.short, `\`${method.name}\`: ${method.title}`, ruleOf(method)]),
)}

- **No verdict is not no.** Two years do not carry a rule over three or four, and no coalition was named:
${answer.caveats
  .filter((caveat) => caveat.startsWith('No verdict of'))
  .map((caveat) => `  - ${caveat}`)
  .join('\n')}
- **Undetermined** is a verdict that partners which are not known could tip; here ${withVerdict('undetermined').length || 'none'} is.
- **The supplier** that HJS, MER and GOE ask about is each purchase's leading one; none was named.
- **Blocs.** The European Union is its 27 members of today as one buyer, without trade among them; Germany buys as an
  economy, from members too. Every supplier stands for itself, members of the Union among them: with \`--merge EU27\`, which
  GeoDep seems to do, other verdicts come out. A criterion on the share from outside says nothing of a single economy.
- **Exports stand for what is made at home**: an economy that makes and uses all of a material counts as making none. The
  Union's are those to outsiders where a method does not say otherwise.
- **No purchase is left out** (\`min_value: 0\`, \`keep: all\`). ${small.length} of the ${bought.length} purchases are of less than
  ${amount(floor, source.currency)} in a year, which \`screen\` leaves out unless told otherwise; ${withVerdict('yes', small).length} of them are critical by some method. It also
  shows only what some method finds critical or leaves open, here ${shown.length} of ${bought.length}.
- **A code may be wider than its material**: "among other goods" says so.

## How many of the materials are critical

${tableOf([...heads, ...shipped.map((method) => `:${method.short}`)], counts)}

The criteria of ${windowed.map((method) => method.short).join(' and ')}, met in the year alone (\`--years 1\`). These are not the verdicts of the methods,
which ask for several years:

${tableOf([...heads, ...windowed.map((method) => `:${method.short}, one year`)], alone)}

${importers.map((importer) => `## ${title(importer)}\n\n${tableFor(rows, importer, shipped)}\n`).join('\n')}
## Source

\`${source.name}@${source.version}\`: ${source.sources.join('; ')}.

Current ${source.currency}, ${source.valuation}, as reconciled by the publisher from both sides' reports; flows under USD 1,000 are not in
it. Thirty codes of HS2017, chosen by the Critical Materials Atlas (doi 10.5281/zenodo.21948855).

Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the Product-Level. The 1994-2007 Version, CEPII
Working Paper 2010-23.

What could not be read in a method's source, and what was chosen instead, stands in its file. With the publisher's whole
file the same verdicts come from

\`\`\`
npx --no-install chokepoint load BACI_HS17_V202601.zip --as baci
npx --no-install chokepoint screen --dataset baci --group critical-materials --period 2022,2024 --min-value 0 --keep all \\
  --importer ${importers.join(',')}
\`\`\`
`
}
