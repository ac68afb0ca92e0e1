import { z } from 'zod'
import {
  type Contrast,
  type Contrasted,
  contrastWork,
  counts,
  fewestTreated,
  type GrowthUnit,
  permutationWork,
  type Reading,
  readings,
} from '../../measures/growth-contrasts.ts'
import { economyInWords, economyName } from '../../reference/economies.ts'
import type { Compute } from '../../threads/work.ts'
import { percent } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { controlParameters } from '../controlling.ts'
import { count, flowParameters } from '../fields.ts'
import {
  type Measured,
  measured,
  type SuppliedGoods,
  type SuppliedUnit,
  type Supply,
  suppliesIn,
} from './supplied-goods.ts'

const { origin: _, ...control } = controlParameters
const list = z.array(z.string().min(1)).readonly()

const parameters = z.strictObject({
  dataset: flowParameters.dataset,
  supplier: list.default([]).meta({ description: 'Whose sales are judged: economies or blocs, each by itself' }),
  ...control,
  others: list.default([]).meta({ description: 'The other suppliers; every other in the dataset where left out' }),
  product: list.default([]).meta({ description: 'Codes of the controlled goods, in place of a list' }),
  post: z.string().default('').meta({
    description: 'The span after the event, 2022-03:2022-11 or 2023; the first that the donut leaves where left out',
  }),
  pre_years: z.int().min(1).max(10).default(1).meta({ description: 'Years before of which the mean is taken' }),
  level: z.enum(['', '4', '6', '8']).default('').meta({
    description: 'Units of goods, in digits by number; left out, the finest that compare over all years',
  }),
  side: flowParameters.side,
  totals: z.string().default('').meta({
    description: 'A dataset of all goods of the supplier, for unlisted goods where this one holds listed goods only',
  }),
  cluster: z.enum(['unit', '2', '4', '6']).default('4').meta({
    description: 'Goods whose fate is shared, by the first digits of their codes; unit: each by itself',
  }),
  reading: z
    .array(z.enum(readings))
    .readonly()
    .default(['sums'])
    .meta({ description: 'sums: Poisson likelihood, zeros kept; products: mean growth of goods, each counting once' }),
  weights: z.enum(['auto', 'rademacher', 'webb']).default('auto').meta({
    description: 'Of the bootstrap: signs, or Webb’s six points; auto takes those below ten clusters',
  }),
  seed: z.int().min(0).max(4294967295).default(1).meta({ description: 'Of weights and lists drawn by lot' }),
})

const states = ['complied', 'over-complied', 'no fall', 'backfilled', 'undetermined'] as const
type State = (typeof states)[number]

const change = z.number().min(-1).nullable()
const changeUnit = 'relative change'
const statistic = z.number().nullable()
const amountOf = 'currency, or tonnes'

/** Columns of a contrast: its effect, its bounds, its standard error and its probability. */
const contrastColumns = <Name extends string>(name: Name, says: string) =>
  ({
    [name]: change.meta({ description: `${says}; null where a side has no trade in a window`, unit: changeUnit }),
    [`${name}_low`]: change.meta({
      description: 'At least, at 95 %; null where it is open or not known',
      unit: changeUnit,
    }),
    [`${name}_high`]: change.meta({
      description: 'At most, at 95 %; null where it is open or not known',
      unit: changeUnit,
    }),
    [`${name}_se`]: statistic.meta({
      description: 'Standard error of its logarithm, by clusters',
      unit: 'difference of logarithms',
    }),
    [`${name}_p`]: statistic.meta({
      description: 'Of the wild cluster bootstrap, the null imposed',
      unit: 'probability',
    }),
  }) as Record<Name | `${Name}_low` | `${Name}_high`, typeof change> &
    Record<`${Name}_se` | `${Name}_p`, typeof statistic>

