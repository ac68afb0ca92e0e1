import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import type { Analysis } from '../../analyses/analysis.ts'
import type { Page } from '../../engine/engine.ts'
import { type Answer, type Chokepoint, Refusal } from '../../index.ts'
import { controlEvents } from '../control-events.ts'
import { csv } from '../csv.ts'
import { doubtedSeries } from '../doubted-series.ts'
import { json } from '../json.ts'
import { NamedCodes } from '../named-codes.ts'
import { remotePropertiesOf } from '../parameters.ts'
import { begin, bodyOf, upTo } from './body.ts'
import type { KeptAnswers } from './kept.ts'
import { inUrlWords, Problem, refused } from './problem.ts'
import {
  type Asked,
  cursorAt,
  deliveryOf,
  questionOf,
  type Representation,
  representations,
  startOf,
  usualRows,
} from './question.ts'

/** Rows of one answer that is asked for whole. */
const mostRowsWhole = 5_000_000

/** The representation asked for: by `format`, else by Accept. */
function representationOf(c: Context, asked: Asked): Representation {
  if (asked.format) return asked.format
  const types = Object.values(representations)
  const header = c.req.header('Accept')
  const chosen = accepts(c, { header: 'Accept', supports: [...types], default: '' })
  const found = types.find((type) => type === chosen)
  if (!found && header && !/(^|[\s,])\*\/\*(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(header))
    throw new Problem(406, 'accept/unknown', `Accept received "${header.slice(0, 120)}". There are ${types.join(', ')}`)
  return (Object.keys(representations) as Representation[]).find((name) => representations[name] === found) ?? 'json'
}

/** Whether one of the tags of `If-None-Match` is this one; `*`, which is any there is, names none. */
const matches = (header: string | undefined, tag: string) =>
  header
    ?.split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === tag) === true

/** The address of the same question with something put otherwise. */
function addressOf(c: Context, changed: Readonly<Record<string, string>>): string {
  const url = new URL(c.req.url)
  for (const [name, value] of Object.entries(changed)) url.searchParams.set(name, value)
  return `${url.pathname}${url.search}`
}

/** What delivers an answer: to whom, in what, and which part of it. */
interface Delivery {
  readonly analysis: Analysis
  readonly c: Context
  readonly representation: Representation
  readonly start: number
  readonly limit: number | undefined
  readonly identity: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Where a user's own lists of products are. */
  readonly home: string
}

const contentTypes: Readonly<Record<Representation, string>> = {
  ...representations,
  csv: `${representations.csv}; charset=utf-8; header=present`,
}

