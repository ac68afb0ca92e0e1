import type { Analysis } from '../../analyses/analysis.ts'
import { columnsOf } from '../../answer.ts'
import { nearest } from '../../reference/nearest-names.ts'
import { allowed, type Property, partsOf, remotePropertiesOf, typed } from '../parameters.ts'
import { type Fault, Problem, shortened } from './problem.ts'

/** Rows of a page of JSON unless said otherwise. */
export const usualRows = 1_000
/** Rows of a page at most. */
export const mostRows = 100_000

/** In what an answer may be written. */
export const representations = {
  json: 'application/json',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
} as const
export type Representation = keyof typeof representations

/** What the way of asking says beside the parameters of an analysis: about delivery, never about the data. */
export function deliveryOf(analysis: Analysis): Readonly<Record<string, Property>> {
  return {
    columns: {
      type: 'array',
      items: { type: 'string', enum: columnsOf(analysis).map((column) => column.name) },
      description: 'Columns wanted; all where left out',
    },
    format: {
      type: 'string',
      enum: Object.keys(representations),
      description: 'How the rows are written; else as Accept says, else JSON',
    },
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: mostRows,
      description: `Rows of a page; ${usualRows} in JSON and all in CSV and Parquet where left out`,
    },
    cursor: { type: 'string', description: 'Where the next page begins, as the page before gives it' },
  }
}

/** A question as it came in a URL, checked as far as it can be without data. */
export interface Asked {
  readonly given: Readonly<Record<string, unknown>>
  readonly columns: readonly string[] | undefined
  readonly format: Representation | undefined
  readonly limit: number | undefined
  readonly cursor: string | undefined
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    throw new Problem(400, 'parameter/encoding', `"${shortened(part)}" is not percent-encoded UTF-8`, {
      faults: [{ parameter: shortened(part), received: shortened(part), allowed: 'percent-encoded UTF-8' }],
    })
  }
}

/** Names and texts of a query string, each name with all its texts. */
function textsOf(search: string): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  for (const part of search.replace(/^\?/, '').split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    const name = decoded(at < 0 ? part : part.slice(0, at))
    texts.set(name, [...(texts.get(name) ?? []), at < 0 ? '' : decoded(part.slice(at + 1))])
  }
  return texts
}

const failed = (faults: readonly Fault[], code: string) =>
  new Problem(
    400,
    code,
    faults.map(({ parameter, received, allowed }) => `${parameter} received "${received}". ${allowed}`).join('\n'),
    { faults },
  )

function valueFrom(texts: readonly string[], name: string, property: Property): unknown {
  const fault = (received: string, allowed: string) =>
    failed([{ parameter: name, received: shortened(received), allowed }], `parameter/${name}`)
  if (property.type === 'array') {
    const parts = texts.flatMap(partsOf)
    // Nothing at all would mean everything.
    if (parts.length === 0) throw fault(texts.join(','), 'Name at least one, or leave it out')
    return parts.map((part) => typed(part, property.items?.type))
  }
  if (texts.length > 1) throw fault(texts.join(', '), 'It is given once')
  return typed(texts[0] as string, property.type)
}

/**
 * Read a query string by an analysis's declaration.
 * @throws Problem naming the parameter, what it received and what it takes
 */
export function questionOf(analysis: Analysis, search: string): Asked {
  const own = remotePropertiesOf(analysis)
  const delivery = deliveryOf(analysis)
  const properties: Readonly<Record<string, Property>> = { ...own, ...delivery }
  const names = Object.keys(properties)
  const given: Record<string, unknown> = {}
  const asked: Record<string, unknown> = {}
  for (const [name, texts] of textsOf(search)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!property) {
      const near = nearest(name, names)
      const takes = near.length > 0 ? `Did you mean ${near.join(', ')}?` : `There are ${names.join(', ')}`
      throw new Problem(400, 'parameter/unknown', `${analysis.name} has no parameter "${shortened(name)}". ${takes}`, {
        faults: [{ parameter: shortened(name), received: shortened(texts.join(', ')), allowed: takes }],
      })
    }
    const target = Object.hasOwn(delivery, name) ? asked : given
    target[name] = valueFrom(texts, name, property)
  }
  const checked = analysis.parameters.safeParse(given)
  const faults: Fault[] = checked.success
    ? []
    : checked.error.issues.map((issue) => {
        const parameter = String(issue.path[0] ?? '')
        const property = properties[parameter]
        const takes = property && issue.code !== 'custom' ? `It takes ${allowed(property)}` : issue.message
        return { parameter, received: shortened(String(given[parameter] ?? '')), allowed: takes }
      })
  return delivered(asked, delivery, given, faults)
}

function delivered(
  asked: Readonly<Record<string, unknown>>,
  delivery: Readonly<Record<string, Property>>,
  given: Readonly<Record<string, unknown>>,
  faults: Fault[],
): Asked {
  const { columns, format, limit, cursor } = asked as {
    columns?: string[]
    format?: string
    limit?: number | string
    cursor?: string
  }
  const fault = (parameter: string, received: unknown) =>
    faults.push({
      parameter,
      received: shortened(String(received)),
      allowed: `It takes ${allowed(delivery[parameter] as Property)}`,
    })
  const known = delivery['columns']?.items?.enum ?? []
  for (const column of columns ?? []) if (!known.includes(column)) fault('columns', column)
  if (format !== undefined && !Object.hasOwn(representations, format)) fault('format', format)
  if (limit !== undefined && (typeof limit !== 'number' || limit < 1 || limit > mostRows)) fault('limit', limit)
  if (faults.length > 0) throw failed(faults, `parameter/${faults[0]?.parameter}`)
  return {
    given,
    columns: columns && [...new Set(columns)],
    format: format as Representation | undefined,
    limit: limit as number | undefined,
    cursor,
  }
}

/** Where a page begins, bound to the question and the data that it goes on with. */
export const cursorAt = (start: number, identity: string): string =>
  Buffer.from(JSON.stringify([identity.slice(0, 16), start])).toString('base64url')

/**
 * The row that a cursor stands at.
 * @throws Problem where it is not ours, or where question or data have changed since
 */
export function startOf(cursor: string | undefined, identity: string): number {
  if (cursor === undefined) return 0
  let read: unknown
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    read = undefined
  }
  const [of, start] = Array.isArray(read) ? (read as unknown[]) : []
  if (typeof of !== 'string' || !Number.isSafeInteger(start) || Number(start) < 0)
    throw failed(
      [{ parameter: 'cursor', received: shortened(cursor), allowed: 'It takes what the page before gave as next' }],
      'parameter/cursor',
    )
  if (of !== identity.slice(0, 16))
    throw new Problem(
      410,
      'cursor/stale',
      'cursor: the data or the question have changed since. Begin again without it',
    )
  return Number(start)
}
