import {
  type SankeyGraph,
  type SankeyLink,
  type SankeyNode,
  sankey as sankeyLayout,
  sankeyLinkHorizontal,
} from 'd3-sankey'
import type { SankeyChart } from '../../analyses/charting.ts'
import { isUnknown } from './colours.ts'
import { doubtKeys, Hatches, type Standing, standingOf, standingSaid } from './doubt.ts'
import { figure, written } from './measures.ts'
import {
  c,
  distinct,
  fitted,
  hatching,
  label,
  latest,
  measure,
  type Panel,
  type Placed,
  rounded,
  type Sheet,
  textWidth,
} from './sheet.ts'

/** Sources and targets that stand by themselves; the rest is put together. */
const mostNodes = 6

interface Node {
  readonly id: string
  readonly code: string
  readonly name: string
}
interface Link {
  source: string
  target: string
  value: number
  /** Of several flows together none. */
  standing: Standing
  readonly at: number
}

/** Whether something flows to at least two targets. */
export function sankeyFits(sheet: Sheet, chart: SankeyChart): boolean {
  const known = latest(sheet.every, chart, [chart.value]).filter(({ row }) => (figure(row, chart.value) ?? 0) > 0)
  return distinct(known, chart.source).length >= 2 && distinct(known, chart.target).length >= 2
}

/** The largest by the sum of their flows; equals by their codes. */
function largest(rows: readonly Placed[], column: string, value: string): readonly string[] {
  const sums = new Map<string, number>()
  for (const { row } of rows)
    sums.set(String(row[column]), (sums.get(String(row[column])) ?? 0) + (figure(row, value) ?? 0))
  return [...sums]
    .filter(([code]) => !isUnknown(code))
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, mostNodes)
    .map(([code]) => code)
}

