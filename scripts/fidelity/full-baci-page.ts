import { type Chokepoint, Refusal } from '../../src/index.ts'
import { tableOf } from '../materials/page.ts'
import { Asked } from './asked.ts'
import { type FullCheck, fullChecks } from './full-baci.ts'
import { geodepGrid } from './geodep-grid.ts'

/** A check with its verdict on a dataset. */
export interface Checked extends FullCheck {
  readonly ours: string
  readonly verdict: 'within' | 'outside' | 'undetermined' | 'no target' | 'cannot be tested'
  /** Why it cannot be tested, or what is not known of the figure. */
  readonly why: string
}

/** What of a check's needs the dataset does not have, in words; empty where it has all. */
function lackOf(check: FullCheck, { manifest }: Asked): string {
  if (!check.find) return check.note
  if (!manifest.products_complete)
    return 'The dataset does not hold all products, of which the figure is a count or a sum.'
  if (check.edition && manifest.editions.join() !== check.edition)
    return `It is of ${check.edition}, the dataset of ${manifest.editions.join(', ')}.`
  const lacking = check.years.filter((year) => !manifest.periods.includes(year * 100))
  if (lacking.length > 6)
    return `${lacking.length} years are not in the dataset, from ${lacking[0]} to ${lacking.at(-1)}.`
  return lacking.length > 0 ? `Not in the dataset: ${lacking.join(', ')}.` : ''
}

async function checked(check: FullCheck, asked: Asked): Promise<Checked> {
  const untested = (why: string): Checked => ({ ...check, ours: '–', verdict: 'cannot be tested', why })
  const lack = lackOf(check, asked)
  if (lack !== '') return untested(lack)
  try {
    const found = await check.find?.(asked)
    if (!found) return untested('The dataset gives no verdict, or none of these goods is in it.')
    return { ...check, ours: found.ours, verdict: found.fit ?? 'no target', why: check.note }
  } catch (error) {
    if (error instanceof Refusal) return untested(error.message)
    throw error
  }
}

/** Every check of full BACI on a dataset of flows, one after the other. */
export async function checkedFully(asked: Asked): Promise<readonly Checked[]> {
  const rows: Checked[] = []
  for (const check of fullChecks) rows.push(await checked(check, asked))
  return rows
}

/**
 * The page that `npm run fidelity -- --dataset NAME` prints.
 * @throws Refusal where there is no such dataset, or it holds no flows
 */
export async function fullBaciPage(chokepoint: Chokepoint, dataset: string): Promise<string> {
  const manifest = await chokepoint.dataset(dataset)
  if (manifest.kind !== 'flow')
    throw new Refusal('wrong_use', 'dataset/kind', `${manifest.name} holds no trade flows, of which these checks are`)
  const asked = new Asked(chokepoint, manifest)
  const rows = await checkedFully(asked)
  const { name, version, provenance } = manifest
  const count = (verdict: Checked['verdict']) => rows.filter((row) => row.verdict === verdict).length
  const { within, outside } = { within: count('within'), outside: count('outside') }
  return `# Fidelity of ${name}: published numbers beside its own

Made by \`npm run fidelity -- --dataset ${name}\`. Figures published from all products of BACI, or from data like it, beside
what the same question gives of \`${name}@${version}\`: ${provenance.map((one) => [one.publisher, one.title, one.vintage].filter(Boolean).join(', ')).join('; ')}.

Of ${rows.length} checks ${within} ${within === 1 ? 'is' : 'are'} within the tolerance, ${outside} outside, ${rows.length - within - outside} undetermined, without a target or not to be
tested with this dataset. Purchases of any size count. Nothing was fitted to the figures: a method's open points stand as its
file in \`data/methods\` has them.

${tableOf(
  ['', 'what', 'published by', ':published', 'tolerance', ':ours', 'verdict', 'why, or what is not known'],
  rows.map((row) => [
    String(row.row),
    row.what,
    row.source,
    row.published || '–',
    row.tolerance || '–',
    row.ours,
    row.verdict,
    row.why,
  ]),
)}
${await geodepGrid(asked)}`
}
