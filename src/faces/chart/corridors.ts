import { type SankeyNode, sankey, sankeyLeft, sankeyLinkHorizontal } from 'd3-sankey'
import type { CorridorsChart } from '../../analyses/charting.ts'
import { scaled } from '../../wording.ts'
import { figure, largestOf, nameOf } from './measures.ts'
import {
  c,
  columnOf,
  fitted,
  hatching,
  label,
  type Panel,
  type Placed,
  rounded,
  type Sheet,
  textWidth,
} from './sheet.ts'

/** Those between who stand by themselves; the rest is put together. */
const mostBetween = 6
/** Pixels of a leg that is not observed, above the flows of one time, and between those of two. */
const [stub, head, gutter] = [16, 46, 28]

const times = ['before', 'after'] as const
type Time = (typeof times)[number]

/** A way from one end to the other: direct, through somebody, or through the others together. */
interface Way {
  /** Direct trade has that word, those together theirs, everybody else their place in the answer. */
  readonly id: string
  readonly code: string
  readonly name: string
  /** Rows of the answer behind it: the first is pointed at. */
  readonly rows: readonly Placed[]
}

interface Node {
  readonly id: string
}
interface Link {
  source: string
  target: string
  value: number
}

const isDirect = ({ id }: Way) => id === 'direct'

/** The ends of the corridors, as the question names them. */
function endOf({ charted }: Sheet, parameter: string): string {
  const given = [charted.parameters[parameter]].flat().map(String)
  return given.map((code) => nameOf(charted, code)).join(' and ')
}

const ofRole = (sheet: Sheet, { role }: CorridorsChart, words: readonly string[]) =>
  sheet.rows.filter(({ row }) => words.includes(String(row[role.column])))

/** Whether a row's first leg is known at both times. */
const isKnown =
  ({ first }: CorridorsChart) =>
  ({ row }: Placed) =>
    figure(row, first.before) !== null && figure(row, first.after) !== null

/** Rows of those between whose first leg is known. */
const betweenOf = (sheet: Sheet, chart: CorridorsChart) =>
  ofRole(sheet, chart, chart.role.between).filter(isKnown(chart))

const largerOf = ({ row }: Placed, { first }: CorridorsChart) =>
  Math.max(figure(row, first.before) ?? 0, figure(row, first.after) ?? 0)

/** Whether anything goes through anybody. */
export const corridorsFit = (sheet: Sheet, chart: CorridorsChart): boolean =>
  betweenOf(sheet, chart).some((one) => largerOf(one, chart) > 0)

/** What went over a leg of a way; null where it is not known of one of its rows. */
function sumOf({ rows }: Way, column: string): number | null {
  let sum = 0
  for (const { row } of rows) {
    const value = figure(row, column)
    if (value === null) return null
    sum += value
  }
  return sum
}

/** Direct trade, then who is between by the size of the first leg; the smallest together, apart where they are not observed. */
function waysOf(sheet: Sheet, chart: CorridorsChart): Way[] {
  const { charted } = sheet
  const direct = ofRole(sheet, chart, [chart.role.direct]).filter(isKnown(chart))
  const between = betweenOf(sheet, chart).toSorted(
    (a, b) =>
      largerOf(b, chart) - largerOf(a, chart) || (String(a.row[chart.label]) < String(b.row[chart.label]) ? -1 : 1),
  )
  const usual = chart.role.between[0]
  const alone = (one: Placed): Way => {
    const code = String(one.row[chart.label])
    const role = String(one.row[chart.role.column])
    return {
      id: String(one.at),
      code,
      name: `${nameOf(charted, code)}${role === usual ? '' : `, ${role}`}`,
      rows: [one],
    }
  }
  const together = (id: string, rows: readonly Placed[], says: string): Way[] =>
    rows.length > 1 ? [{ id, code: '', name: `${rows.length} ${says}`, rows }] : rows.map(alone)
  const rest = between.slice(mostBetween)
  const seen = ({ row }: Placed) => times.every((time) => figure(row, chart.second[time]) !== null)
  return [
    ...(direct.length > 0 ? [{ id: 'direct', code: '', name: 'directly', rows: direct }] : []),
    ...between.slice(0, mostBetween).map(alone),
    ...together('others', rest.filter(seen), 'others'),
    ...together(
      'unseen',
      rest.filter((one) => !seen(one)),
      'others unseen',
    ),
  ]
}

