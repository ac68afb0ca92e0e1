import { type Address, changed, written } from '../address.ts'
import type { Way } from '../answering.ts'
import type { Answer, Column, Dataset, Declaration } from '../api.ts'

/** What an address says of how an answer is looked at, beside what is asked. */
export const ofTheView = ['columns', 'sort', 'search', 'chart', 'brush'] as const

/** Rows that a page takes; downloads have all. */
export const mostRows = 20_000

/** An address of an analysis, taken apart. */
export interface Question {
  /** Parameters as they stand in the address, known ones and others: the server says which it does not know. */
  readonly given: URLSearchParams
  readonly columns: readonly string[] | undefined
  readonly sort: string
  readonly search: string
}

/** What an address asks. */
export function questionOf({ search }: Address): Question {
  const given = new URLSearchParams(search)
  for (const name of ofTheView) given.delete(name)
  return {
    given,
    columns: search.get('columns')?.split(',').filter(Boolean),
    sort: search.get('sort') ?? '',
    search: search.get('search') ?? '',
  }
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : []

/** The columns that are fetched: those shown, those that stand side by side, and those that the chart is drawn from. */
export function fetchedColumns(declaration: Declaration, { columns }: Question): string[] {
  const known = declaration.columns.map(({ name }) => name)
  const { pivot, chart } = declaration
  const beside = pivot ? [...pivot.sections, ...pivot.rows, pivot.across, pivot.head, pivot.cells] : []
  const wanted = new Set([
    ...declaration.keys,
    ...declaration.shown,
    ...beside,
    ...(columns ?? []),
    ...textsIn(chart ?? {}),
  ])
  return known.filter((name) => wanted.has(name))
}

/** Where the interface answers a question. */
export function addressOfAnswer(
  { name }: Pick<Declaration, 'name'>,
  given: URLSearchParams,
  more: Readonly<Record<string, string>> = {},
  part = '',
): string {
  return written(`/api/v1/${name}${part}`, new URLSearchParams([...given, ...Object.entries(more)]))
}

/** Datasets that an analysis takes and that can carry it. */
export const fitting = ({ kinds, complete_suppliers }: Declaration, datasets: readonly Dataset[]): readonly Dataset[] =>
  datasets.filter(
    ({ kind, partners_complete }) =>
      kinds.includes(kind) && !(complete_suppliers && kind === 'flow' && partners_complete !== true),
  )

/** An address whose question lacks what its parameters ask too much of, or asks another dataset: each may answer. */
export function waysFrom(
  declaration: Declaration,
  address: Address,
  { given }: Question,
  datasets: readonly Dataset[],
): Way[] {
  const way = (goal: string, text: string, change: Readonly<Record<string, string | undefined>>): Way => {
    const to = changed(address, change)
    const { given: then } = questionOf({ ...address, search: new URLSearchParams(to.split('?')[1]) })
    return { goal, text, to, path: addressOfAnswer(declaration, then) }
  }
  const asked = given.get('dataset')?.split('@')[0]
  const others = fitting(declaration, datasets).filter(({ name }) => name !== asked)
  const least = Object.keys(declaration.parameters).filter((name) => name.startsWith('min_'))
  const period = given.has('period')
  return [
    ...(period ? [way('period', 'Ask for the latest period', { period: undefined })] : []),
    ...(least.some((name) => given.get(name) !== '0')
      ? [way('least', 'Leave out nothing for being small', Object.fromEntries(least.map((name) => [name, '0'])))]
      : []),
    ...(given.has('group') ? [way('group', 'Ask of all products', { group: undefined })] : []),
    ...others.flatMap(({ name, title }) => [
      way(name, `Ask of: ${title}`, { dataset: name }),
      ...(period ? [way(name, `Ask of: ${title}, latest period`, { dataset: name, period: undefined })] : []),
    ]),
  ]
}

/** A text as one word of a shell. */
const word = (text: string) => (/^[\w.,:+@=/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** The command that asks the same. */
export function commandOf({ name, parameters }: Declaration, { given, columns }: Question): string {
  const flags = [...given, ...(columns ? [['columns', columns.join(',')] as const] : [])].map(([key, value]) => {
    const flag = `--${key.replaceAll('_', '-')}`
    return parameters[key]?.type === 'boolean' ? (value === 'true' ? flag : '') : `${flag} ${word(value)}`
  })
  return ['npx --no-install chokepoint', name, ...flags.filter(Boolean)].join(' ')
}

/** The answer as one cites it. */
export function citationOf(answer: Answer, address: string, day: string): string {
  const data = answer.datasets.map(
    ({ name, version, sources }) =>
      `${name}, version ${version}${sources.length > 0 ? ` (${sources.join('; ')})` : ''}`,
  )
  return [
    `Chokepoint ${answer.tool_version}, ${answer.title} (${answer.analysis}).`,
    ...(data.length > 0 ? [`Data: ${data.join('; ')}.`] : []),
    `Method: ${answer.sources.join('; ')}.`,
    `${address}, accessed ${day}.`,
  ].join(' ')
}

/** Columns that were asked for by names that the analysis does not have. */
export const unknownColumns = (columns: readonly Column[], asked: readonly string[] = []): string[] =>
  asked.filter((name) => !columns.some((column) => column.name === name))
