import { z } from 'zod'
import { printedNumber } from '../measures/verdict.ts'
import type { Row } from './analysis.ts'
import { type Judged, verdicts, type Weighed } from './claim-sheet.ts'

export const claimFileParameter = z
  .string()
  .default('')
  .meta({ description: 'A YAML file of claims; the shipped report where left out', local: true })

/** What a row says of a claim and one piece of its evidence. */
export const claimColumns = {
  id: z.string().meta({ description: 'Of the claim', unit: 'text' }),
  kind: z
    .string()
    .meta({ description: 'level, change, share, rank, event, attribution, forecast or opinion', unit: 'text' }),
  verdict: z.enum(verdicts).meta({ description: 'What the claim comes to', unit: 'text' }),
  claimed: z.number().nullable().meta({ description: 'As printed', unit: 'as in unit' }),
  found: z
    .number()
    .nullable()
    .meta({ description: 'In the data, in the claim’s unit; of a proxy, its change', unit: 'as in unit' }),
  unit: z.string().nullable().meta({ description: 'Of both', unit: 'text' }),
  residual: z.number().nullable().meta({ description: 'Found less claimed', unit: 'as in unit' }),
  claim: z.string().meta({ description: 'The statement, in our own words', unit: 'sentence' }),
  speaker: z.string().nullable().meta({ description: 'Whose statement it is', unit: 'text' }),
  period: z.string().nullable().meta({ description: 'Of which it speaks', unit: 'text' }),
  evidence: z.string().nullable().meta({
    description: 'What it was held against, with basis and certainty of a published figure',
    unit: 'sentence',
  }),
  evidence_verdict: z.enum(verdicts).nullable().meta({ description: 'What this piece of evidence says', unit: 'text' }),
  same_basis: z
    .boolean()
    .nullable()
    .meta({ description: 'Whether it measures what the claim is about', unit: 'yes or no' }),
  independent: z.boolean().nullable().meta({ description: 'Whether it stands on its own feet', unit: 'yes or no' }),
  data: z.string().nullable().meta({ description: 'Dataset and version', unit: 'text' }),
  query: z.string().nullable().meta({ description: 'The command that asks the same', unit: 'text' }),
  why: z.string().nullable().meta({ description: 'Reasons for the verdict', unit: 'sentence' }),
  note: z.string().nullable().meta({ description: 'What else must be known', unit: 'sentence' }),
}

/** A claim and one piece of evidence as a row. */
export function claimRow({ claim, verdict, why }: Judged, part: Weighed | undefined): Row {
  return {
    id: claim.id,
    kind: claim.kind,
    verdict,
    claimed: claim.value === undefined ? null : printedNumber(claim.value),
    found: part?.found ?? null,
    unit: claim.unit ?? part?.unit ?? null,
    residual: part?.residual ?? null,
    claim: claim.text,
    speaker: claim.speaker ?? null,
    period: claim.period ?? null,
    evidence: part?.label ?? null,
    evidence_verdict: part?.verdict ?? null,
    same_basis: part?.same_basis ?? null,
    independent: part?.independent ?? null,
    data: part?.data || null,
    query: part?.query || null,
    why: (part?.why ?? why) || null,
    note: claim.note ?? null,
  }
}
