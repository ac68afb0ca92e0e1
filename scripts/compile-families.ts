/**
 * Compiles the pairs of linked codes of adjacent HS editions: `npm run compile-families`. Reads the conversion weights
 * under CHOKEPOINT_TEST_DATA (default ../shared/data), writes data/reference/hs-families.csv. Only which pairs have a
 * weight above zero is kept, not the weight; the pruning of catch-all codes is a rule of src/reference/families.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'

const data = process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data'
const editions = ['HS1992', 'HS1996', 'HS2002', 'HS2007', 'HS2012', 'HS2017']

/** Pairs `from,to` of codes that a file of weights links; leading zeros are lost in it. */
function linked(older: number, newer: number, reverse: boolean): Set<string> {
  const [of, into] = reverse ? [`H${newer}`, `H${older}`] : [`H${older}`, `H${newer}`]
  const rows: Record<string, string>[] = parse(
    readFileSync(join(data, 'hs-reference', `conversion_weights_${of}_to_${into}.csv`)),
    { columns: true },
  )
  return new Set(
    rows
      .filter((row) => Number(row['weight']) > 0)
      .map((row) => [`H${older}`, `H${newer}`].map((edition) => row[edition]?.padStart(6, '0')).join(',')),
  )
}

/**
 * Some reporters split petroleum oils, 271000 of HS1996, into codes of their own that only the step before knows: they go
 * where the undivided code goes.
 */
function completed(pairs: ReadonlySet<string>, before: ReadonlySet<string>): Set<string> {
  const known = new Set([...pairs].map((pair) => pair.slice(0, 6)))
  const unknown = new Set([...before].map((pair) => pair.slice(7)).filter((code) => !known.has(code)))
  const added = [...unknown].flatMap((code) => {
    const heirs = [...pairs].filter((pair) => pair.startsWith(`${code.slice(0, 4)}00,`))
    if (heirs.length === 0) throw new Error(`${code} has no link onwards, nor has its heading`)
    return heirs.map((pair) => `${code}${pair.slice(6)}`)
  })
  return new Set([...pairs, ...added])
}

// A pair that is linked on several steps in a row is one row.
const finished: string[][] = []
let open = new Map<string, number>()
let before = new Set<string>()
for (const [step, edition] of editions.slice(0, -1).entries()) {
  const forward = linked(step, step + 1, false)
  const back = linked(step, step + 1, true)
  const oneWay = [...forward].filter((pair) => !back.has(pair)).concat([...back].filter((pair) => !forward.has(pair)))
  if (oneWay.length > 0) throw new Error(`${edition}: ${oneWay.length} pairs have a weight in one direction only`)
  const pairs = step === 0 ? forward : completed(forward, before)
  before = pairs
  for (const [pair, first] of open)
    if (!pairs.has(pair)) finished.push([...pair.split(','), editions[first] as string, edition])
  open = new Map([...pairs].map((pair) => [pair, open.get(pair) ?? step]))
}
for (const [pair, first] of open)
  finished.push([...pair.split(','), editions[first] as string, editions.at(-1) as string])

const rows = finished.sort((a, b) => (a.join() < b.join() ? -1 : 1))
writeFileSync(
  'data/reference/hs-families.csv',
  stringify(rows, { header: true, columns: ['from', 'to', 'first', 'last'] }),
)
