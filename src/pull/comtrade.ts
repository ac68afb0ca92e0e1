import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { economies, economiesIn, findEconomy } from '../reference/economies.ts'
import { Refusal } from '../refusal.ts'
import type { PullFolder } from './folder.ts'
import type { Network } from './network.ts'
import { Passing, type Patience, patiently } from './patience.ts'

/** Where the United Nations Statistics Division answers. */
export const comtradeServer = 'https://comtradeapi.un.org'

/** Rows at which an answer is cut: without a key, with a free one, with a subscription. */
export const rowLimits = { preview: 500, free: 100_000, subscription: 250_000 } as const

/** Reporters whose code is not that of ISO 3166, since it covers more or another territory. */
const ownCodes: Readonly<Record<string, string>> = {
  USA: '842',
  FRA: '251',
  IND: '699',
  CHE: '757',
  NOR: '579',
  TWN: '490',
}

/** The service takes one call a second. */
const usualPause = 1000

/** What has been asked for, an outcome a line: answers of no rows and answers that were cut are not asked for again. */
const asked = 'REQUESTS'

/** Imports, exports, and what goes back or through. */
type Flow = 'M' | 'X' | 'RM' | 'RX'

export interface ComtradeRequest {
  readonly server: URL
  /** The subscription key; without one the preview answers, of at most 500 rows. */
  readonly key: string | undefined
  /** Codes or names of economies, blocs among them; `all` asks for every reporter at once. */
  readonly reporters: readonly string[]
  /** Years, or months such as 202201; ranges of both. */
  readonly periods: readonly string[]
  /** HS codes, AG2, AG4 or AG6 for all of a length, or TOTAL. */
  readonly products: readonly string[]
  readonly flows: readonly Flow[]
  readonly rows: number
  readonly folder: PullFolder
  readonly network: Network
  readonly patience: Patience
  readonly pause?: number
  readonly progress: (done: number, all: number, rows: number) => void
}

export interface ComtradePulled {
  readonly files: readonly string[]
  readonly rows: number
  /** Reporters and periods without a row. */
  readonly empty: readonly string[]
}

/** What one call asks for: one reporter, one period. */
interface Call {
  readonly reporter: string
  readonly period: string
  readonly flows: readonly string[]
  readonly products: readonly string[]
}

const answerSchema = z.looseObject({
  count: z.number().nullish(),
  error: z.string().nullish(),
  data: z.array(z.unknown()).nullish(),
})

/**
 * Pull reports from UN Comtrade, a call for each reporter and period. An answer that was cut is asked for again in
 * parts, by flow and by product; answers stay as the service gave them, a file each.
 * @throws Refusal where something is not known to the service, cannot be cut further, or cannot be had
 */
export async function pullComtrade(request: ComtradeRequest): Promise<ComtradePulled> {
  const periods = periodsOf(request.periods)
  const waiting: Call[] = periods.flatMap((period) =>
    reportersOf(request.reporters, Number(period.slice(0, 4))).map((reporter) => ({
      reporter,
      period,
      flows: [...request.flows],
      products: [...request.products],
    })),
  )
  const before = outcomes(await request.folder.read(asked))
  const files: string[] = []
  const empty: string[] = []
  let rows = 0
  let done = 0
  let last = 0
  const call = async (one: Call) => {
    const pause = request.pause ?? usualPause
    await sleep(Math.max(0, last + pause - Date.now()), undefined, { signal: request.patience.signal })
    last = Date.now()
    return patiently(() => answerTo(one, request), request.patience)
  }
  while (waiting.length > 0) {
    const one = waiting.shift() as Call
    const name = nameOf(one)
    if (await request.folder.holds(name)) {
      files.push(name)
      rows += before.get(name)?.rows ?? 0
    } else {
      const known = before.get(name)
      const answer = known && known.outcome !== 'file' ? undefined : await call(one)
      const outcome = answer ? outcomeOf(answer, request.rows) : (known?.outcome as 'cut' | 'empty')
      if (outcome === 'cut') waiting.unshift(...parts(one, request))
      if (outcome === 'empty') empty.push(`${one.reporter} ${one.period}`)
      if (answer && outcome === 'file') {
        await request.folder.write(`${name}.part`, answer.text)
        await request.folder.keep(`${name}.part`, name, createHash('sha256').update(answer.text).digest('hex'))
        files.push(name)
        rows += answer.rows
      }
      if (answer) {
        before.set(name, { outcome, rows: answer.rows })
        await request.folder.write(asked, [...before].map((line) => `${JSON.stringify(line)}\n`).join(''))
      }
    }
    done += 1
    request.progress(done, done + waiting.length, rows)
  }
  return { files, rows, empty }
}

interface Outcome {
  readonly outcome: 'file' | 'cut' | 'empty'
  readonly rows: number
}

const lineSchema = z.tuple([z.string(), z.object({ outcome: z.enum(['file', 'cut', 'empty']), rows: z.number() })])

function outcomes(text: string | undefined): Map<string, Outcome> {
  try {
    return new Map(
      (text ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => lineSchema.parse(JSON.parse(line))),
    )
  } catch {
    return new Map()
  }
}

interface Answer {
  readonly text: string
  readonly rows: number
  /** What the service says that it found. */
  readonly count: number
}

