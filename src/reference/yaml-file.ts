import { readFileSync } from 'node:fs'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { Refusal } from '../refusal.ts'

/** A place in a YAML file: a path of keys and positions, and at its end a key rather than its value. */
export type YamlPlace = readonly PropertyKey[]

/** A YAML file that people write, with faults told by line and column. */
export interface YamlFile {
  /** Everything in it, as text: `NO` stays Norway and `010121` keeps its zero. */
  readonly content: unknown
  /** A refusal at a part of the file; of a part that is missing, where the whole begins. */
  refuse(code: string, place: YamlPlace, message: string, key?: string): Refusal
  /** The content as a schema has it. */
  as<Schema extends z.ZodType>(schema: Schema): z.output<Schema>
  /** Places of values that are written without quotation marks. */
  plain(): { readonly place: YamlPlace; readonly text: string }[]
}

/** Larger files are not written by people. */
const mostBytes = 2_000_000

/**
 * Read a YAML file as text throughout. Anchors and aliases are refused: what people check must stand where they read it.
 * @param area the first half of the codes of refusals, such as `group`
 * @throws Refusal naming file, line and column
 */
export function readYaml(path: string, area: string): YamlFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new Refusal('refused', `${area}/unreadable`, `${path}: cannot be read. It must be a YAML file`)
  }
  const lines = new LineCounter()
  const at = (code: string, offset: number, message: string) => {
    const place = lines.linePos(offset)
    return new Refusal(
      'refused',
      `${area}/${code}`,
      `${path}, line ${Math.max(1, place.line)}, column ${Math.max(1, place.col)}: ${message}`,
    )
  }
  if (text.length > mostBytes) throw at('large', 0, `larger than ${mostBytes} bytes, which no such file needs`)
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines })
  const fault = document.errors[0] ?? document.warnings[0]
  if (fault) throw at('yaml', fault.pos[0], (fault.message.split('\n')[0] ?? '').replace(/ at line.*/, ''))
  visit(document, {
    Alias: (_key, node) => {
      throw at('anchor', node.range?.[0] ?? 0, 'anchors and aliases are not read; write it out')
    },
    Node: (_key, node) => {
      if ('anchor' in node && node.anchor)
        throw at('anchor', node.range?.[0] ?? 0, 'anchors and aliases are not read; write it out')
    },
  })
  if (!isMap(document.contents)) throw at('yaml', 0, 'not a mapping of keys and values')
  const refuse = (code: string, place: YamlPlace, message: string, key?: string) =>
    at(code, offsetOf(document, place, key), message)
  const content = document.toJS({ maxAliasCount: 0 }) as unknown
  return {
    content,
    refuse,
    as(schema) {
      const parsed = schema.safeParse(content)
      if (parsed.success) return parsed.data
      const { path: place, key, message } = innermost(parsed.error.issues[0])
      const where = place.map((step) => (typeof step === 'number' ? step + 1 : String(step))).join(' ')
      throw refuse('invalid', place, `${where ? `${where}: ` : ''}${message}`, key)
    },
    plain() {
      const found: { place: YamlPlace; text: string }[] = []
      visit(document, {
        Scalar(_key, node, parents) {
          if (node.type !== 'PLAIN') return
          const place: PropertyKey[] = []
          for (const [depth, parent] of parents.entries()) {
            const child = parents[depth + 1] ?? node
            if (isMap(parent)) continue
            if ('items' in parent && Array.isArray(parent.items)) place.push(parent.items.indexOf(child as never))
            else if ('key' in parent && isScalar(parent.key) && parent.key !== node)
              place.push(String(parent.key.value))
          }
          found.push({ place, text: String(node.value) })
        },
      })
      return found
    },
  }
}

/** The fault itself, where a schema of alternatives reports only that none of them fits. */
function innermost(issue: z.core.$ZodIssue | undefined): { path: PropertyKey[]; key?: string; message: string } {
  if (!issue) return { path: [], message: 'not readable' }
  if (issue.code === 'invalid_union') {
    const near = issue.errors.find((issues) => !(issues[0]?.code === 'invalid_type' && issues[0].path.length === 0))
    if (!near) return { path: issue.path, message: 'of a form that is not known here' }
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
function offsetOf(document: Document, path: YamlPlace, key?: string): number {
  const node = document.getIn(path, true)
  if (key !== undefined && isMap(node)) {
    const named = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
    if (isNode(named?.key)) return named.key.range?.[0] ?? 0
  }
  if (isNode(node)) return node.range?.[0] ?? 0
  return path.length > 0 ? offsetOf(document, path.slice(0, -1)) : 0
}