const columns = z.strictObject({
  destination: z.string().meta({ description: 'To whom', unit: 'economy' }),
  supplier: z.string().meta({ description: 'Whose sales', unit: 'economy' }),
  measured: z.enum(measured).meta({ description: 'Value, or weight where it is known', unit: 'text' }),
  reading: z.enum(readings).meta({ description: 'sums of goods, or the mean of products', unit: 'text' }),
  state: z.enum(states).meta({ description: 'What it amounts to', unit: 'text' }),
  listed_before: z.number().meta({ description: 'Listed goods sold before, in the mean of windows', unit: amountOf }),
  listed_after: z.number().meta({ description: 'And after', unit: amountOf }),
  listed_ratio: statistic.meta({ description: 'One over the other', unit: 'ratio' }),
  unlisted_ratio: statistic.meta({ description: 'The same of goods off the list', unit: 'ratio' }),
  ...contrastColumns('within', 'Listed goods against its own other goods'),
  ...contrastColumns('listed_vs_others', 'Its listed goods against the same goods of other suppliers'),
  ...contrastColumns('unlisted_vs_others', 'Its other goods against those of other suppliers'),
  ...contrastColumns(
    'triple',
    'Within, against the same of other suppliers: it mixes holding back with others’ filling in',
  ),
  backfill: change.meta({ description: 'Growth of listed goods of the others: who fills the gap', unit: changeUnit }),
  counterfactual: z.number().nullable().meta({
    description: 'Listed goods after, had they gone as its other goods did',
    unit: amountOf,
  }),
  shortfall: z
    .number()
    .nullable()
    .meta({ description: 'That less what was sold; negative where more was', unit: amountOf }),
  permutation_p: statistic.meta({
    description: 'Share of lists drawn from its own goods that fall as far against the rest',
    unit: 'probability',
  }),
  interval: z
    .enum(['cluster', 'welch', 'bootstrap', 'none'])
    .meta({ description: 'How the bounds of within were found', unit: 'text' }),
  clusters: count.nullable().meta({ description: 'Clusters of goods in within', unit: 'count' }),
  treated_clusters: count.nullable().meta({ description: 'Of them with listed goods', unit: 'count' }),
  listed_products: count.meta({ description: 'Units of its listed goods', unit: 'count' }),
  unlisted_products: count.meta({ description: 'Units of its other goods', unit: 'count' }),
  stopped: count.meta({ description: 'Of its listed units, those sold only before', unit: 'count' }),
  begun: count.meta({ description: 'Those sold only after', unit: 'count' }),
  left_out: count.meta({ description: 'Its units that the reading leaves out: nothing in a window', unit: 'count' }),
  reasons: z.string().meta({ description: 'Why the state is what it is', unit: 'text' }),
})

/** How each contrast sets groups against each other: listed and other goods of the supplier, then of the others. */
const contrasts = {
  within: { groups: ['own listed', 'own other'], signs: [1, -1] },
  listed_vs_others: { groups: ['own listed', 'others listed'], signs: [1, -1] },
  unlisted_vs_others: { groups: ['own other', 'others other'], signs: [1, -1] },
  triple: { groups: ['own listed', 'own other', 'others listed', 'others other'], signs: [1, -1, -1, 1] },
} as const satisfies Record<string, { groups: readonly string[]; signs: Contrast }>
type ContrastName = keyof typeof contrasts
const contrastNames = Object.keys(contrasts) as ContrastName[]

/** A fall that is no more than this is none. */
const negligibleFall = Math.log(0.9)

const effect = (log: number | null | undefined) => (log === null || log === undefined ? null : Math.exp(log) - 1)

/** Whether the supplier sold listed goods in a window. */
const hasListed = ({ own }: SuppliedGoods) => own.some(({ listed }) => listed)

