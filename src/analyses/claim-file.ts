import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { economies } from '../reference/economies.ts'
import { readYaml, type YamlFile } from '../reference/yaml-file.ts'
import type { Fault } from '../refusal.ts'
import { type Analysis, kindsOf } from './analysis.ts'

/** Units of claimed figures, as what one of them is in the unit of a column. */
export const units = {
  'USD bn': 1e9,
  'USD mn': 1e6,
  USD: 1,
  'EUR bn': 1e9,
  'EUR mn': 1e6,
  EUR: 1,
  '%': 0.01,
  points: 0.01,
  index: 1,
  count: 1,
  rank: 1,
} as const

export type Unit = keyof typeof units

const currencyOf = (unit: string) => /^[A-Z]{3}(?= |$)/.exec(unit)?.[0]

/**
 * What one of a published figure's unit is in a claim's; undefined where they measure different things, are in different
 * currencies, or the figure's unit is none of those claims have, such as one a month. What a per cent is of is for
 * whoever names the evidence to say.
 */
export function scaleBetween(unit: string, claimed: Unit): number | undefined {
  const known = unit.startsWith('%') ? '%' : unit
  if (!(known in units) || currencyOf(known) !== currencyOf(claimed)) return undefined
  const parts = units[known as Unit] / units[claimed]
  const same = currencyOf(known) !== undefined || known === claimed || (parts === 1 && units[claimed] === units['%'])
  return same ? parts : undefined
}

const oneOf = <Word extends string>(words: readonly [Word, ...Word[]]) => z.enum(words, `one of ${words.join(', ')}`)
const text = z.string().trim().min(1, 'nothing stands here')
const number = z.string().regex(/^[−-]?\d+(\.\d+)?$/, 'a number with a decimal point, as printed: 76.1')
const period = z
  .string()
  .regex(
    /^\d{4}(-(0[1-9]|1[0-2]))?$|^\d{4}-\d{4}$|^\d{4}-(0[1-9]|1[0-2]):\d{4}-(0[1-9]|1[0-2])$/,
    'a period is 2022, 2022-03, 2019-2023 or 2021-03:2022-11; months go from 01 to 12',
  )
const day = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/, 'a date is 2023, 2023-04 or 2023-04-19')
const economy = z.string().refine((code) => code === 'WLD' || economies().some((one) => one.economy === code), {
  error: 'an economy is its alpha-3 code, such as NOR, or WLD for the world',
})
const given = z.record(z.string(), z.union([text, z.array(text)]))

/** What every piece of evidence says of itself. */
const common = {
  /** Whether it measures what the claim is about: other valuation, reporter or scope is another basis. */
  basis: oneOf(['same', 'other']).default('same'),
  /** Whether it stands on its own feet: what only repeats a claim never upgrades it. */
  relation: oneOf(['independent', 'quoted', 'derived', 'repeats', 'premise']).default('independent'),
  why: text.optional(),
}

const evidence = z.union([
  z.strictObject({
    /** An analysis with its parameters. */
    query: given,
    take: text,
    /** Rows of the answer: the only one, or all of them added up. */
    over: oneOf(['one', 'sum']).default('one'),
    as: oneOf(['value', 'change', 'ratio', 'difference']).default('value'),
    /** Parameters of the query that differ for what it is compared with. */
    base: given.optional(),
    divide_by: number.optional(),
    /** A related figure: named, and never more than that. */
    proxy: oneOf(['rises', 'falls']).optional(),
    ...common,
  }),
  z.strictObject({
    /** A published figure by its id. */
    figure: text,
    as: oneOf(['value', 'change', 'ratio', 'difference']).default('value'),
    base_figure: text.optional(),
    divide_by: number.optional(),
    proxy: oneOf(['rises', 'falls']).optional(),
    ...common,
  }),
  z.strictObject({
    /** What a person read: a number there, or what it makes of the claim. */
    document: z.strictObject({
      title: text,
      publisher: text,
      published: day.optional(),
      url: text.optional(),
      value: number.optional(),
      finding: oneOf(['reproduced', 'contradicted']).optional(),
    }),
    ...common,
  }),
  z.strictObject({
    /** The level a year before that a level and its change imply, with the half units of both. */
    implied: z.strictObject({ level: text, change: text }),
    ...common,
  }),
])

