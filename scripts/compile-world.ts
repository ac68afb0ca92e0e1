/**
 * Compiles the map: `npm run compile-world` writes data/map/world.json from Natural Earth's borders (world-atlas), their
 * numbers replaced by our codes, with a place for each economy that the coarse map lacks or shows too small to see.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { geoArea, geoCentroid } from 'd3-geo'
import type { Feature, Geometry } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { economies } from '../src/reference/economies.ts'

/** Square kilometres below which an economy is a dot: about 1 px at the width of a page's column. */
const least = 15_000
const earth = 510_072_000

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }>; land?: GeometryCollection }>
const require = createRequire(import.meta.url)
const byNumber = new Map(
  economies()
    .filter((one) => one.kind === 'economy' && one.m49 !== '')
    .map((one) => [one.m49.padStart(3, '0'), one.economy]),
)
/** Places without a number of their own in Natural Earth that statistics count as economies. */
const byName: Readonly<Record<string, string>> = { Kosovo: 'XKX' }
const codeOf = (id: unknown, name: string) => byName[name] ?? byNumber.get(String(id ?? ''))

const coarse = require('world-atlas/countries-110m.json') as Atlas
const fine = require('world-atlas/countries-50m.json') as Atlas
const isVisible = (one: Feature<Geometry>) => (geoArea(one) / (4 * Math.PI)) * earth >= least
const nameIn = (one: Feature<Geometry>) => String(one.properties?.['name'] ?? '')
const featuresOf = (from: Atlas) => feature(from, from.objects.countries).features
const visible = new Set(
  featuresOf(coarse)
    .filter(isVisible)
    .map((one) => codeOf(one.id, nameIn(one))),
)
const tenth = (value: number) => Math.round(value * 10) / 10
const small = featuresOf(fine)
  .map((one) => ({ code: codeOf(one.id, nameIn(one)), at: geoCentroid(one) }))
  .filter(({ code }) => code !== undefined && !visible.has(code))
  .map(({ code, at }) => [code, tenth(at[0]), tenth(at[1])] as const)
  .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))

const titleOf = ({ properties }: { properties?: object | undefined }) =>
  (properties as { name?: string } | undefined)?.name ?? ''
const { land: _, ...objects } = coarse.objects
objects.countries.geometries = objects.countries.geometries
  .filter((one) => titleOf(one) !== 'Antarctica')
  .map(({ id, properties, ...one }) => {
    const code = codeOf(id, titleOf({ properties }))
    return { ...one, ...(code === undefined ? {} : { id: code }) }
  }) as typeof objects.countries.geometries
mkdirSync('data/map', { recursive: true })
writeFileSync(
  'data/map/world.json',
  `${JSON.stringify({ source: 'Natural Earth, 1:110m and 1:50m, public domain', topology: { ...coarse, objects }, small })}\n`,
)
