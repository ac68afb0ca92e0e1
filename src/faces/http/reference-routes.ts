import { basename } from 'node:path'
import type { Context, Hono } from 'hono'
import { codesWithin } from '../../analyses/goods.ts'
import { analysisList } from '../../analyses/index.ts'
import { openDataset } from '../../dataset/store.ts'
import { type Chokepoint, type Manifest, Refusal } from '../../index.ts'
import { codesOfList, listNames, titleOfList } from '../../reference/control-files.ts'
import { economiesLike } from '../../reference/economies.ts'
import { economyGroups } from '../../reference/economy-groups.ts'
import { nearest } from '../../reference/nearest-names.ts'
import { productGroups } from '../../reference/product-groups.ts'
import { methods } from '../../screening/methods.ts'
import { datasetSummary } from '../dataset-summary.ts'
import { declarationOf } from '../declaration.ts'
import { Problem, refused, shortened } from './problem.ts'

/** Most suggestions to a text. */
const mostSuggested = 12
/** Doubts told of a dataset. */
const mostDoubts = 200

/** The parameters of a route of reference, of which it knows these names. */
function only<Name extends string>(c: Context, names: readonly Name[]): Partial<Record<Name, string>> {
  const given: Partial<Record<Name, string>> = {}
  for (const [name, value] of new URL(c.req.url).searchParams) {
    if (!(names as readonly string[]).includes(name)) {
      const allowed = names.length === 0 ? 'It takes none' : `There are ${names.join(', ')}`
      throw new Problem(400, 'parameter/unknown', `No parameter "${shortened(name)}". ${allowed}`, {
        faults: [{ parameter: shortened(name), received: shortened(value), allowed }],
      })
    }
    given[name as Name] = value
  }
  return given
}

/** A dataset version with its account: all that its manifest says, but where its files lie. */
function whole(manifest: Manifest) {
  const doubts = manifest.kind === 'flow' ? manifest.doubts : []
  const { rows, value, derived } = { value: null, derived: null, ...manifest.account }
  return {
    ...datasetSummary(manifest),
    loaded_at: manifest.loaded_at,
    provenance: manifest.provenance,
    files: manifest.files.map((one) => ({ ...one, file: basename(one.file) })),
    account: { rows, value, derived },
    aside_reasons: 'aside_reasons' in manifest ? manifest.aside_reasons : {},
    reject_reasons: manifest.reject_reasons,
    periods_held: manifest.periods,
    estimated_periods: manifest.kind === 'flow' ? manifest.estimated_periods : [],
    importers_held: manifest.kind === 'flow' ? manifest.importers : [],
    coverage: manifest.kind === 'flow' ? manifest.coverage : [],
    doubts: doubts.slice(0, mostDoubts).map(({ kind, text }) => ({ kind, text })),
    doubts_count: doubts.length,
  }
}

/** The product codes that a dataset of flows holds, at its own level, with what they cover. */
async function productsOf(manifest: Manifest, chokepoint: Chokepoint): Promise<{ code: string; name: string }[]> {
  if (manifest.kind !== 'flow' || manifest.default_level === 0) return []
  const held = await chokepoint.products(`${manifest.name}@${manifest.version}`)
  const own = held.filter(({ code }) => code.length === manifest.default_level)
  const names = new Map(own.map(({ code, description }) => [code, description ?? '']))
  return [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, name]) => ({ code, name }))
}

/** The tiers of a list, in order; none where it has none. */
const tiersOf = (codes: readonly { readonly tier: string }[]) =>
  [...new Set(codes.map(({ tier }) => tier))].filter((tier) => tier !== '').sort()

/** How many product codes of each group a dataset holds, at its own level. */
async function heldOfGroups(manifest: Manifest, chokepoint: Chokepoint): Promise<ReadonlyMap<string, number>> {
  const codes = (await productsOf(manifest, chokepoint)).map(({ code }) => code)
  const level = manifest.kind === 'flow' ? manifest.default_level : 0
  return new Map(productGroups(chokepoint.home).map((group) => [group.group, codesWithin(group, codes, level).length]))
}

/** What one must know to ask well: datasets, methods, lists of names. */
// biome-ignore lint/suspicious/noExplicitAny: whatever else the app keeps is no matter here
export function addReference(app: Hono<any>, chokepoint: Chokepoint): void {
  const { home } = chokepoint
  /** A dataset by its name, or a problem that names those there are. */
  const opened = async (name: string) => {
    try {
      return await openDataset(home, name)
    } catch (error) {
      if (error instanceof Refusal) {
        const { code, message, faults } = refused(error, home)
        throw new Problem(404, code, message, { faults })
      }
      throw error
    }
  }

  app.get('/api/v1/datasets', async (c) => {
    only(c, [])
    return c.json((await chokepoint.datasets()).map(datasetSummary))
  })
  app.get('/api/v1/datasets/:name', async (c) => {
    only(c, [])
    return c.json(whole((await opened(c.req.param('name'))).manifest))
  })

  app.get('/api/v1/methods', (c) => {
    only(c, [])
    return c.json({ analyses: analysisList.map(declarationOf), screening: methods(home) })
  })
  app.get('/api/v1/methods/:name', (c) => {
    only(c, [])
    const name = c.req.param('name')
    const analysis = analysisList.find((one) => one.name === name)
    if (analysis) return c.json(declarationOf(analysis))
    const names = analysisList.map((one) => one.name)
    const near = nearest(name, names)
    const there = near.length > 0 ? `Did you mean ${near.join(', ')}?` : `There are ${names.join(', ')}`
    throw new Problem(404, 'analysis/unknown', `No analysis "${shortened(name)}". ${there}`)
  })

  app.get('/api/v1/economies', (c) => {
    const { text = '' } = only(c, ['text'])
    return c.json(text.trim() === '' ? [] : economiesLike(text.slice(0, 100), home).slice(0, mostSuggested))
  })
  app.get('/api/v1/groups', async (c) => {
    const { dataset } = only(c, ['dataset'])
    const held = dataset === undefined ? undefined : await heldOfGroups((await opened(dataset)).manifest, chokepoint)
    return c.json({
      economies: economyGroups(home).map(({ group, title, source }) => ({ code: group, name: title, source })),
      products: productGroups(home).map(({ group, title, source, products }) => ({
        code: group,
        name: title,
        source,
        products: products.length,
        tiers: tiersOf(products),
        ...(held ? { held: held.get(group) ?? 0 } : {}),
      })),
      controlled: listNames(home).map((name) => {
        const codes = codesOfList(name, home) ?? []
        const since = codes.map(({ from }) => from).sort()[0] ?? ''
        return {
          code: name,
          name: titleOfList(name),
          codes: codes.length,
          tiers: tiersOf(codes),
          from: since === '' ? null : since,
        }
      }),
    })
  })
  app.get('/api/v1/products', async (c) => {
    const { dataset = '', text = '' } = only(c, ['dataset', 'text'])
    if (dataset === '')
      throw new Problem(400, 'parameter/dataset', 'dataset received "". Name the dataset whose products are wanted', {
        faults: [{ parameter: 'dataset', received: '', allowed: 'name or name@version' }],
      })
    const { manifest } = await opened(dataset)
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    const fitting = (await productsOf(manifest, chokepoint)).filter(({ code, name }) =>
      words.every((word) => code.startsWith(word) || name.toLowerCase().includes(word)),
    )
    return c.json({ count: fitting.length, products: fitting.slice(0, 50) })
  })
}
