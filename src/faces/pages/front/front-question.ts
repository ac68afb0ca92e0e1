import { type Address, changed, written } from '../address.ts'
import type { Dataset } from '../api.ts'

/** What the address of the front page may hold. */
export const known = ['dataset', 'importer', 'supplier', 'period', 'group', 'products'] as const

/** The case that the page begins with, where its dataset is loaded. */
const firstCase = { dataset: 'russia-imts', importer: 'RUS' }

/** What the page asks, in full. */
export interface FrontQuestion {
  /** Name and version. */
  readonly dataset: string
  readonly importer: string
  readonly supplier: string
  readonly period: string
  /** A group of products; all goods where empty. */
  readonly group: string
}

/** Datasets that tell shares: flows whose suppliers are all there. */
export const tellsShares = ({ kind, partners_complete }: Dataset): boolean =>
  kind === 'flow' && partners_complete === true

/** Datasets that tell products apart. */
export const tellsProducts = (dataset: Dataset): boolean =>
  tellsShares(dataset) && (dataset.levels ?? []).some((level) => level > 0)

export const wholeName = ({ name, version }: Dataset): string => `${name}@${version}`

/** A dataset by its name, with or without version. */
export const datasetNamed = (datasets: readonly Dataset[], given: string): Dataset | undefined =>
  datasets.find(({ name }) => name === given.split('@')[0])

const allPeriods = ({ periods: { first, last } }: Dataset): string => (first === last ? `${last}` : `${first}-${last}`)

/**
 * What an address asks, with a first choice for what it leaves open.
 * @param held economies whose imports the dataset holds, once they are known
 * @returns undefined while `held` is needed
 */
export function frontQuestion(
  { search }: Address,
  datasets: readonly Dataset[],
  held: readonly string[] | undefined,
): FrontQuestion | undefined {
  const given = search.get('dataset') ?? ''
  const dataset = given === '' ? firstDataset(datasets) : datasetNamed(datasets, given)
  const beginner =
    dataset?.name === firstCase.dataset || held?.includes(firstCase.importer)
      ? firstCase.importer
      : held?.find((economy) => !economy.startsWith('X-'))
  const importer = search.get('importer') || beginner
  if (importer === undefined) return undefined
  return {
    dataset: given.includes('@') || !dataset ? given : wholeName(dataset),
    importer,
    supplier: search.get('supplier') || (importer === 'CHN' ? 'USA' : 'CHN'),
    period: search.get('period') || (dataset ? allPeriods(dataset) : ''),
    group: search.get('group') ?? '',
  }
}

/** The dataset that is asked where none is named. */
export const firstDataset = (datasets: readonly Dataset[]): Dataset | undefined =>
  datasets.find(({ name }) => name === firstCase.dataset) ?? datasets[0]

/** The address that says all of a question. */
export const wholeAddress = (address: Address, { dataset, importer, supplier, period }: FrontQuestion): string =>
  changed(address, { dataset, importer, supplier, period })

/** The same asked of another dataset: of its own periods where it has not those asked for. */
export function askedOf(
  address: Address,
  dataset: Dataset,
  change: Readonly<Record<string, string | undefined>> = {},
): string {
  const period = address.search.get('period') ?? ''
  const years = period.match(/\d{4}(?!\d)/g) ?? []
  const { first, last } = dataset.periods
  const within = years.length > 0 && years.every((year) => year >= `${first}`.slice(0, 4) && year <= `${last}`)
  return changed(address, {
    ...change,
    dataset: wholeName(dataset),
    products: undefined,
    period: within ? period : allPeriods(dataset),
  })
}

/** Where the interface answers an analysis of the question. */
export function asks(
  analysis: string,
  given: Readonly<Record<string, string>>,
  columns: readonly string[],
  root = '/api/v1',
): string {
  const filled = Object.entries(given).filter(([, value]) => value !== '')
  return written(`${root}/${analysis}`, {
    ...Object.fromEntries(filled),
    ...(columns.length > 0 ? { columns: columns.join(',') } : {}),
  })
}

/** What the page asks of suppliers over time; several that count as one supplier do so among them. */
export const suppliersOf = (question: FrontQuestion): Readonly<Record<string, string>> => ({
  dataset: question.dataset,
  importer: question.importer,
  period: question.period,
  ...goods(question),
})

/** What it asks of the supplier in question. */
export const dependenceOf = (question: FrontQuestion): Readonly<Record<string, string>> => ({
  ...suppliersOf(question),
  supplier: question.supplier,
})

/** The goods that are asked about: a group summed, or all of them summed. */
export const goods = ({ group }: FrontQuestion): Readonly<Record<string, string>> =>
  group === '' ? { level: '0' } : { group }
