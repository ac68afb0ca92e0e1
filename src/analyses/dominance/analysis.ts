import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { bases } from '../../dataset/tables/vendor.ts'
import { anyPassing } from '../../measures/passing.ts'
import { economiesIn, economyInWords } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import { percent, periodName } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { flowParameters, period, share } from '../fields.ts'
import { type StandingMarket, sellerName, vendorMarkets } from '../markets.ts'
import { type Exit, exitOf, ruleNames } from './exits.ts'
import { flowMarkets } from './flow-markets.ts'

const list = z.array(z.string().min(1)).readonly()

const { supplier: _, ...question } = flowParameters

const parameters = z.strictObject({
  ...question,
  exit: list.default([]).meta({
    description: 'Who leaves: economies, or vendors by name or jurisdiction; each alone is shown beside all together',
  }),
  rule: z
    .enum(['all', ...ruleNames])
    .default('all')
    .meta({ description: 'How the leavers’ custom falls to those that stay' }),
  segment: list
    .default([])
    .meta({ description: 'Of a vendor table: base stations, telecom equipment, …; all where left out' }),
  basis: z
    .array(z.enum(bases))
    .readonly()
    .default([])
    .meta({ description: 'Of a vendor table: what shares are of, such as installed; bases are never put together' }),
  nest: list.default([]).meta({
    description:
      'Sellers that buyers take for each other, A+B+C or a group; others form one nest. Else coalition and others, or home and foreign vendors',
  }),
  dissimilarity: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .meta({ description: 'Nested: 1 is proportional, towards 0 a nest keeps its custom' }),
  cap: list.default([]).meta({ description: 'Capped: the most that a seller can hold of the market, Huawei:0.6' }),
  spare: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .meta({ description: 'Capped, of economies: what each can add, as a part of its exports of the product' }),
  by: z
    .enum(['supplier', 'jurisdiction'])
    .default('supplier')
    .meta({ description: 'Vendors one by one, or together by jurisdiction' }),
  threshold: z.number().gt(0).lt(1).default(0.5).meta({ description: 'Share whose passing p_above is of' }),
  precision: z.number().gt(0).max(100_000).default(50).meta({
    description: 'How well shares after the exit are known: n of a Dirichlet distribution; 50 is ±7 points at one half',
  }),
  taste_sd: z.number().min(0).max(20).default(0).meta({
    description:
      'In place of precision: standard deviation of the logit of a share, for shifts of taste; p_any is then null',
  }),
  seed: z.int().min(0).max(4294967295).default(1).meta({ description: 'Of the draws for p_any below one half' }),
})

const index = z.number().min(0).max(1)
const indexUnit = 'index 0-1'
const shareUnit = 'share 0-1'
const probability = z.number().min(0).max(1).nullable()

const columns = z.strictObject({
  period,
  importer: z.string().meta({ description: 'Who buys', unit: 'economy' }),
  product: z.string().meta({ description: 'What: a product, or the segment of a vendor table', unit: 'product' }),
  exit: z.string().meta({ description: 'Who leaves; nobody where none of them sells here', unit: 'economy' }),
  rule: z.string().meta({ description: 'How custom falls to those that stay', unit: 'text' }),
  supplier: z.string().meta({ description: 'Who stays; X-UNALLOCATED is nobody known', unit: 'economy' }),
  share_before: share.nullable().meta({ description: 'Null where the source gives an interval', unit: shareUnit }),
  share_before_low: share.meta({ description: 'At least', unit: shareUnit }),
  share_before_high: share.meta({
    description: 'At most, all that is unallocated counted as its own',
    unit: shareUnit,
  }),
  share_after: share
    .nullable()
    .meta({ description: 'Once they are gone; null where intervals leave it open', unit: shareUnit }),
  share_after_low: share.meta({ description: 'At least', unit: shareUnit }),
  share_after_high: share.meta({ description: 'At most, all that is unallocated counted as its own', unit: shareUnit }),
  rank_after: z.int().nullable().meta({ description: '1 holds most; the unallocated part has none', unit: 'rank' }),
  lead_gap_after: z
    .number()
    .min(-1)
    .max(1)
    .nullable()
    .meta({ description: 'Less the largest other known share', unit: 'difference of shares' }),
  hhi_before: index.nullable().meta({ description: 'Index of the market as it is', unit: indexUnit }),
  hhi_before_low: index.meta({ description: 'Unallocated part spread thin', unit: indexUnit }),
  hhi_before_high: index.meta({ description: 'Unallocated part all the leader’s', unit: indexUnit }),
  hhi_after: index.nullable().meta({ description: 'Index of what is served after the exit', unit: indexUnit }),
  hhi_after_low: index
    .nullable()
    .meta({ description: 'Unallocated part spread thin; null where nobody stays', unit: indexUnit }),
  hhi_after_high: index.nullable().meta({ description: 'Unallocated part all the leader’s', unit: indexUnit }),
  hhi_change: z
    .number()
    .min(-1)
    .max(1)
    .nullable()
    .meta({ description: 'After less before', unit: 'difference of indices' }),
  unmet: share.meta({ description: 'Of the market, what nobody can serve under caps', unit: shareUnit }),
  p_above: probability.meta({ description: 'Probability that its share passes the threshold', unit: 'probability' }),
  p_above_low: probability.meta({ description: 'With its share at least', unit: 'probability' }),
  p_above_high: probability.meta({ description: 'With its share at most', unit: 'probability' }),
  p_any: probability.meta({ description: 'Probability that any known seller passes it', unit: 'probability' }),
  basis: z.string().meta({ description: 'What shares are of: value, installed, sales_units, …', unit: 'text' }),
  jurisdiction: z.string().nullable().meta({ description: 'Of the seller, where it is known', unit: 'economy' }),
  certainty: z
    .string()
    .nullable()
    .meta({ description: 'Of the source: A official to D anonymous; null for customs data', unit: 'grade' }),
  source: z.string().nullable().meta({ description: 'Who gave the shares; null for customs data', unit: 'text' }),
})

