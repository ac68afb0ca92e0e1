import { join } from 'node:path'
import { z } from 'zod'
import type { Fault } from '../refusal.ts'
import { editionsWithout } from './families-correlations.ts'
import { table } from './table.ts'
import { readYaml, type YamlFile, yamlFiles } from './yaml-file.ts'

let codes: ReadonlySet<string> | undefined
const isEconomy = (code: string) => {
  codes ??= new Set(table('economies.csv').map((row) => row['economy'] ?? ''))
  return codes.has(code)
}

const year = z.string().regex(/^\d{4}$/, 'a year has four digits')
const economy = z
  .string()
  .regex(/^[A-Z0-9]{3,4}$/, { error: 'an economy is its alpha-3 code in capital letters, such as NOR', abort: true })
  .refine(isEconomy, {
    error: ({ input }) => `no economy has the code "${input}": write its alpha-3 code, such as NOR`,
    params: { code: 'economy' },
  })
const product = z
  .string()
  .regex(/^(\d{2}|\d{4}|\d{6}|\d{8}|\d{10})$/, 'a product has 2, 4, 6, 8 or 10 digits; was a leading zero lost?')
const edition = z.string().regex(/^(HS|CN)\d{4}$/, 'an edition is written HS2017 or CN2022')
const common = {
  group: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,40}$/, 'a name has letters, digits and hyphens'),
  title: z.string().min(1, 'nothing stands here: name the group in words'),
  source: z.string().min(1, 'nothing stands here: say where the list is from'),
}

const members = <Member extends z.ZodType>(member: Member) =>
  z
    .array(member)
    .min(1, 'a group has at least one member')
    // Whatever else is wrong with a member, the others are looked through.
    .superRefine(tellRepeated, { when: ({ value }) => Array.isArray(value) })
const economies = z.strictObject({
  ...common,
  kind: z.literal('economies'),
  members: members(
    z.union([
      economy,
      z
        .strictObject({ economy, from: year.optional(), until: year.optional() })
        .refine(({ from, until }) => !from || !until || from <= until, {
          error: ({ input }) => {
            const { economy: code, until } = input as { economy: string; until: string }
            return `${code} ends in ${until}, before it begins: put the years the other way round`
          },
          params: { code: 'years' },
        }),
    ]),
  ),
})
const products = z.strictObject({
  ...common,
  kind: z.literal('products'),
  members: members(
    z.union([
      product,
      z.strictObject({
        product,
        edition: edition.or(z.literal('')).default(''),
        tier: z.string().default(''),
        note: z.string().default(''),
      }),
    ]),
  ),
})
const schema = z.discriminatedUnion('kind', [economies, products], { error: 'it is economies or products' })

/** What a member stands for, by which it is the same as another; undefined for what is no member. */
function nameOf(member: unknown): string | undefined {
  if (typeof member === 'string') return member
  const { economy, product, edition } = (member ?? {}) as Readonly<Record<string, unknown>>
  if (typeof economy === 'string') return economy
  return typeof product === 'string' ? `${product} ${edition ?? ''}`.trim() : undefined
}

function tellRepeated(all: readonly unknown[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>()
  for (const [position, member] of all.entries()) {
    const name = nameOf(member)
    if (name !== undefined && seen.has(name))
      context.addIssue({
        code: 'custom',
        path: [position],
        message: `"${name}" stands here twice: take one of them out`,
        params: { code: 'twice' },
      })
    if (name !== undefined) seen.add(name)
  }
}

export type UserGroup = z.output<typeof schema>

/** Names that a group may not have: those of the shipped groups and of economies, in capital letters. */
export const shippedNames = (): Set<string> =>
  new Set(
    [
      ...table('economy-groups.csv').map((row) => row['group'] ?? ''),
      ...table('product-groups.csv').map((row) => row['group'] ?? ''),
      ...table('economies.csv').map((row) => row['economy'] ?? ''),
    ].map((name) => name.toUpperCase()),
  )

/**
 * A user's own groups, `groups/*.yaml` under CHOKEPOINT_HOME. All is read as text, so `NO` and `010121` stay what they are.
 * @throws FaultyFile with what is wrong with the first file that has a fault
 */
export function userGroups(home: string | undefined): readonly UserGroup[] {
  const files = home ? yamlFiles(join(home, 'groups')) : []
  if (files.length === 0) return []
  const taken = shippedNames()
  return files.map((path) => readGroup(path, taken).group)
}

/**
 * One file with a group, whose name joins those that are taken.
 * @throws FaultyFile
 */
export function readGroup(path: string, taken: Set<string>): { readonly file: YamlFile; readonly group: UserGroup } {
  const file = readYaml(path, 'group')
  const name = String(file.content['group'] ?? '').toUpperCase()
  if (taken.has(name))
    file.fault(
      'taken',
      ['group'],
      `group: "${file.content['group']}" is the name of another group or of an economy: choose another`,
    )
  taken.add(name)
  return { file, group: file.as(schema) }
}

/** What in a group loads and is probably not meant: codes of products that no edition has. */
export function groupDoubts({ file, group }: ReturnType<typeof readGroup>): Fault[] {
  if (group.kind !== 'products') return []
  return group.members.flatMap((member, position) => {
    const { product, edition } = typeof member === 'string' ? { product: member, edition: '' } : member
    const lacking = editionsWithout(product, edition)
    if (lacking === undefined) return []
    const remedy = edition === '' ? ', or name its edition' : ''
    const message = `members ${position + 1}: ${product} is not in ${lacking}. Mend it${remedy}`
    return [file.doubt('product', ['members', position], message)]
  })
}