export type Evidence = z.output<typeof evidence>

const claim = z.strictObject({
  id: text,
  text,
  speaker: text.optional(),
  kind: oneOf(['level', 'change', 'share', 'rank', 'event', 'attribution', 'forecast', 'opinion']),
  value: number.optional(),
  unit: z.enum(Object.keys(units) as [Unit, ...Unit[]], `one of ${Object.keys(units).join(', ')}`).optional(),
  period: period.optional(),
  valuation: text.optional(),
  reporter: economy.optional(),
  partner: economy.optional(),
  /** What no data could settle: private talks, unpublished papers. */
  testable: z.enum(['true', 'false'], 'true or false').default('true'),
  evidence: z.array(evidence).default([]),
  note: text.optional(),
})

export type Claim = z.output<typeof claim>

type AnalysisNamed = (name: string) => Analysis | undefined

/** A sheet of claims, each looked through by itself, so that what is wrong with one hides nothing of another. */
const sheet = (analysisNamed: AnalysisNamed) =>
  z.strictObject({
    report: z.strictObject({
      title: text,
      publisher: text,
      published: day,
      url: text.optional(),
      relay_of: text.optional(),
      note: text.optional(),
    }),
    claims: z
      .array(claim.superRefine((one, context) => tellClaim(one, context, analysisNamed)))
      .min(1, 'a sheet has at least one claim')
      .superRefine(tellNames, { when: ({ value }) => Array.isArray(value) }),
  })

type Sheet = z.output<ReturnType<typeof sheet>>

export interface ClaimFile {
  readonly report: Sheet['report']
  readonly claims: readonly Claim[]
  /** A refusal at a claim's evidence, by positions. */
  refuse: YamlFile['refuse']
  doubt: YamlFile['doubt']
}

/** The shipped sheet: the report that this project started from. */
export const shippedClaims = fileURLToPath(new URL('../../data/claims/report-2023-04-19.yaml', import.meta.url))

/** What YAML 1.1 readers take for true or false: an economy written so means something else to others. */
const ambiguous = /^(y|n|yes|no|on|off|true|false|null|~)$/i
const economyKeys = new Set(['importer', 'supplier', 'exit', 'reporter', 'partner', 'market'])

/**
 * Read a sheet of claims. A query in it is an analysis with its parameters, checked against its declaration here.
 * @throws FaultyFile with all that is wrong with it
 */
export function readClaims(path: string, analysisNamed: AnalysisNamed): ClaimFile {
  const file = readYaml(path, 'claims')
  for (const { place, text: plain } of file.plain()) {
    const key = place.findLast((step) => typeof step === 'string')
    if (ambiguous.test(plain) && economyKeys.has(String(key)))
      file.fault(
        'plain',
        place,
        `${plain} without quotation marks is a truth value to many readers of YAML. Write the alpha-3 code, such as NOR`,
      )
  }
  const { report, claims } = file.as(sheet(analysisNamed))
  return { report, claims, refuse: file.refuse, doubt: file.doubt }
}

/** What in a sheet loads and is probably not meant: claims that say of themselves that data could test them, and name none. */
export function claimDoubts({ claims, doubt }: ClaimFile): Fault[] {
  return claims.flatMap((one, at) =>
    one.testable === 'true' && one.evidence.length === 0 && !beyondData.has(one.kind)
      ? [
          doubt(
            'evidence',
            ['claims', at],
            `${one.id} has no evidence, so it is not tested. Add evidence, or testable: "false" where no data could settle it`,
          ),
        ]
      : [],
  )
}

/** Kinds that are about minds and the future: no data settle them. */
export const beyondData: ReadonlySet<string> = new Set(['attribution', 'forecast', 'opinion'])

type Path = readonly PropertyKey[]

/** What tells an issue at a part of what is looked through. */
const teller =
  (context: z.core.$RefinementCtx) =>
  (code: string, path: Path, message: string, key?: string): void =>
    context.addIssue({ code: 'custom', path: [...path], message, params: { code, key } })