/** What the contrasts amount to, and why. Source: methods, section e. */
function stateOf(
  found: Readonly<Record<ContrastName, Contrasted | undefined>>,
  goods: SuppliedGoods,
): { state: State; reasons: string[] } {
  if (!hasListed(goods)) return { state: 'undetermined', reasons: ['it sold no listed goods in a window'] }
  const { within, listed_vs_others: listed, unlisted_vs_others: other } = found
  const falls = (one: Contrasted | undefined) => one?.high !== null && one !== undefined && one.high < 0
  const rises = (one: Contrasted | undefined) => one?.low !== null && one !== undefined && one.low > 0
  const holds = (one: Contrasted | undefined) => one?.low !== null && one !== undefined && one.low > negligibleFall
  if (falls(within) && falls(listed))
    return falls(other)
      ? {
          state: 'over-complied',
          reasons: ['its listed goods fell against its other goods and against others’; its other goods fell too'],
        }
      : { state: 'complied', reasons: ['its listed goods fell against its other goods and against others’'] }
  if (rises(within) && rises(listed))
    return { state: 'backfilled', reasons: ['its listed goods rose against its other goods and against others’'] }
  if (holds(within) && holds(listed))
    return {
      state: 'no fall',
      reasons: ['a fall of more than 10 % is ruled out, against its other goods and against others’'],
    }
  const reasons: string[] = []
  const few = (one: Contrasted | undefined, against: string) => {
    if (one && one.interval === 'none' && one.treated < fewestTreated)
      reasons.push(
        `${one.treated} ${one.treated === 1 ? 'cluster of goods is' : 'clusters of goods are'} too few for an interval ${against}`,
      )
  }
  if (!goods.own.some((unit) => !unit.listed)) reasons.push('its goods off the list are not in the data')
  else if (goods.unlisted_is_sum) reasons.push('its goods off the list are one sum, whose spread is not known')
  else if (!within) reasons.push('it sold nothing of listed or of other goods in a window')
  else few(within, 'against its other goods')
  if (goods.others.length === 0) reasons.push('no other supplier is in the data')
  else if (!listed) reasons.push('nobody else sold listed goods in a window')
  else few(listed, 'against others')
  if (reasons.length === 0) {
    const say = (one: Contrasted | undefined, against: string) =>
      one &&
      reasons.push(
        falls(one)
          ? `its listed goods fell against ${against}`
          : rises(one)
            ? `its listed goods rose against ${against}`
            : `it is open whether they fell against ${against}`,
      )
    say(within, 'its other goods')
    say(listed, 'others’')
  }
  return { state: 'undetermined', reasons }
}

const statesInWords: Readonly<Record<State, string>> = {
  complied: 'complied',
  'over-complied': 'complied, and sold less of goods nobody listed too',
  'no fall': 'no fall',
  backfilled: 'more of them: it fills a gap',
  undetermined: 'undetermined',
}

/** "European Union’s sales of listed goods to Russia were 28.4 % of what they were; its other goods 67.6 %. …" */
function headlineOf(row: Row): string {
  const part = (value: unknown) => `${percent(Number(value))} of what they were`
  const others = row['unlisted_ratio'] === null ? '' : `, its other goods ${percent(Number(row['unlisted_ratio']))}`
  const signed = (value: unknown) => `${Number(value) >= 0 ? '+' : '−'}${percent(Math.abs(Number(value)))}`
  const bounds =
    row['within_low'] === null || row['within_high'] === null
      ? ''
      : ` (${signed(row['within_low'])} to ${signed(row['within_high'])})`
  const within = row['within'] === null ? '' : `: ${signed(row['within'])} against them${bounds}`
  const against = row['listed_vs_others'] === null ? '' : `, ${signed(row['listed_vs_others'])} against other suppliers`
  const to = economyInWords(String(row['destination']))
  if (row['listed_before'] === 0 && row['listed_after'] === 0)
    return `${economyInWords(String(row['supplier']))} sold no listed goods to ${to}, before or after. State: ${statesInWords[row['state'] as State]}.`
  const ratio = row['listed_ratio'] === null ? 'new' : part(row['listed_ratio'])
  return `${economyInWords(String(row['supplier']))}’s sales of listed goods to ${to} were ${ratio}${others}${within}${against}. State: ${statesInWords[row['state'] as State]} (${row['reasons']}).`
}

