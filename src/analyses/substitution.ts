import { z } from 'zod'
import type { Bound } from '../engine/engine.ts'
import { groupMembers } from '../reference/economy-groups.ts'
import { Refusal } from '../refusal.ts'
import { percent, periodName } from '../wording.ts'
import type { Selection } from './analysis.ts'
import { flowParameters } from './fields.ts'

/** At or beside these parts of the world's reference a price is low or high (Fontagné and Freudenberg 1997). */
const priceBand = { low_percent: 85, high_percent: 115 }

/** "Many" are so many alternatives, each able to fill one of so many parts of what is lost. */
export const many = { several: 3, parts: 20 }

const { side, supplier, ...others } = flowParameters
const part = z.number().min(0).max(1)

/** What a reader may choose about a supplier that is lost, and about those who could step in. */
export const substitutionParameters = {
  ...others,
  supplier: supplier.meta({
    description: 'Who is lost: CHN+HKG loses both at once; each product’s leading supplier where left out',
  }),
  min_share: part.default(0.3).meta({
    description: 'Leave out what the lost supplier sells less than this of; 0.3 is where MERICS begins (2024)',
    unit: 'share 0-1',
  }),
  diversion: part.default(0.1).meta({
    description: 'Part of what others sell elsewhere that could be turned to the importer',
    unit: 'share 0-1',
  }),
  spare: part
    .default(0)
    .meta({ description: 'Capacity of others that is unused, as a part of their exports', unit: 'share 0-1' }),
  max_reliance: part.default(0.5).meta({
    description: 'Others fall with the lost supplier where more than this of their own supply comes from it',
    unit: 'share 0-1',
  }),
  price: z.enum(['band', 'any']).default('band').meta({
    description: 'band: who sells in another price band is no like-for-like substitute; any: prices do not count',
  }),
  production: z.string().default('').meta({
    description:
      'Dataset of production, name or name@version, for what the importer and others make; unknown where left out',
  }),
  side,
}

type Given = z.output<z.ZodObject<typeof substitutionParameters>>

/** A share as whole millionths: statements are bound to whole numbers only. */
const millionths = (share: number) => Math.round(share * 1e6)

/**
 * What a statement about substitutes is bound to.
 * @throws Refusal where a bloc is asked for beside others or its own members, or the exports of all suppliers are not in the dataset
 */
export function substitution(given: Given, selection: Selection): Readonly<Record<string, Bound>> {
  const { manifest, importers, buying_blocs, periods } = selection
  const bloc = buying_blocs[0]?.label
  if (bloc && importers.length > 1)
    throw new Refusal(
      'wrong_use',
      'bloc/beside',
      `${bloc} beside other importers would hide its members among the alternatives: ask for ${bloc} by itself`,
    )
  const [lost] = selection.selling_blocs
  if (lost && (selection.suppliers.length > 1 || importers.some((importer) => lost.members.includes(importer))))
    throw new Refusal(
      'wrong_use',
      'bloc/beside',
      `${lost.label} is lost as one, which would hide its members as buyers: ask for it by itself, and for importers outside it`,
    )
  if (!selection.covers_exports)
    throw new Refusal(
      'no_data',
      'coverage/exports',
      `What others sell elsewhere needs the exports of all suppliers to all destinations; ${manifest.name} holds the ${selection.side} side only. Use reconciled flows, such as BACI`,
    )
  const production = productionOf(selection)
  const year = Math.floor((periods.at(-1) ?? 0) / 100)
  return {
    buyers: importers,
    lost: selection.suppliers,
    min_value: given.min_value,
    min_share_millionths: millionths(given.min_share),
    hubs: groupMembers('HUBS', year, selection.home),
    separate: manifest.importers.includes('X-REST') ? manifest.importers : [],
    diversion_millionths: millionths(given.diversion),
    spare_millionths: millionths(given.spare),
    reliance_millionths: millionths(given.max_reliance),
    price_counts: given.price === 'band' ? 1 : 0,
    price_low_percent: priceBand.low_percent,
    price_high_percent: priceBand.high_percent,
    ...production,
  }
}

/**
 * How the production that the reader named fits the flows: its nomenclature must be theirs, its values their currency.
 * @throws Refusal where its codes are of another nomenclature, or of several
 */
function productionOf({ manifest, beside }: Selection) {
  const { production } = beside
  if (!production) return { production_editions: [], production_values: 0 }
  const fitting = production.editions.filter((edition) => edition === 'none' || manifest.editions.includes(edition))
  if (fitting.length !== 1)
    throw new Refusal(
      'no_data',
      'production/edition',
      fitting.length === 0
        ? `${production.name} has codes of ${production.editions.join(', ')}, ${manifest.name} of ${manifest.editions.join(', ')}: they are other goods. Convert one of them, or say edition: none in the mapping if its codes are the same`
        : `${production.name} has codes of ${fitting.join(' and ')}: load each nomenclature by itself, so that nothing counts twice`,
    )
  return { production_editions: fitting, production_values: production.currency === manifest.currency ? 1 : 0 }
}

/** What is known of production, in words. */
function productionWords({ manifest, beside, periods }: Selection): string[] {
  const { production } = beside
  if (!production)
    return [
      'Production unknown: exports stand for what an economy can make, so who makes all that it uses itself is not seen.',
    ]
  const absent = periods.filter((period) => !production.periods.includes(period)).map(periodName)
  return [
    `Production is that of ${production.name}; where it has none, production is unknown, not zero, and exports stand for it.`,
    ...(absent.length > 0 ? [`${production.name} has nothing of ${absent.join(', ')}: production unknown.`] : []),
    ...(production.currency === manifest.currency
      ? []
      : [`Its values are in ${production.currency}, the flows in ${manifest.currency}: only its masses are used.`]),
  ]
}

/** What must be said beside every answer about substitutes. */
export function substitutionCaveats(given: Given, selection: Selection): string[] {
  const digits = Number(given.level || selection.manifest.default_level)
  return [
    ...(given.min_share > 0
      ? [
          `Only products of which at least ${percent(given.min_share)} come from the lost supplier; --min-share 0 shows all.`,
        ]
      : []),
    `Assumed: others turn ${percent(given.diversion)} of what they sell elsewhere to the importer${given.spare > 0 ? ` and have ${percent(given.spare)} of their exports unused` : ''}; who takes more than ${percent(given.max_reliance)} of its own supply from the lost supplier falls with it${given.price === 'band' ? `; a price ${100 - priceBand.low_percent} % below or above the world’s median is another band` : ''}.`,
    ...productionWords(selection),
    ...(digits < 6 ? [`Codes of ${digits} digits mix goods that do not replace each other.`] : []),
  ]
}

export const substitutionSources = [
  'Headroom: methods, section e (own choice, after Goers, dependence_trade, where diversion is 1)',
  'Price bands: Fontagné and Freudenberg (1997), CEPII Working Paper 97-01: 15 % about the median unit value',
  'Reliance: Rogers et al. (2020), Breaking the China Supply Chain, Henry Jackson Society: more than half, with exports in place of imports where they are larger, or production and imports where that is known',
  'Import reliance: imports by apparent consumption, M / (M + Q − X): methods, sections b and e',
]

export const substitutionLimits = [
  'HS6 mixes grades and qualities: a like price is no proof of a like good, and no contract.',
  'Weights may be estimated by the publisher; BACI’s are for goods counted in other units.',
  'Exports of several importers’ alternatives are the same goods: gaps of two importers cannot both be filled with them.',
]
