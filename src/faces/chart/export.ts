import { stringify } from 'csv-stringify/browser/esm/sync'
import type { Charted, Drawing } from './chart.ts'
import { broken, escaped, label } from './sheet.ts'
import { light } from './styles.ts'
import { sourceOf } from './words.ts'

const inLight = (markup: string): string =>
  markup
    .replace(/var\(--([a-z0-9-]+)\)/g, (whole, name: string) => light[name] ?? whole)
    .replaceAll('currentColor', light['muted'] as string)

/**
 * A drawing as one file that keeps its words: title, subtitle, picture, events, notes, source, caveats and address, in
 * its own light colours.
 */
export function standalone(drawing: Drawing): string {
  const margin = 16
  const width = drawing.width + 2 * margin
  let y = margin
  const parts: string[] = []
  const said = (text: string, size: number, options: { bold?: boolean; fill?: string } = {}): string => {
    y += 3
    return broken(text, drawing.width, size, options.bold)
      .map((line) => {
        y += size * 1.35
        return label(line, margin, y - size * 0.5, { size, ...options })
      })
      .join('')
  }
  const say = (...words: Parameters<typeof said>) => parts.push(said(...words))
  say(drawing.title, 18, { bold: true })
  y += 4
  say(drawing.subtitle, 13, { fill: 'var(--muted)' })
  y += 14
  const inner = drawing.svg.replace(/^<svg[^>]*>/, '').replace(/<\/svg>$/, '')
  parts.push(`<g transform="translate(${margin},${Math.round(y)})" fill="currentColor">${inner}</g>`)
  y += drawing.height + 12
  for (const event of drawing.events) say(`${event.number} · ${event.date}: ${event.text} (${event.source}).`, 12)
  const quiet = { fill: 'var(--muted)' }
  if (drawing.note !== undefined) say(drawing.note, 12, quiet)
  for (const caveat of drawing.caveats) say(caveat, 12)
  say(drawing.source, 12, quiet)
  if (drawing.address !== undefined)
    parts.push(`<a href="${escaped(drawing.address)}">${said(drawing.address, 12, { fill: 'var(--link)' })}</a>`)
  const height = Math.ceil(y + margin)
  const font = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif'
  return inLight(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`${drawing.title} ${drawing.subtitle}`)}" font-family="${font}" font-size="13" fill="var(--text)"><rect width="${width}" height="${height}" fill="var(--ground)"/>${parts.join('')}</svg>\n`,
  )
}

/** Text that a spreadsheet would take for a formula is disarmed; numbers stay numbers. */
const guarded = (cell: string | number | boolean | null | undefined) =>
  typeof cell === 'boolean' ? String(cell) : typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell

/** The rows behind a chart as RFC 4180, with their keys and in full precision; units stand in `readmeOf`. */
export function csvOf({ columns, rows }: Charted): string {
  const names = columns.map(({ name }) => name)
  return stringify([names, ...rows.map((row) => names.map((name) => guarded(row[name])))], { record_delimiter: '\r\n' })
}

/** What belongs beside the rows: finding, columns with their units, caveats, source, address. */
export function readmeOf(charted: Charted): string {
  const columns = charted.columns.map(
    ({ name, unit, description }) => `- ${name}${unit === '' ? '' : ` (${unit})`}: ${description}`,
  )
  return [
    charted.headline ?? charted.analysis.title,
    '',
    'Columns',
    ...columns,
    '',
    ...(charted.caveats.length > 0 ? ['Caveats', ...charted.caveats.map((caveat) => `- ${caveat}`), ''] : []),
    sourceOf(charted),
    ...(charted.address === undefined ? [] : [charted.address]),
    '',
  ].join('\n')
}