const all = (exits: readonly string[]) => (exits.length === 0 ? 'nobody' : exits.join('+'))

/** "Huawei would hold 66.7 % (up to 100 %)" */
function holds(row: Row): string {
  const [low, high] = [Number(row['share_after_low']), Number(row['share_after_high'])]
  if (row['share_after'] !== null && high - low < 0.0005) return percent(low)
  return `${percent(low)} (up to ${percent(high)} if what is unallocated is its own)`
}

function headlineOf(rows: readonly Row[], exits: readonly string[]): string | undefined {
  const joint = rows.filter((row) => row['exit'] === all(exits) && row['rule'] === rows[0]?.['rule'])
  const leaders = joint.filter((row) => row['rank_after'] === 1)
  const first = leaders[0]
  const who = exits.map(economyInWords).join(' and ')
  if (!first || exits.length === 0) return undefined
  if (leaders.length === 1 || first['basis'] !== 'value') {
    const index = (when: 'before' | 'after') => {
      const [value, low, high] = ['', '_low', '_high'].map((end) => first[`hhi_${when}${end}`])
      const written = (number: unknown) => Number(number).toFixed(3)
      if (value === null) return `between ${written(low)} and ${written(high)}`
      return Number(high) - Number(low) < 0.0005
        ? written(value)
        : `${written(value)} (${written(low)} to ${written(high)})`
    }
    return `If ${who} left, ${sellerName(String(first['supplier']))} would hold ${holds(first)} of ${first['product']} in ${economyInWords(String(first['importer']))} as of ${periodName(Number(first['period']))}, from ${percent(Number(first['share_before_low']))}; the index of concentration would go from ${index('before')} to ${index('after')}.`
  }
  const last = leaders.at(-1) as Row
  const latest = leaders.filter(
    (row) =>
      row['period'] === last['period'] && row['importer'] === last['importer'] && row['source'] === last['source'],
  )
  const counts = new Map<string, number>()
  for (const row of latest) counts.set(String(row['supplier']), (counts.get(String(row['supplier'])) ?? 0) + 1)
  const most = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3)
  const over = latest.filter((row) => Number(row['share_after_low']) > 0.5).length
  return `If ${who} left, of ${latest.length} markets of ${economyInWords(String(last['importer']))} in ${periodName(Number(last['period']))}, ${most.map(([seller, count], at) => `${count} ${at === 0 ? 'would be led ' : ''}by ${sellerName(seller)}`).join(', ')}; one supplier would hold more than half of ${over}.`
}

