import type { Analysis } from './analysis.ts'
import { breaks } from './breaks/analysis.ts'
import { claims } from './claims/analysis.ts'
import { claimsEvidence } from './claims-evidence/analysis.ts'
import { compliance } from './compliance/analysis.ts'
import { concentration } from './concentration/analysis.ts'
import { controls } from './controls/analysis.ts'
import { dependence } from './dependence/analysis.ts'
import { diversion } from './diversion/analysis.ts'
import { diversionCells } from './diversion-cells/analysis.ts'
import { diversionEvidence } from './diversion-evidence/analysis.ts'
import { diversionSeries } from './diversion-series/analysis.ts'
import { dominance } from './dominance/analysis.ts'
import { dominancePath } from './dominance-path/analysis.ts'
import { mirror } from './mirror/analysis.ts'
import { mirrorGaps } from './mirror-gaps/analysis.ts'
import { mirrorPartners } from './mirror-partners/analysis.ts'
import { screen } from './screen/analysis.ts'
import { screenChurn } from './screen-churn/analysis.ts'
import { screenSensitivity } from './screen-sensitivity/analysis.ts'
import { substitutes } from './substitutes/analysis.ts'
import { substitutesSuppliers } from './substitutes-suppliers/analysis.ts'
import { suppliers } from './suppliers/analysis.ts'
import { trade } from './trade/analysis.ts'

/** Every analysis, one line each. Faces read their declarations and know nothing else of them. */
export const analyses = {
  trade,
  suppliers,
  dependence,
  concentration,
  dominance,
  'dominance-path': dominancePath,
  screen,
  'screen-churn': screenChurn,
  'screen-sensitivity': screenSensitivity,
  claims,
  'claims-evidence': claimsEvidence,
  controls,
  substitutes,
  'substitutes-suppliers': substitutesSuppliers,
  mirror,
  'mirror-partners': mirrorPartners,
  'mirror-gaps': mirrorGaps,
  diversion,
  'diversion-cells': diversionCells,
  'diversion-evidence': diversionEvidence,
  'diversion-series': diversionSeries,
  breaks,
  compliance,
} as const

export type AnalysisName = keyof typeof analyses

export const analysisList: readonly Analysis[] = Object.values(analyses) as unknown as readonly Analysis[]
