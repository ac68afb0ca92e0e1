import type { TableManifest } from '../dataset/schema.ts'
import type { FigureRow } from '../dataset/tables/figure.ts'
import { arithmetic, halfUnit, printedNumber } from '../measures/verdict.ts'
import { Refusal } from '../refusal.ts'
import type { Context, Declaration, Row } from './analysis.ts'
import {
  beyondData,
  type Claim,
  type ClaimFile,
  type Evidence,
  readClaims,
  scaleBetween,
  shippedClaims,
  units,
} from './claim-file.ts'
import { commandOf, typedParameters } from './written-question.ts'

/** What a claim comes to, the strongest word first. */
export const verdicts = [
  'contradicted',
  'reproduced',
  'close',
  'consistent',
  'different basis',
  'supported by proxy',
  'not tested',
  'not testable',
] as const

export type Verdict = (typeof verdicts)[number]

/** One piece of evidence, weighed. */
export interface Weighed {
  readonly verdict: Verdict
  /** What it is, with basis and certainty where it is somebody's figure. */
  readonly label: string
  /** In the claim's unit; of a proxy, its change. */
  readonly found: number | null
  /** Of what was found, where the claim itself has none. */
  readonly unit: string | null
  /** Found less claimed. */
  readonly residual: number | null
  readonly same_basis: boolean
  readonly independent: boolean
  /** Whether it may decide the claim. */
  readonly counts: boolean
  /** Dataset and version, empty for documents. */
  readonly data: string
  /** The command that asks the same. */
  readonly query: string
  readonly why: string
}

export interface Judged {
  readonly claim: Claim
  readonly verdict: Verdict
  /** The evidence that decided, first; the others as they stand. */
  readonly evidence: readonly Weighed[]
  readonly why: string
}

/**
 * A sheet of claims with the data behind each: the shipped one where no file is named.
 * @param ids the claims wanted; all where empty
 * @throws Refusal naming the ids there are, where one is not among them
 */
export async function judge(
  path: string,
  context: Context,
  ids: readonly string[] = [],
): Promise<{ file: ClaimFile; judged: readonly Judged[] }> {
  const file = readClaims(path === '' ? shippedClaims : path, (name) => context.analysis(name))
  const unknown = ids.find((id) => !file.claims.some((claim) => claim.id === id))
  if (unknown !== undefined)
    throw new Refusal(
      'wrong_use',
      'claims/id',
      `No claim has the id "${unknown}". There are ${file.claims.map(({ id }) => id).join(', ')}`,
    )
  const figures = await figuresOf(context)
  const judged: Judged[] = []
  for (const [at, claim] of file.claims.entries()) {
    if (ids.length > 0 && !ids.includes(claim.id)) continue
    const weighed: Weighed[] = []
    for (const [number, part] of claim.evidence.entries())
      weighed.push(await weigh(file, claim, part, ['claims', at, 'evidence', number], figures, context))
    judged.push(verdictOf(claim, weighed))
  }
  return { file, judged }
}

function verdictOf(claim: Claim, weighed: readonly Weighed[]): Judged {
  const counting = weighed.filter((one) => one.counts)
  const deciding = [...counting].sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict))[0]
  if (deciding && deciding.verdict !== 'not tested') {
    const evidence = [deciding, ...weighed.filter((one) => one !== deciding)]
    return { claim, verdict: deciding.verdict, evidence, why: deciding.why }
  }
  const untestable = claim.testable === 'false' || (weighed.length === 0 && beyondData.has(claim.kind))
  const verdict = untestable ? 'not testable' : 'not tested'
  return { claim, verdict, evidence: weighed, why: deciding?.why ?? weighed[0]?.why ?? '' }
}

type Figures = { readonly loaded: boolean; readonly of: ReadonlyMap<string, { row: FigureRow; data: string }> }

async function figuresOf(context: Context): Promise<Figures> {
  const tables = (await context.datasets()).filter((one): one is TableManifest => one.kind === 'figure')
  const of = new Map<string, { row: FigureRow; data: string }>()
  for (const manifest of tables)
    for (const row of await context.table(manifest)) {
      const figure = row as unknown as FigureRow
      if (!of.has(figure.id)) of.set(figure.id, { row: figure, data: `${manifest.name}@${manifest.version}` })
    }
  return { loaded: tables.length > 0, of }
}

type Place = readonly PropertyKey[]

