import { z } from 'zod'
import { defineAnalysis } from '../analysis.ts'
import { claimColumns, claimFileParameter, claimRow } from '../claim-fields.ts'
import { judge } from '../claim-sheet.ts'

const parameters = z.strictObject({
  file: claimFileParameter,
  id: z
    .array(z.string().min(1))
    .readonly()
    .default([])
    .meta({ description: 'Claims by their ids; all where left out' }),
})

const columns = z.strictObject(claimColumns)

export const claimsEvidence = defineAnalysis({
  name: 'claims-evidence',
  title: 'Evidence behind claims',
  question: 'Which data stand behind the verdict on a claim, how far off are they, and are they independent?',
  example: 'chokepoint claims-evidence --id Q21,Q22',
  needs: { kinds: [] },
  parameters,
  columns,
  keys: ['id', 'evidence', 'query'],
  shown: ['id', 'evidence_verdict', 'claimed', 'found', 'unit', 'evidence', 'why'],
  sources: ['Methods, exposure section f (CLM0, CLM1)'],
  limits: ['On another basis a match is at best close, and a miss reads “different basis”, not false.'],
  async run(given, context) {
    const { judged } = await judge(given.file, context, given.id)
    const rows = judged.flatMap((one) =>
      one.evidence.length > 0 ? one.evidence.map((part) => claimRow(one, part)) : [claimRow(one, undefined)],
    )
    const [only] = judged
    return {
      rows,
      headline: judged.length === 1 && only ? `${only.claim.id} is ${only.verdict}: “${only.claim.text}”.` : undefined,
    }
  },
})