export const dominance = defineAnalysis({
  name: 'dominance',
  title: 'Dominance after exits',
  question: 'Who owns the market once some suppliers or vendors leave?',
  example: 'chokepoint dominance --dataset russia-vendors --segment "base stations" --exit Nokia,Ericsson',
  needs: { kinds: ['flow', 'vendor'], complete_suppliers: true },
  parameters,
  columns,
  keys: ['period', 'importer', 'product', 'basis', 'source', 'exit', 'rule', 'supplier'],
  shown: [
    'period',
    'product',
    'exit',
    'rule',
    'supplier',
    'share_before',
    'share_after',
    'share_after_high',
    'hhi_after',
  ],
  chart: {
    kind: 'dumbbell',
    measure: 'Share of supply before and after the exit',
    label: 'supplier',
    from: 'share_before',
    to: 'share_after',
    from_says: 'before',
    to_says: 'after',
    threshold: { at: { parameter: 'threshold' }, says: 'above' },
    panels: ['importer', 'product', 'basis', 'period', 'exit', 'rule'],
  },
  sources: [
    'Methods, scenarios section b (DOM1, DOM4, DOM6): proportional, nested and capped reallocation; P(share > T)',
    'McFadden (1978), Modelling the Choice of Residential Location: nested logit',
    'Hirschman (1964), The Paternity of an Index, American Economic Review 54(5)',
  ],
  limits: [
    'It moves today’s custom once; it foretells neither prices, nor entry, nor how long it takes: see dominance-path.',
    'An installed base does not change when a vendor stops selling: it is read as who would serve it.',
    'The three rules are assumptions about buyers, shown side by side because no data choose among them.',
  ],
  async run(given, context) {
    const flows = context.dataset?.kind === 'flow'
    const { markets, exits, caveats } = flows ? await flowMarkets(given, context) : await vendorMarkets(given, context)
    const nests = given.nest.map((nest) =>
      flows ? economiesIn(nest, Math.floor((markets.at(-1)?.period ?? 0) / 100), context.home).join('+') : nest,
    )
    const said: string[] = [...caveats]
    const capless = !flows && given.cap.length === 0
    const rules = ruleNames.filter((name) =>
      given.rule === 'all' ? !(name === 'capped' && capless) : name === given.rule,
    )
    if (given.rule === 'capped' && capless)
      throw new Refusal(
        'wrong_use',
        'parameter/missing',
        'capped by how much? Name sellers and the most each can hold: --cap Huawei:0.6,ZTE:0.15',
      )
    if (given.rule === 'all' && capless)
      said.push('The capped rule is left out: a vendor table does not say what each can supply. Add --cap Huawei:0.6')
    if (exits.length === 0) said.push('Nobody leaves: name who with --exit.')
    const outcomes: Exit[] = []
    for (const standing of markets) {
      // Thousands of markets may take a while: others have their turn, and whoever asked may give up.
      await setImmediate()
      context.signal?.throwIfAborted()
      const cases: [string, ReadonlySet<string>][] = [[all(exits), new Set(standing.all_leavers)]]
      for (const [place, exit] of exits.entries()) {
        const alone = standing.leavers[place]
        if (exits.length > 1 && alone && alone.length > 0) cases.push([exit, new Set(alone)])
      }
      for (const [exit, leaving] of cases)
        for (const rule of rules) outcomes.push(exitOf(standing, leaving, exit, rule, { ...given, nest: nests }))
    }
    const uncertain = outcomes.filter(({ shares }) => shares !== undefined)
    const found = await context.compute(
      anyPassing,
      uncertain.map(({ shares = [] }) => [shares, given.precision, given.threshold, given.seed] as const),
    )
    const passing = new Map(uncertain.map((one, place) => [one, found[place] as number]))
    const rows = outcomes.flatMap((one) => one.rows.map((row): Row => ({ ...row, p_any: passing.get(one) ?? null })))
    const spread =
      given.taste_sd > 0
        ? `the logit of a share normal about it with standard deviation ${given.taste_sd}`
        : `shares known as by a Dirichlet distribution of precision ${given.precision}`
    const drawn = given.taste_sd === 0 && given.threshold < 0.5 ? `; p_any by draws with seed ${given.seed}` : ''
    said.push(`p_above is of passing ${percent(given.threshold)}, with ${spread}${drawn}.`)
    if (!flows) said.push(...notesOnSources(markets))
    if (rules.includes('nested'))
      said.push(
        `Nested: dissimilarity ${given.dissimilarity}; nests ${given.nest.length > 0 ? `${given.nest.join(' and ')}, all others` : flows ? 'the sanctioning coalition, all others' : 'home makers, foreign vendors'}.`,
      )
    if (flows && rules.includes('capped'))
      said.push(
        `Capped: each supplier can add ${percent(given.spare)} of its exports of the product, less what it will miss itself.`,
      )
    return { rows, headline: headlineOf(rows, exits), caveats: said, resolved: { exit: exits } }
  },
})

/** What each source of shares can carry, and that sources are not averaged. */
function notesOnSources(markets: readonly StandingMarket[]): string[] {
  const open = markets.map(({ source, product, basis, period: at, certainty, market }) => {
    const part = market.slack > 0.0005 ? `; ${percent(market.slack)} of it is not allotted to anyone` : ''
    return `${product}, ${basis}, ${periodName(at)}: ${source}, certainty ${certainty}${part}.`
  })
  return [
    ...open,
    ...(markets.length > 1 ? ['Sources, bases and periods stand side by side and are never averaged.'] : []),
  ]
}
