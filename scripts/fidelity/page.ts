import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { analyses, Chokepoint, RowOf } from '../../src/index.ts'
import { table } from '../../src/reference/table.ts'
import { tableOf } from '../materials/page.ts'
import { type PublishedCheck, publishedChecks } from './published.ts'

type Evidence = RowOf<(typeof analyses)['claims-evidence']>
type Figure = Readonly<Record<string, string>>

const figureOf = (id: string): Figure => {
  const row = table('published-figures.csv').find((one) => one['id'] === id)
  if (!row) throw new Error(`no published figure ${id}`)
  return row
}

/** A check as a claim: the published number with its digits, and the query that tests it. */
function claimOf(check: PublishedCheck) {
  const figure = figureOf(check.figure)
  const { figure: id, kind, ...evidence } = check
  return {
    id,
    text: figure['title'],
    kind,
    value: figure['value'],
    unit: figure['unit']?.startsWith('%') ? '%' : figure['unit'],
    evidence: [evidence],
  }
}

/** Every published number that the data in reach can test, with ours beside it. */
export async function publishedRows(chokepoint: Chokepoint, folder: string): Promise<readonly Evidence[]> {
  const file = join(folder, 'published.yaml')
  const report = { title: 'Published figures', publisher: 'various', published: '2026' }
  writeFileSync(
    file,
    stringify({ report, claims: publishedChecks.map(claimOf) }, { defaultStringType: 'QUOTE_DOUBLE' }),
  )
  return (await chokepoint.ask('claims-evidence', { file })).rows()
}

const shown = (value: number | null) => (value === null ? '–' : value.toFixed(2))

/** The first half of docs/fidelity.md: what others published beside what the data in reach say. */
export function publishedTable(rows: readonly Evidence[]): string {
  return tableOf(
    ['figure', 'published by', 'what', ':published', ':ours', ':residual', 'verdict', 'why'],
    rows.map((row) => {
      const figure = figureOf(row.id)
      const years = [...new Set([figure['period_start'], figure['period_end']].map((date) => date?.slice(0, 4)))].join(
        '-',
      )
      return [
        row.id,
        `${figure['publisher']} (${figure['certainty']})`,
        `${figure['importer']} from ${figure['exporter']}, ${figure['measure']}, ${years}, ${figure['unit']}`,
        String(row.claimed),
        shown(row.found),
        shown(row.residual),
        `${row.evidence_verdict}${row.independent ? '' : ', not independent'}`,
        row.why ?? '',
      ]
    }),
  )
}

/** The data that the checks ask. */
export async function loadReach(chokepoint: Chokepoint, data: string): Promise<void> {
  await chokepoint.load([join(data, 'imf-imts-russia', 'RU_trade.csv')], { as: 'imts' })
}

/** The page docs/fidelity.md. */
export async function fidelityPage(chokepoint: Chokepoint, folder: string): Promise<string> {
  const rows = await publishedRows(chokepoint, folder)
  const { version, provenance } = await chokepoint.dataset('imts')
  return `# Fidelity: published numbers beside ours

Made by \`npm run fidelity\`. Nothing here is typed by hand; certainty in brackets (A official, B named method, C relayed).

A level is reproduced within half of its last printed digit and close within 5 %; a share or change is close within one
point. On another basis a match is at best close, and a miss reads "different basis". Where data are moved by the very
source they are held against, they are not independent, whatever the match.

Where full BACI is loaded, \`npm run fidelity -- --dataset NAME\` prints what was published from all its products (GeoDep's
counts, the churn of dependences, McKinsey's share of trade and others) beside what that dataset gives.

${publishedTable(rows)}

Data: \`imts@${version}\`, ${provenance.map((one) => `${one.publisher}, ${one.title}`).join('; ')}.
`
}
