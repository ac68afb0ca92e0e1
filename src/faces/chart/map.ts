import { geoCentroid, geoEqualEarth, geoPath } from 'd3-geo'
import type { MapChart } from '../../analyses/charting.ts'
import { doubtKeys, Hatches, standingOf, standingSaid } from './doubt.ts'
import { figure, largestOf, nameOf } from './measures.ts'
import { c, hatching, label, latest, measure, type Panel, type Placed, type Sheet, textWidth } from './sheet.ts'
import { lands } from './world.ts'

/** Shades, from the palest. */
const shades = 6

/** Where names stand for economies whose middle is far from where people look for them. */
const seats: Readonly<Record<string, readonly [number, number]>> = {
  USA: [-98, 39],
  RUS: [90, 62],
  CHN: [104, 35],
  FRA: [2.5, 46.5],
  NOR: [9, 61],
  CAN: [-105, 56],
}

/** Whether some economy on the map has a figure, and the map is at hand. */
export const mapFits = (sheet: Sheet, chart: MapChart): boolean =>
  sheet.world !== undefined && sheet.every.some(({ row }) => figure(row, chart.value) !== null)

/** Members of the blocs that stand as one economy in the answer. */
function membersOf(sheet: Sheet, economy: string): readonly string[] {
  const blocs = sheet.charted.parameters['blocs'] as Readonly<Record<string, readonly string[]>> | undefined
  const members = blocs?.[economy]
  return Array.isArray(members) ? members : economy.includes('+') ? economy.split('+') : [economy]
}

/** Limits between shades at 1, 3, 10, 30, …: the last is the largest such number at most a third of the largest figure. */
function limitsOf(values: readonly number[]): number[] {
  const largest = largestOf(values, 0)
  if (largest <= 0) return []
  const steps = Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? 1 : 3) * 10 ** (Math.floor(at / 2) - 12))
  const last = steps.findLastIndex((step) => step <= largest / 3)
  return steps.slice(Math.max(0, last - shades + 2), last + 1)
}

