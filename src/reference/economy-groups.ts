import { tableBy } from './table.ts'
import { userGroups } from './user-groups.ts'

export interface EconomyGroup {
  readonly group: string
  readonly title: string
  readonly source: string
  readonly members: readonly { readonly economy: string; readonly from: number; readonly until: number }[]
}

/** Groups of economies, the shipped ones and a user's own, each membership with its years. */
export function economyGroups(home?: string): readonly EconomyGroup[] {
  const shipped = [...tableBy('economy-groups.csv', 'group')].map(([group, rows]) => ({
    group,
    title: rows[0]?.['title'] ?? group,
    source: rows[0]?.['source'] ?? '',
    members: rows.map((row) => ({
      economy: row['economy'] ?? '',
      from: Number(row['from'] || 0),
      until: Number(row['until'] || 9999),
    })),
  }))
  const own = userGroups(home).flatMap((group) =>
    group.kind === 'economies'
      ? [
          {
            group: group.group,
            title: group.title,
            source: group.source,
            members: group.members.map((member) =>
              typeof member === 'string'
                ? { economy: member, from: 0, until: 9999 }
                : { economy: member.economy, from: Number(member.from ?? 0), until: Number(member.until ?? 9999) },
            ),
          },
        ]
      : [],
  )
  return [...shipped, ...own]
}

/** Who belonged to a group in a year, alpha-3 by alphabet. */
export function groupMembers(name: string, year: number, home?: string): readonly string[] {
  const group = economyGroups(home).find((one) => one.group === name)
  return (group?.members ?? [])
    .filter((member) => member.from <= year && year <= member.until)
    .map((member) => member.economy)
    .sort()
}
