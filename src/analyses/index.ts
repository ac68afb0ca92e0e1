import type { Analysis } from './analysis.ts'
import { concentration } from './concentration/analysis.ts'
import { dependence } from './dependence/analysis.ts'
import { substitutes } from './substitutes/analysis.ts'
import { substitutesSuppliers } from './substitutes-suppliers/analysis.ts'
import { suppliers } from './suppliers/analysis.ts'

/** Every analysis, one line each. Faces read their declarations and know nothing else of them. */
export const analyses = {
  suppliers,
  dependence,
  concentration,
  substitutes,
  'substitutes-suppliers': substitutesSuppliers,
} as const

export type AnalysisName = keyof typeof analyses

export const analysisList: readonly Analysis[] = Object.values(analyses) as unknown as readonly Analysis[]