export function sankey(sheet: Sheet, chart: SankeyChart, part: number): Panel | undefined {
  const { charted, width, narrow } = sheet
  const read = measure(sheet, chart.value)
  const rows = latest(sheet.rows, chart, [chart.value]).filter(({ row }) => (figure(row, chart.value) ?? 0) > 0)
  if (rows.length === 0) return undefined
  const sources = largest(rows, chart.source, chart.value)
  const targets = largest(rows, chart.target, chart.value)
  const [leader] = sources
  if (leader !== undefined) sheet.colours.ask(leader)
  const side = (named: readonly string[], code: string) =>
    isUnknown(code) ? 'unknown' : named.includes(code) ? code : 'others'
  const links = new Map<string, Link>()
  for (const placed of rows) {
    const { row, at } = placed
    const source = `s:${side(sources, String(row[chart.source]))}`
    const target = `t:${side(targets, String(row[chart.target]))}`
    const link = links.get(`${source}\0${target}`)
    const value = figure(row, chart.value) ?? 0
    if (link) {
      link.value += value
      link.standing = {}
    } else
      links.set(`${source}\0${target}`, { source, target, value, at, standing: standingOf(sheet, chart, [placed]) })
  }
  const name = (column: string, code: string) =>
    code === 'others' ? 'Others' : code === 'unknown' ? 'Unknown supplier' : written(charted, column, code)
  const used = new Set([...links.values()].flatMap(({ source, target }) => [source, target]))
  const rank = (id: string) => {
    const code = id.slice(2)
    return code === 'unknown' ? 98 : code === 'others' ? 97 : (id.startsWith('s:') ? sources : targets).indexOf(code)
  }
  const nodes: Node[] = [...used]
    .sort((a, b) => (a[0] === b[0] ? rank(a) - rank(b) : a < b ? -1 : 1))
    .map((id) => ({
      id,
      code: id.slice(2),
      name: name(id.startsWith('s:') ? chart.source : chart.target, id.slice(2)),
    }))
  const height = Math.max(220, (narrow ? 56 : 46) * Math.max(sources.length, targets.length) + 60)
  const margin = narrow ? 104 : 170
  const layout = sankeyLayout<Node, Link>()
    .nodeId((node) => node.id)
    .nodeWidth(10)
    .nodePadding(narrow ? 34 : 22)
    .nodeSort((a, b) => rank(a.id) - rank(b.id))
    .linkSort(
      (a, b) =>
        rank((a.source as SankeyNode<Node, Link>).id) - rank((b.source as SankeyNode<Node, Link>).id) ||
        rank((a.target as SankeyNode<Node, Link>).id) - rank((b.target as SankeyNode<Node, Link>).id),
    )
    .extent([
      [margin, 10],
      [width - margin, height - 10],
    ])
  const graph: SankeyGraph<Node, Link> = layout({
    nodes: nodes.map((node) => ({ ...node })),
    links: [...links.values()].map((link) => ({ ...link })),
  })
  for (const code of sources) sheet.colours.claim(code)
  const hatch = `${sheet.id}-unknown${part}`
  const hatches = new Hatches(`${sheet.id}-doubt${part}`)
  const fill = (id: string) => {
    const code = id.slice(2)
    if (code === 'unknown') return `url(#${hatch})`
    return id.startsWith('s:') ? sheet.colours.of(code) : 'var(--rule-strong)'
  }
  const ends = (link: SankeyLink<Node, Link>) =>
    [link.source as SankeyNode<Node, Link>, link.target as SankeyNode<Node, Link>] as const
  const path = sankeyLinkHorizontal<Node, Link>()
  const order = graph.links.toSorted(
    (a, b) => rank(ends(a)[0].id) - rank(ends(b)[0].id) || rank(ends(a)[1].id) - rank(ends(b)[1].id),
  )
  const bands = order.map((link, at) => {
    const [source] = ends(link)
    const own = fill(source.id)
    const isHatched = link.standing.doubt !== undefined && !own.startsWith('url')
    return `<path data-mark="${at}" d="${path(link) ?? ''}" fill="none" stroke="${isHatched ? hatches.of(own) : own}" stroke-opacity="${isHatched ? 0.8 : 0.45}" stroke-width="${c(Math.max(1, link.width ?? 1))}"/>`
  })
  const boxes = graph.nodes.map((node) => {
    const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [node.x0, node.x1, node.y0, node.y1]
    const left = node.id.startsWith('s:')
    const x = left ? x0 - 8 : x1 + 8
    const middle = (y0 + y1) / 2
    const anchor = left ? ('end' as const) : ('start' as const)
    const bold = node.code === sheet.colours.question
    const value = read.short(node.value ?? 0)
    const size = narrow ? 12 : 13
    const words = narrow
      ? label(fitted(node.name, margin - 10, size, bold), x, middle - 8, { anchor, bold, size }) +
        label(value, x, middle + 8, { anchor, size })
      : label(
          `${fitted(node.name, margin - 12 - textWidth(` ${value}`, size, bold), size, bold)} ${value}`,
          x,
          middle,
          { anchor, bold },
        )
    return `<rect x="${c(x0)}" y="${c(y0)}" width="${c(x1 - x0)}" height="${c(Math.max(1, y1 - y0))}" fill="${fill(node.id)}"/>${words}`
  })
  const marks = order.map((link) => {
    const [source, target] = ends(link)
    return {
      x: ((source.x1 ?? 0) + (target.x0 ?? 0)) / 2,
      y: ((link.y0 ?? 0) + (link.y1 ?? 0)) / 2,
      row: link.at,
      text: [`${source.name} to ${target.name}: ${read.said(link.value)}`, ...standingSaid(link.standing)].join('\n'),
    }
  })
  // That a whole period is an estimate the subtitle says.
  const keys = doubtKeys(
    order.map(({ standing: { doubt } }) => (doubt === undefined ? {} : { doubt })),
    hatches,
  )
  return {
    body: rounded(hatching(hatch, 'var(--ground)') + hatches.definitions + bands.join('') + boxes.join('')),
    height,
    keys,
    marks,
    notes: [],
  }
}
