import { figureTable } from './figure.ts'
import type { TableKind } from './table-kind.ts'
import { vendorTable } from './vendor.ts'

/** Every kind of small table, one line each. */
export const tableKinds: readonly TableKind[] = [vendorTable, figureTable] as unknown as readonly TableKind[]
