import { z } from 'zod'
import { saysInPart } from '../../wording.ts'
import { defineAnalysis } from '../analysis.ts'
import { claimColumns, claimFileParameter, claimRow } from '../claim-fields.ts'
import { judge, type Verdict, verdicts } from '../claim-sheet.ts'

const parameters = z.strictObject({
  file: claimFileParameter,
  fail_on: z
    .array(z.enum(verdicts))
    .readonly()
    .default([])
    .meta({ description: 'End with exit code 4 where a claim has one of these verdicts' }),
})

const columns = z.strictObject(claimColumns)

/** "3 contradicted (2 of them in part), 3 reproduced, …, 10 not testable": each as large as the rest. */
const counted = (
  judged: readonly { readonly verdict: Verdict; readonly claim: { readonly note?: string | undefined } }[],
) =>
  verdicts
    .map((verdict) => [verdict, judged.filter((one) => one.verdict === verdict)] as const)
    .filter(([, those]) => those.length > 0)
    .map(([verdict, those]) => {
      const partly = verdict === 'contradicted' ? those.filter(({ claim }) => saysInPart(claim.note ?? '')).length : 0
      return `${those.length} ${verdict}${partly > 0 ? ` (${partly} of them in part)` : ''}`
    })
    .join(', ')

export const claims = defineAnalysis({
  name: 'claims',
  title: 'Claims against data',
  question: 'What was claimed, by whom, and do the figures bear it out?',
  example: 'chokepoint claims',
  needs: { kinds: [] },
  parameters,
  columns,
  keys: ['id'],
  shown: ['id', 'verdict', 'claimed', 'found', 'unit', 'claim'],
  sources: [
    'Methods, exposure section f: half of the last printed digit; 5 % of a level, one point of a share or change',
  ],
  limits: [
    'Reproduced means quoted correctly: data of the office that a report quotes do not confirm it.',
    'What only repeats a claim, or is moved by its source, never upgrades it.',
    'Missing data never make a claim contradicted.',
  ],
  async run(given, context) {
    const { file, judged } = await judge(given.file, context)
    const { title, publisher, published } = file.report
    const failing = judged.filter(({ verdict }) => given.fail_on.includes(verdict))
    return {
      rows: judged.map((one) => claimRow(one, one.evidence[0])),
      headline: `Of ${judged.length} statements in “${title}” (${publisher}, ${published}): ${counted(judged)}.`,
      caveats: [
        ...(file.report.note ? [file.report.note] : []),
        'Every piece of evidence, with query, residual and reason: chokepoint claims-evidence.',
      ],
      failed:
        failing.length > 0
          ? `${failing.map(({ claim, verdict }) => `${claim.id} is ${verdict}`).join(', ')}, as --fail-on asks`
          : undefined,
    }
  },
})