export function map(sheet: Sheet, chart: MapChart, part: number): Panel | undefined {
  const { charted, width, narrow, world } = sheet
  if (!world) return undefined
  const read = measure(sheet, chart.value)
  const rows = latest(sheet.rows, chart, [chart.value]).filter(({ row }) => typeof row[chart.economy] === 'string')
  const byEconomy = new Map<string, { placed: Placed; own: string }>()
  for (const placed of rows)
    for (const member of membersOf(sheet, String(placed.row[chart.economy])))
      byEconomy.set(member, { placed, own: String(placed.row[chart.economy]) })
  const figureOf = (economy: string) => {
    const found = byEconomy.get(economy)
    return found ? figure(found.placed.row, chart.value) : null
  }
  const limits = limitsOf(rows.map(({ row }) => (figure(row, chart.value) ?? 0) * read.factor))
  const step = (value: number) => {
    const passed = limits.filter((limit) => value * read.factor >= limit).length
    return Math.min(shades - 1, passed + (shades - 1 - limits.length))
  }
  const hatches = new Hatches(`${sheet.id}-doubt${part}`)
  /** The paint of a figure: its shade; lines over it where it is doubtful, a broken edge where it is an estimate. */
  const paint = (placed: Placed, value: number) => {
    const { guess, doubt } = standingOf(sheet, chart, [placed])
    const shade = `var(--q${step(value)})`
    const line = step(value) < shades / 2 ? 'var(--text)' : 'var(--ground)'
    return {
      fill: doubt === undefined ? shade : hatches.of(line, shade),
      edge: guess === undefined ? '' : ' data-guess="1" stroke="var(--text)" stroke-width="0.8" stroke-dasharray="2 2"',
    }
  }
  const importers = new Set(
    rows
      .map(({ row }) => row['importer'] ?? row['economy'])
      .flatMap((cell) => (typeof cell === 'string' && cell !== chart.economy ? membersOf(sheet, cell) : [])),
  )
  const hatch = `${sheet.id}-none${part}`
  const features = lands(world)
  const mapHeight = Math.round(width * 0.49)
  const projection = geoEqualEarth()
    .rotate([-11, 0])
    .fitExtent(
      [
        [1, 1],
        [width - 1, mapHeight - 1],
      ],
      { type: 'FeatureCollection', features: [...features] },
    )
  const path = geoPath(projection).digits(1)

  const drawn = [...byEconomy].flatMap(([economy, { placed, own }]) => {
    const value = figure(placed.row, chart.value)
    return value === null || value === 0 ? [] : [{ economy, own, placed, value }]
  })
  drawn.sort((a, b) => b.value - a.value || (a.economy < b.economy ? -1 : 1))
  const small = new Map(world.small.map(([economy, longitude, latitude]) => [economy, [longitude, latitude] as const]))
  const seat = (economy: string): readonly [number, number] | undefined => {
    const at = small.get(economy) ?? seats[economy]
    if (at) return projection([at[0], at[1]]) ?? undefined
    const land = features.find((one) => one.id === economy)
    return land ? (projection(geoCentroid(land)) ?? undefined) : undefined
  }
  const marked = drawn.filter(({ economy }) => seat(economy) !== undefined)
  const place = new Map(marked.map(({ economy }, at) => [economy, at]))

  const land = features.map((one) => {
    const economy = String(one.id ?? '')
    const value = figureOf(economy)
    const at = place.get(economy)
    const found = byEconomy.get(economy)
    const painted = found && value !== null ? paint(found.placed, value) : { fill: '', edge: '' }
    // Where nobody counts trade, as in Northern Cyprus, no report is missing.
    const fill = importers.has(economy)
      ? 'var(--ground)'
      : value !== null && value > 0
        ? painted.fill
        : economy === ''
          ? 'var(--no-data)'
          : `url(#${hatch})`
    const outline = importers.has(economy) ? ' data-importer="1" stroke="var(--text)" stroke-width="1.2"' : painted.edge
    return `<path${at === undefined ? '' : ` data-mark="${at}"`}${economy === '' ? '' : ` data-economy="${economy}"`} d="${path(one) ?? ''}" fill="${fill}"${outline}/>`
  })
  // The importer's outline stands over its neighbours' borders.
  land.sort((a, b) => Number(a.includes('data-importer')) - Number(b.includes('data-importer')))
  const dots = marked
    .filter(({ economy }) => small.has(economy) && !importers.has(economy))
    .toReversed()
    .map(({ economy, placed, value }) => {
      const [x, y] = seat(economy) as readonly [number, number]
      const { fill, edge } = paint(placed, value)
      return `<circle data-mark="${place.get(economy)}" data-economy="${economy}" cx="${c(x)}" cy="${c(y)}" r="${narrow ? 3 : 3.6}" fill="${fill}"${edge || ' stroke="var(--rule-strong)" stroke-width="1"'}/>`
    })

  const taken: { x0: number; x1: number; y: number }[] = []
  const names: string[] = []
  const seen = new Set<string>()
  const mostNames = narrow ? 3 : width < 700 ? 4 : 6
  for (const { economy, own, value } of marked) {
    // The largest are named; beside them what is small has its name in the tooltip and the table.
    if (names.length === mostNames || value < (marked[0]?.value ?? 0) / 20) break
    if (seen.has(own)) continue
    seen.add(own)
    const [x, y] = seat(economy) as readonly [number, number]
    const text = `${nameOf(charted, own)} ${read.short(value)}`
    const half = textWidth(text, 12) / 2
    const centre = Math.max(half + 2, Math.min(x, width - half - 2))
    const free = [14, -14, 28, -28]
      .map((step) => y + step)
      .find(
        (one) =>
          one > 6 &&
          one < mapHeight - 6 &&
          taken.every((other) => other.x1 < centre - half || other.x0 > centre + half || Math.abs(other.y - one) > 17),
      )
    if (free === undefined) continue
    taken.push({ x0: centre - half - 8, x1: centre + half + 8, y: free })
    const leader = `<path d="M${c(x)},${c(y)}V${c(free + (free > y ? -6 : 6))}" stroke="var(--text)"/>`
    names.push(
      leader +
        label(text, centre, free, { anchor: 'middle', size: 12, halo: true, bold: own === sheet.colours.question }),
    )
  }
  const marks = marked.map(({ economy, own, placed, value }) => {
    const [x, y] = seat(economy) as readonly [number, number]
    const member =
      own === economy ? nameOf(charted, economy) : `${nameOf(charted, economy)}, in ${nameOf(charted, own)}`
    return {
      x,
      y,
      row: placed.at,
      text: [`${member}: ${read.said(value)}`, ...standingSaid(standingOf(sheet, chart, [placed]))].join('\n'),
    }
  })

  const top = mapHeight + 14
  const wide = Math.min(50, (width - 2) / (limits.length + 1))
  const end = (limits.length + 1) * wide
  const ramp = Array.from({ length: limits.length + 1 }, (_, at) => {
    const fill = `var(--q${at + shades - 1 - limits.length})`
    return `<rect x="${c(at * wide)}" y="${top}" width="${c(wide)}" height="10" fill="${fill}" stroke="var(--rule-strong)" stroke-width="0.5"/>`
  })
  // A figure stands under each border of a shade: the last is the largest that there is.
  const quiet = { size: 12, fill: 'var(--muted)' } as const
  const largest = read.short(marked[0]?.value ?? 0)
  const borders = [
    label('0', 0, top + 20, quiet),
    ...limits.map((limit, at) => label(read.tick(limit), (at + 1) * wide, top + 20, { ...quiet, anchor: 'middle' })),
    label(largest, end, top + 20, { ...quiet, anchor: narrow ? 'end' : 'middle' }),
  ]
  const besides = narrow ? { x: 0, y: top + 44 } : { x: end + 40, y: top + 5 }
  const legend = `${ramp.join('')}${borders.join('')}<rect x="${c(besides.x)}" y="${besides.y - 5}" width="18" height="10" fill="url(#${hatch})" stroke="var(--rule-strong)" stroke-width="0.5"/>${label('no figure', besides.x + 24, besides.y, { size: 12, fill: 'var(--muted)' })}<circle cx="${c(besides.x + 104)}" cy="${besides.y}" r="4" fill="var(--q1)" stroke="var(--rule-strong)"/>${label('small economy', besides.x + 114, besides.y, { size: 12, fill: 'var(--muted)' })}`
  const away = drawn.length - marked.length
  const unplaced = drawn
    .filter(({ economy }) => !place.has(economy))
    .map(({ own, value }) => `${nameOf(charted, own)} ${read.said(value)}`)
  const keys = doubtKeys(
    marked.map(({ placed }) => standingOf(sheet, chart, [placed])),
    hatches,
  )
  return {
    body: `${hatching(hatch, 'var(--no-data)', 'var(--coast)', 0.8)}${hatches.definitions}<g stroke="var(--coast)" stroke-width="0.5" stroke-linejoin="round">${land.join('')}</g>${dots.join('')}${names.join('')}${legend}`,
    height: narrow ? top + 56 : top + 30,
    keys,
    marks,
    notes: [
      ...(away > 0
        ? [`Not on the map: ${unplaced.slice(0, 3).join(', ')}${away > 3 ? ` and ${away - 3} more` : ''}.`]
        : []),
      'Borders as in Natural Earth; they express no view.',
    ],
  }
}
