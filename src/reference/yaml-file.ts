import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { type Fault, FaultyFile, Refusal } from '../refusal.ts'

/** A place in a YAML file: a path of keys and positions, and at its end a key rather than its value. */
export type YamlPlace = readonly PropertyKey[]

/** A YAML file that people write, with faults told by line and column. */
export interface YamlFile {
  /** Everything in it, as text: `NO` stays Norway and `010121` keeps its zero. */
  readonly content: Readonly<Record<string, unknown>>
  /** Note what is wrong at a part of the file; of a part that is missing, where the whole begins. */
  fault(code: string, place: YamlPlace, message: string, key?: string): void
  /** What is probably not meant at a part of the file. */
  doubt(code: string, place: YamlPlace, message: string, key?: string): Fault
  /** A refusal at a part of a file that was read already. */
  refuse(code: string, place: YamlPlace, message: string, key?: string): Refusal
  /**
   * The content as a schema has it. Refinements give the code of their fault, and a key where it is meant rather than
   * its value, as `params`.
   * @throws FaultyFile with what the schema finds and what was noted before
   */
  as<Schema extends z.ZodType>(schema: Schema): z.output<Schema>
  /** Places of values that are written without quotation marks. */
  plain(): { readonly place: YamlPlace; readonly text: string }[]
}

/**
 * The files in a folder of a user's by their names in order, hidden ones left out; none where there is no such folder.
 * @throws Refusal where it cannot be read
 */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => join(folder, name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new Refusal('refused', 'home/unreadable', `${folder}: cannot be read (${code}). Make it a folder of yours`)
  }
}

/** Those of a folder that are read as YAML. */
export const yamlFiles = (folder: string): string[] => filesIn(folder).filter((path) => yamlEnding.test(path))

export const yamlEnding = /\.ya?ml$/i

/** Larger files are not written by people. */
const mostBytes = 2_000_000
/** Nor are those with deeper brackets, which exhaust the parser and with it the process. */
const deepest = 60

/** The text of a file that people write. */
function textOf(path: string, refuse: (code: string, message: string) => Refusal): string {
  let bytes: Buffer
  try {
    if (statSync(path).size > mostBytes)
      throw refuse('large', `larger than ${mostBytes} bytes, which no such file needs`)
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof FaultyFile) throw error
    throw refuse('unreadable', `cannot be read (${(error as NodeJS.ErrnoException).code}). It must be a YAML file`)
  }
  if (!isUtf8(bytes)) throw refuse('encoding', 'not in UTF-8: save it again in that encoding')
  return bytes.toString('utf8')
}

/** Where brackets or indentation are deeper than people write them. */
function tooDeep(text: string): number | undefined {
  let depth = 0
  for (const { index, 0: sign } of text.matchAll(/[[{\]}]|^[ ?-]{200}/gm)) {
    if (sign.length > 1) return index
    depth = Math.max(0, depth + (sign === '[' || sign === '{' ? 1 : -1))
    if (depth > deepest) return index
  }
  return undefined
}

/**
 * Read a YAML file as text throughout. Anchors and aliases are refused: what people check must stand where they read it.
 * @param area the first half of the codes of refusals, such as `group`
 * @throws FaultyFile with all faults of its form, by line and column
 */
export function readYaml(path: string, area: string): YamlFile {
  const lines = new LineCounter()
  const at = (severity: Fault['severity'], code: string, offset: number, message: string): Fault => {
    const { line, col } = lines.linePos(offset)
    return {
      severity,
      code: `${area}/${code}`,
      file: path,
      line: Math.max(1, line),
      column: Math.max(1, col),
      message,
    }
  }
  const faults: Fault[] = []
  const wrong = (code: string, offset: number, message: string) => void faults.push(at('error', code, offset, message))
  const refuseFaulty = () => {
    const [first, ...rest] = faults.sort((a, b) => a.line - b.line || a.column - b.column)
    if (first) throw new FaultyFile([first, ...rest])
  }
  const text = textOf(path, (code, message) => new FaultyFile([at('error', code, 0, message)]))
  const deep = tooDeep(text)
  if (deep !== undefined) {
    for (const { index } of text.slice(0, deep).matchAll(/\n/g)) lines.addNewLine(index + 1)
    throw new FaultyFile([at('error', 'yaml', deep, `deeper than ${deepest} brackets, which no such file needs`)])
  }
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines })
  for (const { pos, message } of [...document.errors, ...document.warnings])
    wrong('yaml', pos[0], (message.split('\n')[0] ?? '').replace(/ at line.*/, ''))
  visit(document, {
    Node(_key, node) {
      if (isAlias(node) || (node !== null && 'anchor' in node && node.anchor))
        wrong('anchor', node.range?.[0] ?? 0, 'anchors and aliases are not read; write it out')
    },
    Pair(_key, { key }) {
      if (isNode(key) && !isScalar(key)) wrong('yaml', key.range?.[0] ?? 0, 'a key is a word, not a list or a mapping')
    },
  })
  if (faults.length === 0 && !isMap(document.contents)) wrong('yaml', 0, 'not a mapping of keys and values')
  refuseFaulty()
  const content = document.toJS({ maxAliasCount: 0 }) as Readonly<Record<string, unknown>>
  return {
    content,
    fault: (code, place, message, key) => wrong(code, offsetOf(document, place, key), message),
    doubt: (code, place, message, key) => at('warning', code, offsetOf(document, place, key), message),
    refuse: (code, place, message, key) => new FaultyFile([at('error', code, offsetOf(document, place, key), message)]),
    as(schema) {
      const parsed = schema.safeParse(content)
      for (const { code, path: place, key, message } of (parsed.error?.issues ?? []).flatMap(innermost)) {
        const where = place.map((step) => (typeof step === 'number' ? step + 1 : String(step))).join(' ')
        wrong(code, offsetOf(document, place, key), `${where ? `${where}: ` : ''}${message}`)
      }
      refuseFaulty()
      return parsed.data as z.output<typeof schema>
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

interface Found {
  readonly code: string
  readonly path: PropertyKey[]
  readonly key?: string | undefined
  readonly message: string
}

/** The faults themselves, where a schema of alternatives reports only that none of them fits. */
function innermost(issue: z.core.$ZodIssue): Found[] {
  const { path } = issue
  if (issue.code === 'invalid_union') {
    const near = issue.errors.find((issues) => !(issues[0]?.code === 'invalid_type' && issues[0].path.length === 0))
    if (!near)
      return [
        {
          code: 'invalid',
          path,
          message: issue.message === 'Invalid input' ? 'of a form that is not known here' : issue.message,
        },
      ]
    return near.flatMap(innermost).map((inner) => ({ ...inner, path: [...path, ...inner.path] }))
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      code: 'invalid',
      path,
      key,
      message: `unknown key "${key}": mend its name, or take it out`,
    }))
  if (issue.code === 'invalid_type' && path.length > 0) {
    const wanted = { array: 'a list', object: 'keys and values', record: 'keys and values' }[issue.expected as string]
    return [{ code: 'invalid', path, message: `missing, or not ${wanted ?? 'a text'}` }]
  }
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid'))
    return [{ code: 'invalid', path, message: `one of ${issue.values.join(', ')}` }]
  const { code = 'invalid', key } = (issue.code === 'custom' ? issue.params : undefined) ?? {}
  return [{ code, path, key, message: issue.message }]
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
