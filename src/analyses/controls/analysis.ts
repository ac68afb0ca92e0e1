import { z } from 'zod'
import {
  controlsBetween,
  daysNamed,
  exposureOver,
  findList,
  type ListedCode,
  unconfirmed,
} from '../../reference/controls.ts'
import { defineAnalysis } from '../analysis.ts'
import { controlParameters } from '../controlling.ts'
import { share } from '../fields.ts'

const parameters = z.strictObject({
  product: z
    .array(z.string().regex(/^\d{2,10}$/, 'A code has 2 to 10 digits, with leading zeros'))
    .readonly()
    .default([])
    .meta({ description: 'Codes of goods, or their beginnings; all where left out' }),
  list: z.string().default('').meta({
    description: 'Goods as a list, a group of products or a control by its id, such as chpl; beside product',
  }),
  origin: controlParameters.origin.meta({ description: 'Whose goods: economies or blocs; all where left out' }),
  destination: controlParameters.destination.meta({ description: 'Where they go; all where left out' }),
  on: z.string().default('').meta({
    description: 'In force on a day, 2022-02-26, or in a month, a year or years, 2022-2023; ever where left out',
  }),
})

const text = z.string()
const columns = z.strictObject({
  id: text.meta({ description: 'By which it is named, as in --event or --list', unit: 'text' }),
  issuer: text.meta({ description: 'Who made it', unit: 'text' }),
  title: text.meta({ description: 'The act in words', unit: 'text' }),
  instrument: text.meta({ description: 'The act as it is cited', unit: 'text' }),
  announced: text.nullable().meta({ description: 'Day on which it was made known; null where unknown', unit: 'date' }),
  effective: text.meta({ description: 'First day in force', unit: 'date' }),
  until: text.nullable().meta({ description: 'Last day in force; null where none is known', unit: 'date' }),
  wind_down_until: text
    .nullable()
    .meta({ description: 'Last day for contracts concluded before; null where none is known', unit: 'date' }),
  direction: text.meta({ description: 'What it binds: export, import, transit or price', unit: 'text' }),
  intensity: text.meta({ description: 'ban, licence, quota or notify, strongest first', unit: 'text' }),
  origins: text.meta({ description: 'Whose goods it binds; all where it names nobody', unit: 'economies' }),
  targets: text.meta({ description: 'Where they may not go so; all where it names nobody', unit: 'economies' }),
  list: text.nullable().meta({ description: 'Its list of goods; null where it has none here', unit: 'text' }),
  products: text.meta({ description: 'Its goods by their codes, shortened', unit: 'text' }),
  partial: z.boolean().nullable().meta({
    description: 'Whether only some goods under the codes asked for are controlled; null where its codes are not here',
    unit: 'yes/no',
  }),
  exposure: share.nullable().meta({
    description: 'Part of the days asked for on which it is in force; null where none were',
    unit: 'share 0-1',
  }),
  source: text.nullable().meta({ description: 'Where it can be read', unit: 'text' }),
  source_read: z
    .boolean()
    .meta({ description: 'Whether its dates were read in the source; else they are not confirmed', unit: 'yes/no' }),
  note: text.nullable().meta({ description: 'What must be known of it', unit: 'text' }),
})

const mostCodes = 4

/** "33 codes: 28500019, 28259090, …": each once, as they stand on the list. */
function productsSaid(codes: readonly ListedCode[]): string {
  const found = [...new Set(codes.map(({ code }) => code))].sort()
  const shown = found.slice(0, mostCodes).join(', ')
  return `${found.length} codes: ${shown}${found.length > mostCodes ? ', …' : ''}`
}

const named = (codes: readonly string[]) => (codes.length === 0 ? 'all' : codes.join(', '))
const orNull = (cell: string) => (cell === '' ? null : cell)

export const controls = defineAnalysis({
  name: 'controls',
  title: 'Controls in force',
  question: 'Which controls were in force for these goods, between whom, and since when?',
  example: 'chokepoint controls --origin EU27 --destination Russia --on 2022-02',
  needs: { kinds: [] },
  parameters,
  columns,
  keys: ['id'],
  shown: ['id', 'effective', 'title', 'intensity', 'until', 'origins', 'targets'],
  sources: ['Methods, diversion section g: days in force over days; codes by their beginnings, strongest act first'],
  limits: [
    'A table compiled by hand, not complete: that an act is not in it does not mean that there was none.',
    'No advice on law: what an act binds stands in the act.',
    'A licence is no ban: trade under it goes on as licences are given.',
  ],
  async run(given, { home }) {
    const days = given.on === '' ? undefined : daysNamed(given.on)
    const listed = given.list === '' ? [] : findList(given.list, home).codes.map(({ code }) => code)
    const codes = [...new Set([...given.product, ...listed])]
    const { origin, destination } = given
    const found = controlsBetween({ codes, origin, destination, ...(days ? { days } : {}) }, home)
    const rows = found.map(({ control, goods }) => ({
      id: control.id,
      issuer: control.issuer,
      title: control.title,
      instrument: control.instrument,
      announced: orNull(control.announced),
      effective: control.effective,
      until: orNull(control.until),
      wind_down_until: orNull(control.wind_down_until),
      direction: control.direction,
      intensity: control.intensity,
      origins: named(control.origins),
      targets: named(control.targets),
      list: orNull(control.list),
      products: control.list === '' ? 'not by customs codes here' : productsSaid(findList(control.id, home).codes),
      partial: goods === 'unlisted' ? null : goods === 'partly',
      exposure: days ? exposureOver(control, days) : null,
      source: orNull(control.source_url),
      source_read: control.source_read,
      note: orNull(control.note),
    }))
    const when = given.on === '' ? '' : ` in force in ${given.on}`
    const dated = found.map(({ control }) => control).sort((a, b) => (a.effective < b.effective ? -1 : 1))
    const [first] = dated
    const without = found.filter(({ goods }) => goods === 'unlisted').length
    const naming = found.length - without
    const byCode =
      codes.length > 0 && without > 0
        ? `, ${naming === 0 ? 'none' : naming} of which ${naming > 1 ? 'name' : 'names'} these goods by code`
        : ''
    const unsure = found.filter(({ control }) => !control.source_read).map(({ control }) => control.id)
    return {
      rows,
      headline: first
        ? `${found.length} ${found.length === 1 ? 'control' : 'controls'}${when}${byCode}, the earliest${first.source_read ? '' : ' known'} from ${first.effective}: ${first.title}${first.instrument === '' ? '' : ` (${first.instrument})`}${unconfirmed(first)}.`
        : `No control of this table is${when === '' ? ' of this kind' : when}, which does not mean that there was none.`,
      caveats: [
        ...(codes.length > 0 && without > 0
          ? [
              `${without} of them ${without === 1 ? 'names' : 'name'} no customs codes here: whether these goods are among theirs stands in the act.`,
            ]
          : []),
        ...(unsure.length > 0 ? [`Dates not confirmed from the source: ${unsure.join(', ')}.`] : []),
      ],
    }
  },
})