/** What went over the legs of a way at one time; null where the second is not observed. */
interface Leg {
  readonly way: Way
  readonly came: number
  readonly went: number | null
}

const legOf = (way: Way, { first, second }: CorridorsChart, time: Time): Leg => {
  const came = sumOf(way, first[time]) ?? 0
  return { way, came, went: isDirect(way) ? came : sumOf(way, second[time]) }
}

/** Ways through which goods go from one end to the other, before and after, side by side where there is room. */
export function corridors(sheet: Sheet, chart: CorridorsChart, part: number): Panel | undefined {
  const { narrow, width } = sheet
  const ways = waysOf(sheet, chart)
  const currency = columnOf(sheet, chart.first.after)?.unit ?? ''
  const [from, to] = [endOf(sheet, chart.from), endOf(sheet, chart.to)]
  for (const { code } of ways) if (code !== '') sheet.colours.claim(code)
  const legs = (time: Time) => ways.map((way) => legOf(way, chart, time))
  const sizeOf = (time: Time) => legs(time).reduce((sum, { came, went }) => sum + Math.max(came, went ?? 0), 0)
  const largest = largestOf(times.map(sizeOf), 0)
  const scale = (narrow ? 130 : 190) / largest
  // Of nothing, or of so little that nothing can be divided by it, there is no picture.
  if (!Number.isFinite(scale)) return undefined
  const wide = narrow ? width : (width - gutter) / 2
  const wordsOf = ({ way, came, went }: Leg) =>
    `${scaled(came)}${isDirect(way) || went === null ? '' : ` → ${scaled(went)}`}`
  // Where one name does not fit beside its figures, all figures stand beneath.
  const room = wide / 2 - stub - 14
  const beneath = times.flatMap(legs).some((leg) => textWidth(`${leg.way.name} ${wordsOf(leg)}`, 12) > room)
  const padding = beneath ? 34 : 24
  const gaps = (ways.length - 1) * padding
  const heights = times.map((time) => Math.max(gaps + sizeOf(time) * scale, gaps + 2))
  const hatch = `${sheet.id}-unseen${part}`
  const colour = (way: Way) => (isDirect(way) ? 'var(--rule-strong)' : sheet.colours.of(way.code))
  const path = sankeyLinkHorizontal<Node, Link>()
  const marks: { x: number; y: number; row: number; text: string }[] = []
  let unseen = false

  const side = (time: Time, left: number, top: number, height: number): string => {
    const all = legs(time)
    const passes = all.some(({ went }) => went !== null)
    const layout = sankey<Node, Link>()
      .nodeId(({ id }) => id)
      .nodeAlign(sankeyLeft)
      .nodeWidth(8)
      .nodePadding(padding)
      .nodeSort((a, b) => ways.findIndex(({ id }) => id === a.id) - ways.findIndex(({ id }) => id === b.id))
      .extent([
        [left, top + head],
        [left + (passes ? wide : wide * 0.5), top + head + height],
      ])
    const graph = layout({
      nodes: [{ id: 'from' }, ...ways.map(({ id }) => ({ id })), ...(passes ? [{ id: 'to' }] : [])],
      links: all.flatMap(({ way, came, went }) => [
        { source: 'from', target: way.id, value: came },
        ...(went === null ? [] : [{ source: way.id, target: 'to', value: went }]),
      ]),
    })
    const nodeOf = (id: string) => graph.nodes.find((node) => node.id === id) as SankeyNode<Node, Link>
    const bands: string[] = []
    for (const leg of all) {
      const { way, went } = leg
      const node = nodeOf(way.id)
      const fill = colour(way)
      for (const link of graph.links) {
        const [source, target] = [link.source as SankeyNode<Node, Link>, link.target as SankeyNode<Node, Link>]
        if (source.id !== way.id && target.id !== way.id) continue
        const first = source.id === 'from'
        // Direct trade is one flow, in two pieces for its place between the ends.
        const said = isDirect(way)
          ? `${from} to ${to}, directly`
          : first
            ? `${from} to ${way.name}`
            : `${way.name} to ${to}`
        const at = marks.length
        if (!isDirect(way) || first)
          marks.push({
            x: ((source.x1 ?? 0) + (target.x0 ?? 0)) / 2,
            y: ((link.y0 ?? 0) + (link.y1 ?? 0)) / 2,
            row: way.rows.length === 1 ? (way.rows[0]?.at ?? -1) : -1,
            text: `${said}, ${time}: ${currency} ${scaled(link.value)}`,
          })
        if (link.value > 0)
          bands.push(
            `<path data-mark="${isDirect(way) && !first ? at - 1 : at}" d="${path(link) ?? ''}" fill="none" stroke="${fill}" stroke-opacity="0.5" stroke-width="${c(Math.max(1, link.width ?? 1))}"/>`,
          )
      }
      const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [node.x0, node.x1, node.y0, node.y1]
      const tall = Math.max(1, y1 - y0)
      if (went === null) {
        unseen = true
        marks.push({
          x: x1 + stub / 2,
          y: (y0 + y1) / 2,
          row: way.rows.length === 1 ? (way.rows[0]?.at ?? -1) : -1,
          text: `${way.name} to ${to}, ${time}: not observed`,
        })
        const open = Math.max(6, tall)
        bands.push(
          `<rect data-unseen="${way.code || way.id}" data-mark="${marks.length - 1}" x="${c(x1)}" y="${c((y0 + y1 - open) / 2)}" width="${stub}" height="${c(open)}" fill="url(#${hatch})" stroke="var(--others)" stroke-width="0.8"/>`,
        )
      }
      if (isDirect(way)) {
        bands.push(
          `<rect x="${c(x0)}" y="${c(y0)}" width="${c(x1 - x0)}" height="${c(tall)}" fill="${fill}" fill-opacity="0.5"/>`,
        )
      } else {
        bands.push(`<rect x="${c(x0)}" y="${c(y0)}" width="${c(x1 - x0)}" height="${c(tall)}" fill="${fill}"/>`)
      }
      const words = wordsOf(leg)
      const x = x1 + (went === null ? stub : 0) + 6
      const y = (y0 + y1) / 2
      const written = { size: 12, halo: true }
      bands.push(
        beneath
          ? label(fitted(way.name, left + wide - x, 12), x, y - 7, written) + label(words, x, y + 7, written)
          : label(`${way.name} ${words}`, x, y, written),
      )
    }
    const ends = [['from', from] as const, ...(passes ? [['to', to] as const] : [])].map(([id, name]) => {
      const { x0 = 0, x1 = 0, y0 = 0, y1 = 0, value = 0 } = nodeOf(id)
      const left_ = id === 'from'
      const known = left_ || all.every(({ went }) => went !== null)
      return `<rect x="${c(x0)}" y="${c(y0)}" width="${c(x1 - x0)}" height="${c(Math.max(1, y1 - y0))}" fill="var(--text)"/>${label(fitted(`${name}${known ? ` ${scaled(value)}` : ''}`, wide / 2 - 4, 13), left_ ? x0 : x1, top + 30, { anchor: left_ ? 'start' : 'end' })}`
    })
    return (
      label(time === 'before' ? 'Before' : 'After', left, top + 9, { bold: true, size: 14 }) +
      bands.join('') +
      ends.join('')
    )
  }

  const [before = 0, after = 0] = heights
  const body =
    side('before', 0, 0, before) +
    (narrow ? side('after', 0, head + before + 24, after) : side('after', wide + gutter, 0, after))
  const known = ofRole(sheet, chart, chart.role.between).length
  const left = known - betweenOf(sheet, chart).length
  return {
    body: rounded(hatching(hatch, 'var(--ground)') + body),
    height: narrow ? 2 * head + before + after + 34 : head + Math.max(before, after) + 10,
    keys: unseen ? [{ fill: `url(#${hatch})`, says: 'sold on: not observed, which is not nothing' }] : [],
    marks,
    notes: left > 0 ? [`${left} of ${known} have no known first leg and are in the table only.`] : [],
  }
}