async function weigh(
  file: ClaimFile,
  claim: Claim,
  part: Evidence,
  place: Place,
  figures: Figures,
  context: Context,
): Promise<Weighed> {
  const about = {
    found: null,
    unit: null,
    residual: null,
    same_basis: part.basis === 'same',
    independent: part.relation === 'independent',
    counts: part.relation !== 'repeats' && part.relation !== 'premise',
    data: '',
    query: '',
    why: part.why ?? '',
  }
  const untested = (label: string, why: string, more: Partial<Weighed> = {}): Weighed => ({
    ...about,
    ...more,
    verdict: 'not tested',
    label,
    why: [part.why, why].filter(Boolean).join(' '),
  })
  if ('document' in part) {
    const { title, publisher, published, finding, value } = part.document
    const label = [title, publisher, published].filter(Boolean).join(', ')
    if (value !== undefined) return compared(claim, printedNumber(value), part, { ...about, label })
    return { ...about, label, verdict: onBasis(finding as Verdict, part.basis) }
  }
  if ('implied' in part) return implied(file, claim, part, about)
  if ('figure' in part) {
    const [figure, base] = (['figure', 'base_figure'] as const).map((key) => {
      const id = part[key]
      if (id === undefined) return undefined
      const found = figures.of.get(id)
      if (!found && figures.loaded) throw file.refuse('figure', [...place, key], `no published figure has the id ${id}`)
      return found
    })
    const label = figure ? figureLabel(figure.row) : `figure ${part.figure}`
    if (!figure || (part.base_figure && !base))
      return untested(label, 'No dataset of published figures is loaded: chokepoint start builds one.')
    const [now, before] = [figure.row.value, base?.row.value ?? null]
    if (now === null || (base && before === null))
      return untested(label, 'The figure is a range, with no value to compare.')
    const { unit } = figure.row
    if (base && base.row.unit !== unit) return untested(label, `It is in ${unit}, its base in ${base.row.unit}.`)
    if (before === 0) return untested(label, 'What it is compared with is zero.')
    const own = (part.as === 'value' || part.as === 'difference') && part.proxy === undefined
    const scale = own && claim.unit ? scaleBetween(unit, claim.unit) : 1
    if (scale === undefined) return untested(label, `The figure is in ${unit}, the claim is in ${claim.unit}.`)
    const found = (combined(now, before, part.as) * scale) / Number(part.divide_by ?? 1)
    return compared(claim, found, part, { ...about, unit: unitAs(part.as), label, data: figure.data })
  }
  return weighQuery(file, claim, part, place, context, about, untested)
}

const figureLabel = ({ id, publisher, basis, certainty, valuation }: FigureRow) =>
  `${id}: ${publisher} (basis ${basis}, certainty ${certainty}${valuation === null || valuation === 'unknown' ? '' : `, ${valuation}`})`

const unitAs = (as: 'value' | 'change' | 'ratio' | 'difference'): string | null =>
  as === 'value' ? null : as === 'difference' ? 'points' : '%'

/** A value against its base: as it is, in per cent of it, or as a difference. */
function combined(now: number, before: number | null, as: 'value' | 'change' | 'ratio' | 'difference'): number {
  if (as === 'value' || before === null) return now
  if (as === 'difference') return now - before
  return as === 'change' ? (now / before - 1) * 100 : (now / before) * 100
}

/** On another basis a match is at best close, and a miss is another basis, not a falsehood. */
function onBasis(verdict: Verdict, basis: 'same' | 'other'): Verdict {
  if (basis === 'same') return verdict
  return verdict === 'contradicted' ? 'different basis' : verdict === 'reproduced' ? 'close' : verdict
}

function compared(
  claim: Claim,
  found: number,
  part: { readonly basis: 'same' | 'other'; readonly proxy?: 'rises' | 'falls' | undefined },
  about: Omit<Weighed, 'verdict'>,
): Weighed {
  if (part.proxy !== undefined) {
    const agrees = part.proxy === 'rises' ? found > 0 : found < 0
    const why = agrees ? about.why : `${about.why} The proxy points the other way.`.trim()
    return { ...about, found, why, verdict: agrees ? 'supported by proxy' : 'not tested' }
  }
  const printed = claim.value as string
  const kind = claim.kind === 'share' || claim.kind === 'change' || claim.kind === 'rank' ? claim.kind : 'level'
  const verdict = onBasis(arithmetic(printed, found, kind), part.basis)
  return { ...about, found, residual: found - printedNumber(printed), verdict }
}

