import { type Address, written } from '../address.ts'
import { type Question, questionOf } from '../analysis/question.ts'
import type { Answer, Dataset, Row } from '../api.ts'

/** The case that the page begins with, where its dataset is loaded: trade of which the sample has both sides of the date. */
const firstCase = {
  dataset: 'eu-listed-exports',
  origin: 'EU27',
  destination: 'RUS',
  list: 'eu-2023-01',
  list_mode: 'final',
  event: 'eu-2022-02',
  donut: '0',
  level: '4',
}

/** The address of that case; undefined where its dataset is not loaded. */
export const firstAddress = (datasets: readonly Dataset[]): string | undefined =>
  datasets.some(({ name }) => name === firstCase.dataset) ? written('/diversion', firstCase) : undefined

/** What an address asks, without the hub whose verdict is looked at. */
export function askedIn(address: Address): Question {
  const question = questionOf(address)
  const given = new URLSearchParams(question.given)
  given.delete('why')
  return { ...question, given }
}

/** Of an answer's parameters, those that the answers about the same corridors take too. */
export function sharedGiven(given: URLSearchParams, without: readonly string[] = []): URLSearchParams {
  const shared = new URLSearchParams(given)
  for (const name of without) shared.delete(name)
  return shared
}

/** Whether a row is a hub: neither direct trade nor a sum of hubs. */
export const isHub = (row: Row): boolean => row['hub_status'] !== 'destination' && row['hub_status'] !== 'pool'

export const diverted = 'consistent with diversion'

/** The hub whose verdict is explained first: the first that is consistent with diversion, else the first there is. */
export const firstHub = ({ rows }: Answer): string | undefined => {
  const hubs = rows.filter(isHub)
  const found = hubs.find((row) => row['verdict'] === diverted) ?? hubs[0]
  return found && String(found['hub'])
}

/** The shape beside a verdict's word: colour alone says nothing. */
export const verdictShapes: Readonly<Record<string, string>> = {
  [diverted]: '▲',
  'no sign of diversion': '○',
  undetermined: '◆',
}