interface Asked {
  readonly cluster: 'unit' | '2' | '4' | '6'
  readonly weights: 'auto' | 'rademacher' | 'webb'
  readonly seed: number
}

async function rowOf(
  { destination, supplier }: Supply,
  goods: SuppliedGoods,
  what: Measured,
  reading: Reading,
  { cluster, weights, seed }: Asked,
  compute: Compute,
): Promise<Row> {
  const clusterOf = (unit: string) => (cluster === 'unit' || unit === '' ? unit : unit.slice(0, Number(cluster)))
  const parts: Record<string, readonly SuppliedUnit[]> = {
    'own listed': goods.own.filter(({ listed }) => listed),
    'own other': goods.own.filter(({ listed }) => !listed),
    'others listed': goods.others.filter(({ listed }) => listed),
    'others other': goods.others.filter(({ listed }) => !listed),
  }
  const unitsOf = (name: ContrastName): GrowthUnit[] =>
    contrasts[name].groups.flatMap((group, place) =>
      (parts[group] ?? []).map(({ unit, before, after }) => ({
        group: place,
        cluster: clusterOf(unit),
        before,
        after,
      })),
    )
  const contrasted = await compute(
    contrastWork,
    contrastNames.map((name) => {
      const { groups, signs } = contrasts[name]
      const alone = goods.unlisted_is_sum && groups.some((group) => group === 'own other')
      return [unitsOf(name), signs, reading, { weights, seed, alone }] as const
    }),
  )
  const found = Object.fromEntries(contrastNames.map((name, place) => [name, contrasted[place]])) as Record<
    ContrastName,
    Contrasted | undefined
  >
  const sum = (group: string, when: 'before' | 'after') =>
    (parts[group] ?? []).reduce((all, unit) => all + unit[when], 0)
  const ratio = (group: string) => (sum(group, 'before') > 0 ? sum(group, 'after') / sum(group, 'before') : null)
  const unlisted = ratio('own other')
  const counterfactual = unlisted === null ? null : sum('own listed', 'before') * unlisted
  const backfill = ratio('others listed')
  const own = unitsOf('within')
  const listed = own.filter(({ group }) => group === 0)
  const { state, reasons } = stateOf(found, goods)
  const permuted = goods.unlisted_is_sum ? [null] : await compute(permutationWork, [[own, reading, seed]])
  return {
    destination,
    supplier,
    measured: what,
    reading,
    state,
    listed_before: sum('own listed', 'before'),
    listed_after: sum('own listed', 'after'),
    listed_ratio: ratio('own listed'),
    unlisted_ratio: unlisted,
    ...Object.fromEntries(
      contrastNames.flatMap((name) => {
        const one = found[name]
        return [
          [name, effect(one?.log)],
          [`${name}_low`, effect(one?.low)],
          [`${name}_high`, effect(one?.high)],
          [`${name}_se`, one?.se ?? null],
          [`${name}_p`, one?.p ?? null],
        ]
      }),
    ),
    backfill: backfill === null ? null : backfill - 1,
    counterfactual,
    shortfall: counterfactual === null ? null : counterfactual - sum('own listed', 'after'),
    permutation_p: permuted[0] ?? null,
    interval: found.within?.interval ?? 'none',
    clusters: found.within?.clusters ?? null,
    treated_clusters: found.within?.treated ?? null,
    listed_products: listed.length,
    unlisted_products: goods.unlisted_is_sum ? 0 : own.length - listed.length,
    stopped: listed.filter(({ before, after }) => before > 0 && after === 0).length,
    begun: listed.filter(({ before, after }) => before === 0 && after > 0).length,
    left_out: own.filter((unit) => !counts(unit, reading)).length,
    reasons: reasons.join('; '),
  }
}