/** The base that a level and its change imply, as an interval by the half units of both: x / (1 + y). */
function implied(
  file: ClaimFile,
  claim: Claim,
  part: Extract<Evidence, { implied: unknown }>,
  about: Omit<Weighed, 'verdict' | 'label'>,
): Weighed {
  const [level, change] = [part.implied.level, part.implied.change].map(
    (id) => file.claims.find((one) => one.id === id) as Claim,
  ) as [Claim, Claim]
  const label = `follows from ${level.id} and ${change.id}`
  if (level.value === undefined || change.value === undefined || claim.value === undefined)
    return { ...about, label, verdict: 'not tested', why: 'One of the claims has no value.' }
  const [x, y] = [printedNumber(level.value), printedNumber(change.value) / 100]
  const [u, w] = [halfUnit(level.value), halfUnit(change.value) / 100]
  const [low, high] = [(x - u) / (1 + y + w), (x + u) / (1 + y - w)]
  const claimed = printedNumber(claim.value)
  const fits = claimed + halfUnit(claim.value) >= low && claimed - halfUnit(claim.value) <= high
  const found = x / (1 + y)
  return {
    ...about,
    label,
    found,
    residual: found - claimed,
    verdict: fits ? 'consistent' : 'contradicted',
    why: [`Between ${low.toFixed(2)} and ${high.toFixed(2)} by the digits printed.`, about.why]
      .filter(Boolean)
      .join(' '),
  }
}

type Query = Extract<Evidence, { query: unknown }>

async function weighQuery(
  file: ClaimFile,
  claim: Claim,
  part: Query,
  place: Place,
  context: Context,
  about: Omit<Weighed, 'verdict' | 'label'>,
  untested: (label: string, why: string, more?: Partial<Weighed>) => Weighed,
): Promise<Weighed> {
  const { analysis: name, ...parameters } = part.query
  const analysis = context.analysis(String(name)) as Declaration
  const query = commandOf(String(name), parameters)
  const label = `${name}, ${part.take}`
  const ask = async (given: Record<string, string | string[]>) => {
    const answer = await context.ask(String(name), typedParameters(analysis, given))
    return { answer, rows: await answer.rows(context.signal) }
  }
  try {
    const { answer, rows } = await ask(parameters)
    const data = answer.datasets.map((one) => `${one.name}@${one.version}`).join(' ')
    const column = answer.columns.find((one) => one.name === part.take)
    const currency = answer.dataset?.currency ?? ''
    const money = column?.unit === currency && currency !== ''
    if (money && part.as === 'value' && claim.unit && !claim.unit.startsWith(currency))
      return untested(label, `The data are in ${currency}, the claim is in ${claim.unit}.`, { data, query })
    const values = rows.map((row) => row[part.take])
    const known = values.filter((value) => typeof value === 'number')
    if (known.length === 0 || known.length < values.length)
      return untested(label, 'The data do not have this figure.', { data, query })
    if (part.proxy && !part.base) {
      // A proxy without a base is a series: its direction is that of its ends.
      const [first, last] = [known[0] as number, known.at(-1) as number]
      if (known.length < 2) return untested(label, 'One period shows no direction.', { data, query })
      const points = column?.unit === 'share 0-1'
      return compared(claim, (last - first) * (points ? 100 : 1), part, {
        ...about,
        unit: points ? 'points' : (column?.unit ?? null),
        label,
        data,
        query,
      })
    }
    const single = (of: readonly Row[], where: Place): number => {
      const cells = of.map((row) => row[part.take]).filter((value) => typeof value === 'number')
      if (part.over === 'sum') return cells.reduce((sum, cell) => sum + cell, 0)
      if (cells.length !== 1)
        throw file.refuse(
          'rows',
          where,
          `the query gives ${of.length} rows; name one importer, supplier, product and period, or take over: sum`,
        )
      return cells[0] as number
    }
    const now = single(rows, [...place, 'query'])
    const base = part.base ? single((await ask({ ...parameters, ...part.base })).rows, [...place, 'base']) : null
    if (base === 0) return untested(label, 'What it is compared with is zero.', { data, query })
    const own = part.as === 'value' || part.as === 'difference'
    const scale = own && claim.unit !== undefined && part.proxy === undefined ? 1 / units[claim.unit] : 1
    const found = (combined(now, base, part.as) * scale) / Number(part.divide_by ?? 1)
    return compared(claim, found, part, { ...about, unit: unitAs(part.as), label, data, query })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code.startsWith('claims/') || error.kind === 'interrupted') throw error
    if (error.kind === 'no_data' && error.code !== 'dataset/kind') return untested(label, error.message, { query })
    if (error.code === 'dataset/unknown')
      return untested(label, `The dataset ${String(parameters['dataset'])} is not loaded.`, { query })
    throw file.refuse(
      'query',
      [...place, 'query', ...(error.code === 'dataset/kind' ? ['dataset'] : [])],
      error.message,
    )
  }
}
