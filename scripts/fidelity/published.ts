/** A published number that data in reach can test: which figure, what to ask of the data, and why the two may differ. */
export interface PublishedCheck {
  /** Its id in the shipped table of published figures. */
  readonly figure: string
  readonly kind: 'level' | 'change' | 'share'
  readonly query: Readonly<Record<string, string>>
  readonly take: string
  readonly over?: 'sum'
  readonly as?: 'change' | 'ratio'
  readonly base?: Readonly<Record<string, string | readonly string[]>>
  readonly divide_by?: string
  readonly basis: 'same' | 'other'
  readonly relation: 'independent' | 'derived' | 'quoted'
  readonly why: string
}

const china = { analysis: 'dependence', dataset: 'imts', importer: 'RUS', supplier: 'CHN' }
const sold = { analysis: 'trade', dataset: 'imts', supplier: 'RUS', importer: 'CHN', side: 'exporter' }
const cif =
  'China counts exports free on board, the IMF Russia’s imports with cost, insurance and freight; divided by the IMF’s factor 1.06.'
const moved =
  'Russia has published no partners since 2022: the IMF’s rows follow China’s figures, so they confirm nothing.'

/** Every published figure of the shipped table that the data in reach can test, in the order of their years. */
export const publishedChecks: readonly PublishedCheck[] = [
  {
    figure: 'F189',
    kind: 'level',
    query: { ...china, period: '2021' },
    take: 'total',
    basis: 'same',
    relation: 'quoted',
    why: 'Russia’s own record, which is the IMF’s source for the year.',
  },
  {
    figure: 'F190',
    kind: 'level',
    query: { ...china, period: '2021' },
    take: 'value',
    basis: 'same',
    relation: 'quoted',
    why: 'The importer’s record of 2021.',
  },
  ...['F191', 'F221', 'F267'].map(
    (figure): PublishedCheck => ({
      figure,
      kind: 'share',
      query: { ...china, period: '2021' },
      take: 'share',
      basis: 'same',
      relation: 'quoted',
      why: 'Printed as a round number: “a quarter”, “about 24”.',
    }),
  ),
  {
    figure: 'F134',
    kind: 'level',
    query: { ...china, period: '2021' },
    take: 'value',
    divide_by: '1.06',
    basis: 'other',
    relation: 'independent',
    why: `${cif} In 2021 Russia still reported, so the gap is one of two offices.`,
  },
  {
    figure: 'F251',
    kind: 'share',
    query: { ...sold, period: '2021' },
    take: 'value',
    over: 'sum',
    as: 'ratio',
    base: { importer: [] },
    basis: 'same',
    relation: 'independent',
    why: 'Russia’s exports to China in per cent of all its exports.',
  },
  {
    figure: 'F133',
    kind: 'level',
    query: { ...china, period: '2022' },
    take: 'value',
    divide_by: '1.06',
    basis: 'other',
    relation: 'derived',
    why: `${cif} ${moved}`,
  },
  {
    figure: 'F027',
    kind: 'change',
    query: { ...china, period: '2023' },
    take: 'value',
    as: 'change',
    base: { period: '2022' },
    basis: 'other',
    relation: 'derived',
    why: `A constant step from FOB to CIF would leave the change as it is. ${moved}`,
  },
  {
    figure: 'F028',
    kind: 'change',
    query: { ...china, period: '2023' },
    take: 'value',
    as: 'change',
    base: { period: '2021' },
    basis: 'other',
    relation: 'derived',
    why: moved,
  },
  {
    figure: 'F153',
    kind: 'level',
    query: { ...china, period: '2023' },
    take: 'value',
    divide_by: '1.06',
    basis: 'other',
    relation: 'derived',
    why: cif,
  },
  {
    figure: 'F252',
    kind: 'share',
    query: { ...sold, period: '2023' },
    take: 'value',
    over: 'sum',
    as: 'ratio',
    base: { importer: [] },
    basis: 'other',
    relation: 'derived',
    why: 'Published from partners’ records; the IMF’s row is its own estimate from such records.',
  },
  {
    figure: 'F089',
    kind: 'level',
    query: { ...china, period: '2024' },
    take: 'value',
    divide_by: '1.06',
    basis: 'other',
    relation: 'derived',
    why: cif,
  },
]
