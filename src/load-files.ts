import { load } from './dataset/load.ts'
import { loadTable, tableKindOf } from './dataset/load-table.ts'
import { readMapping } from './dataset/mapping.ts'
import type { Manifest } from './dataset/schema.ts'
import type { Limits } from './engine/engine.ts'
import { recognise } from './sources/index.ts'

/** How files are loaded. */
export interface LoadRequest {
  readonly as: string
  /** A YAML file that says which column is what, for tables that no source knows. */
  readonly mapping?: string
  readonly onConflict?: 'stop' | 'sum' | 'first' | 'largest'
  readonly keepUnmapped?: boolean
  readonly progress?: (line: string) => void
  readonly signal?: AbortSignal
}

/** Load files of flows, of production or of a small table, whichever they are. */
export async function loadFiles(
  paths: readonly string[],
  request: LoadRequest,
  by: { readonly home: string; readonly limits: Limits; readonly toolVersion: string },
): Promise<Manifest> {
  const table = await tableKindOf(paths)
  if (table)
    return loadTable(table, {
      ...by,
      as: request.as,
      paths,
      ...(request.mapping ? { description: request.mapping } : {}),
    })
  const mapping = request.mapping ? readMapping(request.mapping) : undefined
  return load({
    ...by,
    as: request.as,
    paths,
    recognise: mapping ? () => ({ source: 'table', mapping }) : recognise,
    ...(mapping ? { workbook: { sheets: mapping.sheets, header_row: mapping.header_row } } : {}),
    ...(request.onConflict ? { onConflict: request.onConflict } : {}),
    ...(request.keepUnmapped ? { keepUnmapped: true } : {}),
    ...(request.signal ? { signal: request.signal } : {}),
    ...(request.progress ? { progress: request.progress } : {}),
  })
}
