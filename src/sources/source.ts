import { type Mapping, mappingSchema } from '../dataset/mapping.ts'

/** A publisher: what its files look like and how their columns map. Mostly data; it writes nothing. */
export interface Source {
  readonly name: string
  readonly publisher: string
  /**
   * The mapping of a file with this name and header, or undefined where it is not this publisher's table of flows.
   * @param first its first row, by the names of the header
   */
  recognise(
    file: string,
    header: readonly string[],
    first: Readonly<Record<string, string>> | undefined,
  ): Mapping | undefined
  /** Files that come with the tables and hold no flows, such as lists of codes. */
  beside?(file: string, header: readonly string[]): boolean
}

/** A mapping with everything left out filled in. */
export function mapping(given: Parameters<typeof mappingSchema.parse>[0]): Mapping {
  return mappingSchema.parse(given)
}

/** Whether a header holds exactly these columns, in any order. */
export function holds(header: readonly string[], columns: readonly string[]): boolean {
  const names = header.map((name) => name.trim().toLowerCase())
  return columns.every((column) => names.includes(column.toLowerCase()))
}
