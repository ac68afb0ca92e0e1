import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import { table } from './table.ts'

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
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(path, 'utf8'), { schema: 'failsafe', lineCounter: lines })
  const refuse = (code: string, offset: number, message: string) => {
    const at = lines.linePos(offset)
    return new Refusal('refused', `group/${code}`, `${path}, line ${at.line}, column ${at.col}: ${message}`)
  }

  const fault = document.errors[0] ?? document.warnings[0]
  if (fault) throw refuse('unreadable', fault.pos[0], (fault.message.split('\n')[0] ?? '').replace(/ at line.*/, ''))
  visit(document, {
    Node: (_key, node) => {
      if ('anchor' in node && node.anchor)
        throw refuse('anchor', node.range?.[0] ?? 0, 'anchors and aliases are not read; write the members out')
    },
  })
  if (!isMap(document.contents))
    throw refuse('unreadable', 0, 'a group is a mapping with kind, group, title, source and members')

  const kind = document.get('kind')
  if (kind !== 'economies' && kind !== 'products')
    throw refuse('kind', offsetOf(document, ['kind']), 'kind: economies or products')
  const parsed = (kind === 'economies' ? economies : products).safeParse(document.toJS())
  if (!parsed.success) {
    const { path: place, key, message } = innermost(parsed.error.issues[0])
    const where = place.map((step) => (typeof step === 'number' ? step + 1 : step)).join(' ')
    throw refuse('invalid', offsetOf(document, place, key), `${where ? `${where}: ` : ''}${message}`)
  }

  const group = parsed.data
  if (taken.has(group.group.toUpperCase()))
    throw refuse(
      'taken',
      offsetOf(document, ['group']),
      `group: "${group.group}" is the name of another group or of an economy`,
    )
  const known = new Set(table('economies.csv').map((row) => row['economy']))
  const seen = new Set<string>()
  for (const [position, member] of group.members.entries()) {
    const at = offsetOf(document, ['members', position])
    const dated = typeof member !== 'string' && 'economy' in member ? member : undefined
    const value =
      typeof member === 'string' ? member : 'economy' in member ? member.economy : `${member.product} ${member.edition}`
    if (group.kind === 'economies' && !known.has(value))
      throw refuse('economy', at, `members: no economy has the code "${value}"`)
    if (dated?.from && dated.until && dated.from > dated.until)
      throw refuse('years', at, `members: ${value} ends in ${dated.until}, before it begins`)
    if (seen.has(value.trim())) throw refuse('twice', at, `members: "${value.trim()}" stands here twice`)
    seen.add(value.trim())
  }
  return group
}

/** The fault itself, where a schema of alternatives reports only that none of them fits. */
function innermost(issue: z.core.$ZodIssue | undefined): { path: PropertyKey[]; key?: string; message: string } {
  if (!issue) return { path: [], message: 'not readable as a group' }
  if (issue.code === 'invalid_union') {
    const near = issue.errors.find((issues) => !(issues[0]?.code === 'invalid_type' && issues[0].path.length === 0))
    if (!near) return { path: issue.path, message: 'a code, or a mapping with a code' }
    const inner = innermost(near[0])
    return { ...inner, path: [...issue.path, ...inner.path] }
  }
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    return { path: issue.path, key, message: `unknown key "${key}"` }
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0)
    return { path: issue.path, message: `missing, or not ${issue.expected === 'array' ? 'a list' : 'a text'}` }
  return { path: issue.path, message: issue.message }
}

/** Where a part of the file begins; of a part that is missing, where the whole begins. */
function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  const node = document.getIn(path, true)
  if (key !== undefined && isMap(node)) {
    const named = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
    if (isNode(named?.key)) return named.key.range?.[0] ?? 0
  }
  if (isNode(node)) return node.range?.[0] ?? 0
  return path.length > 0 ? offsetOf(document, path.slice(0, -1)) : 0
}
