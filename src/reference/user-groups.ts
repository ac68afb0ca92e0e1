import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { table } from './table.ts'
import { readYaml } from './yaml-file.ts'

const year = z.string().regex(/^\d{4}$/, 'a year has four digits')
const economy = z.string().regex(/^[A-Z0-9]{3,4}$/, 'an economy is its alpha-3 code in capital letters, such as NOR')
const product = z
  .string()
  .regex(/^(\d{2}|\d{4}|\d{6}|\d{8}|\d{10})$/, 'a product has 2, 4, 6, 8 or 10 digits; was a leading zero lost?')
const edition = z.string().regex(/^(HS|CN)\d{4}$/, 'an edition is written HS2017 or CN2022')
const common = {
  kind: z.string(),
  group: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,40}$/, 'a name has letters, digits and hyphens'),
  title: z.string().min(1),
  source: z.string().min(1),
}

const economies = z.strictObject({
  ...common,
  kind: z.literal('economies'),
  members: z
    .array(z.union([economy, z.strictObject({ economy, from: year.optional(), until: year.optional() })]))
    .min(1, 'a group has at least one member'),
})
const products = z.strictObject({
  ...common,
  kind: z.literal('products'),
  members: z
    .array(
      z.union([
        product,
        z.strictObject({
          product,
          edition: edition.or(z.literal('')).default(''),
          tier: z.string().default(''),
          note: z.string().default(''),
        }),
      ]),
    )
    .min(1, 'a group has at least one member'),
})

export type UserGroup = z.output<typeof economies> | z.output<typeof products>

/**
 * A user's own groups, `groups/*.yaml` under CHOKEPOINT_HOME. All is read as text, so `NO` and `010121` stay what they are.
 * @throws Refusal naming file, line and column of the first fault
 */
export function userGroups(home: string | undefined): readonly UserGroup[] {
  const folder = home ? join(home, 'groups') : undefined
  if (!folder || !existsSync(folder)) return []
  const taken = new Set(
    [
      ...table('economy-groups.csv').map((row) => row['group'] ?? ''),
      ...table('product-groups.csv').map((row) => row['group'] ?? ''),
      ...table('economies.csv').map((row) => row['economy'] ?? ''),
    ].map((name) => name.toUpperCase()),
  )
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => {
      const group = readGroup(join(folder, file), taken)
      taken.add(group.group.toUpperCase())
      return group
    })
}

function readGroup(path: string, taken: ReadonlySet<string>): UserGroup {
  const file = readYaml(path, 'group')
  const { kind } = file.content as { kind?: unknown }
  if (kind !== 'economies' && kind !== 'products') throw file.refuse('kind', ['kind'], 'kind: economies or products')
  const group = file.as(kind === 'economies' ? economies : products)
  if (taken.has(group.group.toUpperCase()))
    throw file.refuse('taken', ['group'], `group: "${group.group}" is the name of another group or of an economy`)
  const known = new Set(table('economies.csv').map((row) => row['economy']))
  const seen = new Set<string>()
  for (const [position, member] of group.members.entries()) {
    const at = ['members', position]
    const dated = typeof member !== 'string' && 'economy' in member ? member : undefined
    const value =
      typeof member === 'string' ? member : 'economy' in member ? member.economy : `${member.product} ${member.edition}`
    if (group.kind === 'economies' && !known.has(value))
      throw file.refuse('economy', at, `members: no economy has the code "${value}"`)
    if (dated?.from && dated.until && dated.from > dated.until)
      throw file.refuse('years', at, `members: ${value} ends in ${dated.until}, before it begins`)
    if (seen.has(value.trim())) throw file.refuse('twice', at, `members: "${value.trim()}" stands here twice`)
    seen.add(value.trim())
  }
  return group
}
