import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { economies } from '../reference/economies.ts'
import { readYaml, type YamlFile } from '../reference/yaml-file.ts'
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

const schema = z.strictObject({
  report: z.strictObject({
    title: text,
    publisher: text,
    published: day,
    url: text.optional(),
    relay_of: text.optional(),
    note: text.optional(),
  }),
  claims: z.array(claim).min(1, 'a sheet has at least one claim'),
})

export interface ClaimFile {
  readonly report: z.output<typeof schema>['report']
  readonly claims: readonly Claim[]
  /** A refusal at a claim's evidence, by positions. */
  refuse: YamlFile['refuse']
}

/** The shipped sheet: the report that this project started from. */
export const shippedClaims = fileURLToPath(new URL('../../data/claims/report-2023-04-19.yaml', import.meta.url))

/** What YAML 1.1 readers take for true or false: an economy written so means something else to others. */
const ambiguous = /^(y|n|yes|no|on|off|true|false|null|~)$/i
const economyKeys = new Set(['importer', 'supplier', 'exit', 'reporter', 'partner', 'market'])

/**
 * Read a sheet of claims. A query in it is an analysis with its parameters, checked against its declaration here.
 * @throws Refusal naming file, line and column
 */
export function readClaims(path: string, analysisNamed: (name: string) => Analysis | undefined): ClaimFile {
  const file = readYaml(path, 'claims')
  for (const { place, text: plain } of file.plain()) {
    const key = place.findLast((step) => typeof step === 'string')
    if (ambiguous.test(plain) && economyKeys.has(String(key)))
      throw file.refuse(
        'plain',
        place,
        `${plain} without quotation marks is a truth value to many readers of YAML. Write the alpha-3 code, such as NOR`,
      )
  }
  const { report, claims } = file.as(schema)
  const seen = new Set<string>()
  for (const [at, one] of claims.entries()) {
    const place = ['claims', at]
    if (seen.has(one.id))
      throw file.refuse('twice', [...place, 'id'], `a second claim with the id ${one.id}. Rename one`)
    seen.add(one.id)
    if ((one.value === undefined) !== (one.unit === undefined))
      throw file.refuse('unit', place, `${one.id}: value and unit stand together, as in value: 76.1 and unit: USD bn`)
    for (const [number, part] of one.evidence.entries())
      checkEvidence(file, one, part, [...place, 'evidence', number], analysisNamed)
  }
  for (const [at, one] of claims.entries())
    for (const [number, part] of one.evidence.entries())
      for (const name of 'implied' in part ? [part.implied.level, part.implied.change] : [])
        if (!seen.has(name))
          throw file.refuse('implied', ['claims', at, 'evidence', number, 'implied'], `no claim has the id ${name}`)
  return { report, claims, refuse: file.refuse }
}

function checkEvidence(
  file: YamlFile,
  one: Claim,
  part: Evidence,
  place: readonly PropertyKey[],
  analysisNamed: (name: string) => Analysis | undefined,
): void {
  const measured = ('query' in part || 'figure' in part) && part.proxy === undefined
  if ((measured || ('document' in part && part.document.value !== undefined)) && one.value === undefined)
    throw file.refuse(
      'value',
      place,
      `${one.id} claims no value, so nothing can be measured against it: add value and unit, or proxy: rises or falls`,
    )
  if ('document' in part && part.document.value === undefined && part.document.finding === undefined)
    throw file.refuse('document', place, 'a document gives a value, or a finding: reproduced or contradicted')
  const based = 'query' in part ? part.base !== undefined : 'figure' in part ? part.base_figure !== undefined : true
  if (('query' in part || 'figure' in part) && part.as !== 'value' && !based)
    throw file.refuse(
      'base',
      place,
      `as: ${part.as} needs what it is compared with: ${'query' in part ? 'base: {period: …}' : 'base_figure: …'}`,
    )
  if (!('query' in part)) return
  const name = String(part.query['analysis'] ?? '')
  const analysis = analysisNamed(name)
  if (!analysis)
    throw file.refuse(
      'analysis',
      [...place, 'query', 'analysis'],
      name === '' ? 'a query names its analysis' : `no analysis "${name}"`,
    )
  if (kindsOf(analysis).length === 0)
    throw file.refuse('analysis', [...place, 'query', 'analysis'], `${name} asks others and cannot stand in a claim`)
  const known = analysis.parameters.shape as Record<string, unknown>
  for (const [which, query] of [
    ['query', part.query],
    ['base', part.base ?? {}],
  ] as const)
    for (const [key, value] of Object.entries(query)) {
      if (key === 'analysis' && which === 'query') continue
      if (!(key in known))
        throw file.refuse(
          'parameter',
          [...place, which],
          `${name} has no parameter "${key}". It has ${Object.keys(known).join(', ')}`,
          key,
        )
      const wrong =
        key === 'period' &&
        [value].flat().find((one) => !one.split(',').every((each) => period.safeParse(each.trim()).success))
      if (wrong)
        throw file.refuse(
          'period',
          [...place, which, key],
          `"${wrong}": a period is 2022, 2022-03, 2019-2023 or 2021-03:2022-11; months go from 01 to 12`,
        )
    }
  if (!(part.take in analysis.columns.shape))
    throw file.refuse(
      'column',
      [...place, 'take'],
      `${name} has no column "${part.take}". It has ${Object.keys(analysis.columns.shape).join(', ')}`,
    )
}