/** One route for one analysis, made from its declaration. */
export function answerRoute(analysis: Analysis, chokepoint: Chokepoint, kept: KeptAnswers) {
  const names = [...Object.keys(remotePropertiesOf(analysis)), ...Object.keys(deliveryOf(analysis))]
  const answered = async (c: Context): Promise<Response> => {
    const asked = questionOf(analysis, /\?[^#]*/.exec(c.req.url)?.[0] ?? '')
    const representation = representationOf(c, asked)
    const signal = c.req.raw.signal
    const options = { ...(asked.columns ? { columns: asked.columns } : {}), signal }
    const headers = { Vary: 'Accept', 'Cache-Control': 'no-cache', 'Content-Type': contentTypes[representation] }
    const limit = asked.limit ?? (representation === 'json' ? usualRows : undefined)
    const { home } = chokepoint
    const delivery = { analysis, c, representation, start: 0, limit, identity: '', headers, signal, home }
    try {
      const identity = await chokepoint.identity(analysis.name, asked.given, options)
      const start = startOf(asked.cursor, identity)
      const written = JSON.stringify([identity, representation, start, limit ?? null])
      const tag = `"${createHash('sha256').update(written).digest('base64url').slice(0, 32)}"`
      const tagged = { ...headers, ETag: tag }
      if (matches(c.req.header('If-None-Match'), tag)) return new Response(null, { status: 304, headers: tagged })
      // Links in an answer are of the address that it was asked at.
      const key = `${tag} ${addressOf(c, {})}`
      const sent = kept.get(key)
      if (sent) return new Response(sent.body, { headers: sent.headers })
      const answer = await chokepoint.ask(analysis.name, asked.given, options)
      const response = await deliver(answer, { ...delivery, start, identity, headers: tagged })
      if (representation === 'parquet' || !response.body) return response
      const all = Object.fromEntries(response.headers)
      return new Response(kept.keeping(key, all, response.body), { headers: all })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.kind !== 'no_data') throw refused(error, chokepoint.home, asked.given, names)
      // Data that cannot carry a question are no error: no rows, and the reason.
      const answer = chokepoint.withoutRows(analysis.name, asked.given, options)
      return deliver(answer, delivery, inUrlWords(error.message, chokepoint.home))
    }
  }
  return async (c: Context): Promise<Response> => {
    const response = await answered(c)
    // Whether there is an answer is known once it is begun: what GET would say, HEAD and any tag are told as well.
    const any = c.req.header('If-None-Match')?.trim() === '*'
    if (c.req.method !== 'HEAD' && !any) return response
    await response.body?.cancel()
    return new Response(null, { status: any ? 304 : response.status, headers: response.headers })
  }
}

async function deliver(answer: Answer, delivery: Delivery, reason?: string): Promise<Response> {
  const { representation, start, limit, signal } = delivery
  if (limit === undefined) {
    const count = await answer.count(signal)
    if (count > mostRowsWhole)
      throw new Problem(
        422,
        'answer/rows',
        `The answer has ${count} rows, more than ${mostRowsWhole}. Ask for fewer importers, products or periods, or page by page with limit`,
      )
  }
  const page: Page = { start, rows: limit ?? mostRowsWhole }
  if (representation === 'parquet') return parquetOf(answer, page, delivery)
  return representation === 'csv' ? csvOf(answer, page, delivery) : jsonOf(answer, page, delivery, reason)
}

async function jsonOf(answer: Answer, page: Page, delivery: Delivery, reason?: string): Promise<Response> {
  const { analysis, c, identity, headers, signal, home } = delivery
  const told = await answer.told({ start: page.start, rows: page.rows + 1 }, signal)
  const begins = begin(told.blocks)
  const [begun, headline] = await Promise.all([begins, told.headline, answer.tellDoubts(signal)]).catch(
    async (error) => {
      await (await begins.catch(() => undefined))?.leave()
      throw error
    },
  )
  const { blocks, more } = upTo(begun.blocks, page.rows)
  const named = new NamedCodes(answer.columns, answer.dataset, home)
  const text = json(answer, named.seen(blocks), () => ({
    names: named.names(answer.parameters),
    estimated: answer.estimated,
    incomplete: answer.incomplete,
    doubted: doubtedSeries(analysis, answer, named),
    events: controlEvents(analysis, answer, named, home),
    headline: headline ?? null,
    reason: reason ?? (begun.empty && page.start === 0 ? 'Nothing in the data fits these parameters.' : null),
    failed: answer.failed ?? null,
    next: more() ? addressOf(c, { cursor: cursorAt(page.start + page.rows, identity) }) : null,
  }))
  return new Response(bodyOf(text, begun.leave), { headers })
}

async function csvOf(answer: Answer, page: Page, { c, identity, headers, signal }: Delivery): Promise<Response> {
  const names = answer.columns.map((column) => column.name)
  // What must be known beside the rows is in the JSON of the same question.
  const links = [`<${addressOf(c, { format: 'json' })}>; rel="describedby"; type="application/json"`]
  if (page.rows < mostRowsWhole && (await answer.count(signal)) > page.start + page.rows)
    links.push(`<${addressOf(c, { cursor: cursorAt(page.start + page.rows, identity) })}>; rel="next"`)
  const begun = await begin(answer.stream(signal, page))
  const text = csv(names, begun.blocks)
  return new Response(bodyOf(text, begun.leave), { headers: { ...headers, Link: links.join(', ') } })
}

async function parquetOf(answer: Answer, page: Page, { headers, signal }: Delivery): Promise<Response> {
  const folder = await mkdtemp(join(tmpdir(), 'chokepoint-parquet-'))
  const clear = () => rm(folder, { recursive: true, force: true })
  try {
    const file = join(folder, 'answer.parquet')
    await answer.parquet(file, signal, page)
    const bytes = createReadStream(file)
    bytes.once('close', clear)
    return new Response(Readable.toWeb(bytes) as ReadableStream<Uint8Array>, { headers })
  } catch (error) {
    await clear()
    throw error
  }
}