export const compliance = defineAnalysis({
  name: 'compliance',
  title: 'Holding back listed goods',
  question: 'Did a supplier hold back listed goods, more than was asked, or fill the gap that others left?',
  example:
    'chokepoint compliance --dataset eu-listed-exports --supplier EU27 --destination Russia --product 8471,8517,8525,8529,8541,8542 --event 2022-02-26',
  needs: { kinds: ['flow'] },
  parameters,
  columns,
  keys: ['destination', 'supplier', 'measured', 'reading'],
  shown: [
    'destination',
    'supplier',
    'measured',
    'reading',
    'state',
    'within',
    'within_low',
    'within_high',
    'listed_vs_others',
    'listed_ratio',
    'unlisted_ratio',
  ],
  chart: [
    {
      kind: 'dumbbell',
      measure: 'Sold after, over before',
      label: 'supplier',
      from: 'unlisted_ratio',
      to: 'listed_ratio',
      from_says: 'goods off the list',
      to_says: 'listed goods',
      threshold: { at: 1, says: 'more than before' },
      panels: ['destination', 'measured', 'reading'],
    },
    {
      kind: 'intervals',
      measure: 'Listed goods against its other goods, at 95 %',
      label: 'supplier',
      low: 'within_low',
      high: 'within_high',
      value: 'within',
      beside: ['state'],
      doubtful: [{ column: 'state', is: 'undetermined', says: 'undetermined' }],
      panels: ['destination', 'measured', 'reading'],
    },
  ],
  sources: [
    'Methods, sections a and e (DIV4, DIV5, CMP1 to CMP4): contrasts of growth within a supplier and against others',
    'Santos Silva and Tenreyro (2006), Review of Economics and Statistics 88(4): Poisson pseudo-maximum likelihood',
    'Cameron, Gelbach and Miller (2008), same 90(3); Webb (2023); Kline and Santos (2012): wild cluster bootstraps',
  ],
  limits: [
    'The fall of goods off the list mixes other bans, firms that left and war: within understates holding back where a supplier leaves a market altogether. All contrasts are printed for that.',
    'Where others fill the gap, their rise is there because of the fall: the triple mixes both.',
    'Value and weight are two answers: fewer tonnes at a higher price is holding back at a premium.',
    'Aggregates of economies: what moved may be prices, exchange rates or demand, and no firm is seen.',
  ],
  async run(given, context) {
    if (context.dataset?.kind !== 'flow') throw new Error('compliance is read from flows')
    const supplies = await suppliesIn(given, context)
    const asked: Promise<Row>[] = []
    const unknown = new Set<string>()
    for (const supply of supplies.all)
      for (const what of measured) {
        const goods = supply[what]
        if (what === 'mass' && !hasListed(goods)) {
          if (hasListed(supply.value)) unknown.add(economyName(supply.supplier))
        } else
          for (const reading of given.reading) asked.push(rowOf(supply, goods, what, reading, given, context.compute))
      }
    const rows = await Promise.all(asked)
    const [first] = rows
    const few = rows.some((row) => row['treated_clusters'] !== null && Number(row['treated_clusters']) < fewestTreated)
    return {
      rows,
      headline: first && headlineOf(first),
      caveats: [
        `Compared: ${supplies.span.text.post} with ${supplies.span.text.before}${given.pre_years > 1 ? ' and as long windows of the years before' : ''}. Event: ${supplies.event.text}.`,
        ...(unknown.size > 0
          ? [`The weight of listed goods of ${[...unknown].join(', ')} is not known: value only.`]
          : []),
        ...(given.totals === '' && !context.dataset.products_complete
          ? [
              `${context.dataset.name} does not hold all goods: its other goods are the others that it has, which may be controlled as well. Name a dataset of all goods with --totals.`,
            ]
          : []),
        ...(supplies.partly > 0 ? [`${supplies.partly} families of codes are listed in part only, and left out.`] : []),
        ...(few
          ? [
              `With listed goods in fewer than ${fewestTreated} clusters no interval is given; permutation_p says how lists drawn by lot do.`,
            ]
          : []),
        ...supplies.caveats,
      ],
    }
  },
})