/** Ask once. The key goes in a header, and is written nowhere. */
async function answerTo(one: Call, { server, key, rows, network, patience }: ComtradeRequest): Promise<Answer> {
  const frequency = one.period.length === 4 ? 'A' : 'M'
  const address = new URL(`${key ? '/data/v1/get' : '/public/v1/preview'}/C/${frequency}/HS`, server)
  const terms = {
    ...(one.reporter === 'all' ? {} : { reporterCode: one.reporter }),
    period: one.period,
    flowCode: one.flows.join(','),
    cmdCode: one.products.join(','),
    // Rows that add up: no second partner, all procedures and modes of transport. Every partner, World among them.
    partner2Code: '0',
    customsCode: 'C00',
    motCode: '0',
    maxRecords: String(rows),
    includeDesc: 'false',
  }
  for (const [name, value] of Object.entries(terms)) address.searchParams.set(name, value)
  const headers = { accept: 'application/json', ...(key ? { 'ocp-apim-subscription-key': key } : {}) }
  const answer = await network.get(address, headers, patience.signal)
  const what = `${one.reporter} ${one.period}`
  if (answer.status !== 200) {
    await answer.body.dump()
    throw new Refusal(
      'refused',
      'pull/status',
      `${server.host} answered ${answer.status} for ${what}. Are its codes those of UN Comtrade?`,
    )
  }
  const text = await answer.body.text()
  let said: z.output<typeof answerSchema>
  try {
    said = answerSchema.parse(JSON.parse(text))
  } catch {
    throw new Passing(`${server.host} answered ${what} with something that is no JSON`)
  }
  if (said.error) throw new Refusal('refused', 'pull/answer', `${server.host}, ${what}: ${said.error.slice(0, 200)}`)
  const held = said.data?.length ?? 0
  return { text, rows: held, count: said.count ?? held }
}

const outcomeOf = (answer: Answer, limit: number): Outcome['outcome'] =>
  answer.rows >= limit || answer.count > answer.rows || Object.values(rowLimits).includes(answer.rows as never)
    ? 'cut'
    : answer.rows === 0
      ? 'empty'
      : 'file'

/** The halves of a call whose answer was cut: by flow, and then by product. */
function parts(one: Call, { key, rows }: ComtradeRequest): Call[] {
  const halves = <Item>(list: readonly Item[]) => [list.slice(0, list.length / 2), list.slice(list.length / 2)]
  if (one.flows.length > 1) return halves(one.flows).map((flows) => ({ ...one, flows }))
  if (one.products.length > 1) return halves(one.products).map((products) => ({ ...one, products }))
  throw new Refusal(
    'refused',
    'pull/cut',
    `${one.reporter} ${one.period}, ${one.flows.join()}, ${one.products.join()}: more than ${rows.toLocaleString('en')} rows, at which the service cuts, and nothing left to divide. ${
      one.reporter === 'all'
        ? 'Name reporters: --reporter'
        : one.products[0]?.startsWith('AG')
          ? 'Name products one by one: --product 850511,850650'
          : key
            ? 'Ask for years instead of months, or say what your subscription gives: --rows'
            : 'Get a free key, of 100,000 rows a call: https://comtradedeveloper.un.org'
    }`,
  )
}

/** A call's file: what it asks for, where that is part of a reporter's period with a mark of its own. */
function nameOf({ reporter, period, flows, products }: Call): string {
  const rest = createHash('sha256')
    .update(JSON.stringify([flows, products]))
    .digest('hex')
    .slice(0, 8)
  return `comtrade_${period}_${reporter}_${flows.join('-')}_${rest}.json`
}

/**
 * Years or months, ranges opened, in order.
 * @throws Refusal where something is neither, or years and months are mixed
 */
function periodsOf(texts: readonly string[]): string[] {
  const refuse = (text: string) =>
    new Refusal(
      'wrong_use',
      'pull/period',
      `--period ${text}: years such as 2022 or 2019-2022, or months such as 202201 or 202201-202212`,
    )
  const found = texts.flatMap((text) => {
    const [, from = '', to = from] = /^(\d{4}(?:\d{2})?)(?:-(\d{4}(?:\d{2})?))?$/.exec(text) ?? []
    if (from === '' || from.length !== to.length || to < from) throw refuse(text)
    const step = (period: string) =>
      period.length === 4 || !period.endsWith('12') ? String(Number(period) + 1) : `${Number(period.slice(0, 4)) + 1}01`
    const all: string[] = []
    for (let period = from; period <= to; period = step(period)) all.push(period)
    if (all.some((period) => period < '1962' || Number(period.slice(4) || 1) < 1 || Number(period.slice(4) || 1) > 12))
      throw refuse(text)
    return all
  })
  if (new Set(found.map((period) => period.length)).size > 1) throw refuse(texts.join(','))
  return [...new Set(found)].sort()
}

/**
 * Codes as UN Comtrade has them: 842 for the United States. Blocs are their members of that year.
 * @throws Refusal where an economy is not known, or has no such code
 */
function reportersOf(texts: readonly string[], year: number): string[] {
  if (texts.includes('all')) return ['all']
  const codes = texts.flatMap((text) => {
    if (/^\d{1,3}$/.test(text)) return [String(Number(text))]
    const found = findEconomy(text)
    return (found.kind === 'group' ? economiesIn(found.code, year) : [found.code]).map((economy) => {
      const code = ownCodes[economy] ?? economies().find((one) => one.economy === economy)?.m49
      if (!code)
        throw new Refusal(
          'wrong_use',
          'pull/reporter',
          `--reporter ${text}: ${economy} has no code in UN Comtrade. Give its number`,
        )
      return String(Number(code))
    })
  })
  return [...new Set(codes)]
}

/** @throws Refusal where something is no product of the HS */
export function checkProducts(products: readonly string[]): void {
  const wrong = products.find((product) => !/^(?:TOTAL|AG[246]|\d{2}|\d{4}|\d{6})$/.test(product))
  if (wrong !== undefined)
    throw new Refusal(
      'wrong_use',
      'pull/product',
      `--product ${wrong}: HS codes of 2, 4 or 6 digits, AG2, AG4 or AG6 for all of that length, or TOTAL`,
    )
}
