import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LineCounter, parseDocument, visit } from 'yaml'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import { table } from './table.ts'

const year = z.string().regex(/^\d{4}$/, 'a year of four digits')
const economy = z.string().regex(/^[A-Z0-9]{3,4}$/, 'an alpha-3 code in capital letters')
const code = z
  .string()
  .regex(/^(\d{2}|\d{4}|\d{6}|\d{8}|\d{10})$/, 'a code of 2, 4, 6, 8 or 10 digits; was a leading zero lost?')
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,40}$/, 'letters, digits and hyphens')
const common = { group: name, title: z.string().min(1), source: z.string().min(1) }

const schema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('economies'),
    ...common,
    members: z
      .array(z.union([economy, z.strictObject({ economy, from: year.optional(), until: year.optional() })]))
      .min(1),
  }),
  z.strictObject({
    kind: z.literal('products'),
    ...common,
    members: z
      .array(
        z.union([
          code,
          z.strictObject({
            product: code,
            edition: z.string().default(''),
            tier: z.string().default(''),
            note: z.string().default(''),
          }),
        ]),
      )
      .min(1),
  }),
])

export type UserGroup = z.output<typeof schema>

/**
 * A user's own groups, `groups/*.yaml` under CHOKEPOINT_HOME. All is read as text, so `NO` is Norway.
 * @throws Refusal naming file, line and column of the first fault
 */
export function userGroups(home: string | undefined): readonly UserGroup[] {
  const folder = home ? join(home, 'groups') : undefined
  if (!folder || !existsSync(folder)) return []
  const names = new Set<string>()
  return readdirSync(folder)
    .sort()
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => {
      const path = join(folder, file)
      const lines = new LineCounter()
      const document = parseDocument(readFileSync(path, 'utf8'), { schema: 'failsafe', lineCounter: lines })
      const refuse = (offset: number | undefined, message: string) => {
        const at = lines.linePos(offset ?? 0)
        return new Refusal('refused', 'group/invalid', `${path}, line ${at.line}, column ${at.col}: ${message}`)
      }
      const first = document.errors[0]
      if (first) throw refuse(first.pos[0], first.message.split('\n')[0] ?? '')
      visit(document, {
        Alias: (_key, node) => {
          throw refuse(node.range?.[0], 'anchors and aliases are not read; write the members out')
        },
      })
      const parsed = schema.safeParse(document.toJS())
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        const node = document.getIn(issue?.path ?? [], true) as { range?: [number] } | undefined
        throw refuse(node?.range?.[0], `${issue?.path.join('.') || 'group'}: ${issue?.message}`)
      }
      const group = parsed.data
      if (
        names.has(group.group) ||
        table('economy-groups.csv').some((row) => row['group'] === group.group) ||
        table('product-groups.csv').some((row) => row['group'] === group.group)
      ) {
        throw refuse(
          (document.get('group', true) as { range?: [number] } | undefined)?.range?.[0],
          `group: "${group.group}" is the name of another group`,
        )
      }
      names.add(group.group)
      const known = new Set(table('economies.csv').map((row) => row['economy']))
      const seen = new Set<string>()
      for (const [position, member] of group.members.entries()) {
        const value =
          typeof member === 'string'
            ? member
            : 'economy' in member
              ? member.economy
              : `${member.product} ${member.edition}`
        const node = document.getIn(['members', position], true) as { range?: [number] } | undefined
        if (group.kind === 'economies' && !known.has(value))
          throw refuse(node?.range?.[0], `members: no economy has the code "${value}"`)
        if (seen.has(value)) throw refuse(node?.range?.[0], `members: "${value}" stands here twice`)
        seen.add(value)
      }
      return group
    })
}