/** Tell of ids that stand twice, and of names of claims that are none. Claims may be wrong otherwise. */
function tellNames(claims: readonly unknown[], context: z.core.$RefinementCtx): void {
  const tell = teller(context)
  const parts = (list: unknown) => (Array.isArray(list) ? (list as readonly unknown[]) : [])
  const field = (of: unknown, key: string) => ((of ?? {}) as Readonly<Record<string, unknown>>)[key]
  const ids = claims.map((one) => field(one, 'id'))
  for (const [at, id] of ids.entries())
    if (typeof id === 'string' && ids.indexOf(id) < at)
      tell('twice', [at, 'id'], `a second claim with the id ${id}. Rename one`)
  for (const [at, one] of claims.entries())
    for (const [number, part] of parts(field(one, 'evidence')).entries())
      for (const key of ['level', 'change']) {
        const name = field(field(part, 'implied'), key)
        if (typeof name === 'string' && !ids.includes(name))
          tell('implied', [at, 'evidence', number, 'implied'], `no claim has the id ${name}. Name one of this sheet`)
      }
}

function tellClaim(one: Claim, context: z.core.$RefinementCtx, analysisNamed: AnalysisNamed): void {
  if ((one.value === undefined) !== (one.unit === undefined))
    teller(context)('unit', [], `${one.id}: value and unit stand together, as in value: 76.1 and unit: USD bn`)
  for (const [number, part] of one.evidence.entries())
    tellEvidence(one, part, ['evidence', number], context, analysisNamed)
}

function tellEvidence(
  one: Claim,
  part: Evidence,
  place: Path,
  context: z.core.$RefinementCtx,
  analysisNamed: AnalysisNamed,
): void {
  const tell = teller(context)
  const measured = ('query' in part || 'figure' in part) && part.proxy === undefined
  if ((measured || ('document' in part && part.document.value !== undefined)) && one.value === undefined)
    tell(
      'value',
      place,
      `${one.id} claims no value, so nothing can be measured against it: add value and unit, or proxy: rises or falls`,
    )
  if ('document' in part && part.document.value === undefined && part.document.finding === undefined)
    tell('document', place, 'a document gives a value, or a finding: reproduced or contradicted')
  const based = 'query' in part ? part.base !== undefined : 'figure' in part ? part.base_figure !== undefined : true
  if (('query' in part || 'figure' in part) && part.as !== 'value' && !based)
    tell(
      'base',
      place,
      `as: ${part.as} needs what it is compared with: ${'query' in part ? 'base: {period: …}' : 'base_figure: …'}`,
    )
  if (!('query' in part)) return
  const name = String(part.query['analysis'] ?? '')
  const analysis = analysisNamed(name)
  if (!analysis || kindsOf(analysis).length === 0) {
    const why =
      name === ''
        ? 'a query names its analysis: analysis: dependence'
        : analysis
          ? `${name} asks others and cannot stand in a claim: name an analysis of data`
          : `no analysis "${name}". chokepoint --help lists them`
    tell('analysis', [...place, 'query', 'analysis'], why)
    return
  }
  const known = analysis.parameters.shape as Record<string, unknown>
  for (const [which, query] of [
    ['query', part.query],
    ['base', part.base ?? {}],
  ] as const)
    for (const [key, value] of Object.entries(query)) {
      if (key === 'analysis' && which === 'query') continue
      if (!(key in known))
        tell(
          'parameter',
          [...place, which],
          `${name} has no parameter "${key}". It has ${Object.keys(known).join(', ')}`,
          key,
        )
      const wrong =
        key === 'period' &&
        [value].flat().find((one) => !one.split(',').every((each) => period.safeParse(each.trim()).success))
      if (wrong)
        tell(
          'period',
          [...place, which, key],
          `"${wrong}": a period is 2022, 2022-03, 2019-2023 or 2021-03:2022-11; months go from 01 to 12`,
        )
    }
  if (!(part.take in analysis.columns.shape))
    tell(
      'column',
      [...place, 'take'],
      `${name} has no column "${part.take}". It has ${Object.keys(analysis.columns.shape).join(', ')}`,
    )
}
