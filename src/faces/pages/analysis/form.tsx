import { useMemo } from 'preact/hooks'
import { type Address, changed, go } from '../address.ts'
import { type Answer, type Dataset, type Declaration, type Property, useFetched } from '../api.ts'
import { capital, grouped, readable } from '../words.ts'
import {
  DatasetField,
  PeriodField,
  SwitchField,
  suggestAmong,
  suggestEconomies,
  suggestMoments,
  suggestProducts,
  TextField,
  WordField,
  WordsField,
} from './fields.tsx'
import { type Choice, Picker } from './picker.tsx'
import { fitting, type Question } from './question.ts'

/** What is asked first; the rest stands folded. */
const usuallyFirst = [
  'dataset',
  'origin',
  'destination',
  'importer',
  'supplier',
  'product',
  'group',
  'list',
  'event',
  'on',
  'segment',
  'exit',
  'period',
  'method',
]
const economies = ['importer', 'supplier', 'merge', 'coalition', 'hub', 'restricted']
/** Who restricts and who is restricted, whatever is asked. */
const parties = ['origin', 'destination']

interface Groups {
  readonly products: readonly (Choice & { readonly tiers: readonly string[] })[]
  readonly controlled: readonly {
    readonly code: string
    readonly name: string
    readonly codes: number
    readonly tiers: readonly string[]
    readonly from: string | null
  }[]
}

const controlsPath = '/api/v1/controls?columns=id,effective,title&limit=1000'

/** Lists of controlled goods, and the acts that divide before from after, for an analysis that takes them. */
function useControls({ parameters }: Declaration, groups: Groups | undefined, list: string) {
  const controls = useFetched<Answer>(parameters['event'] ? controlsPath : undefined)
  const lists = useMemo(
    () =>
      suggestAmong([
        ...(groups?.controlled ?? []).map(({ code, name, codes, from }) => ({
          code,
          name,
          beside: `${code === name ? '' : `${code}, `}${grouped(codes)} codes${from === null ? '' : `, from ${from}`}`,
        })),
        ...(groups?.products ?? []),
      ]),
    [groups],
  )
  const events = useMemo(
    () =>
      suggestMoments(
        (controls.value?.rows ?? []).map((row) => ({
          code: String(row['id']),
          name: String(row['title']),
          beside: `${row['effective']}, ${row['id']}`,
        })),
      ),
    [controls.value],
  )
  const all = [...(groups?.controlled ?? []), ...(groups?.products ?? [])]
  const { tiers = [] } = all.find(({ code }) => code === list) ?? {}
  const ofTiers = tiers.join()
  const amongTiers = useMemo(
    () =>
      suggestAmong((ofTiers === '' ? [] : ofTiers.split(',')).map((tier) => ({ code: tier, name: tier, beside: '' }))),
    [ofTiers],
  )
  return { lists, events, tiers, amongTiers }
}

/** The form of an analysis, made from its parameters: each change is a new address. */
export function Form({
  declaration,
  question,
  address,
  datasets,
  dataset,
  first = usuallyFirst,
  folded = false,
}: {
  declaration: Declaration
  question: Question
  address: Address
  datasets: readonly Dataset[]
  /** The dataset that is asked, where there is one: the one named, or the only one that fits. */
  dataset: string
  /** The parameters that are asked first, in their order. */
  first?: readonly string[]
  /** Whether the others stay folded though some are set. */
  folded?: boolean
}) {
  const { parameters } = declaration
  const groups = useFetched<Groups>(parameters['group'] || parameters['list'] ? '/api/v1/groups' : undefined)
  const methods = useFetched<{ screening: readonly { name: string; title: string }[] }>(
    parameters['method'] ? '/api/v1/methods' : undefined,
  )
  const products = useMemo(() => suggestProducts(dataset), [dataset])
  const among = useMemo(() => suggestAmong(groups.value?.products ?? []), [groups.value])
  const amongMethods = useMemo(
    () =>
      suggestAmong(
        (methods.value?.screening ?? []).map(({ name, title }) => ({ code: name, name: title, beside: name })),
      ),
    [methods.value],
  )
  const ofFlows =
    datasets.find(({ name }) => name === dataset.split('@')[0])?.kind === 'flow' || declaration.kinds.join() === 'flow'

  const controls = useControls(declaration, groups.value, question.given.get('list') ?? '')

  const suggesting = (name: string) => {
    if (parties.includes(name) || (economies.includes(name) && ofFlows)) return suggestEconomies
    if (name === 'product' && dataset !== '') return products
    if (name === 'group') return among
    if (name === 'method') return amongMethods
    if (name === 'tier') return controls.amongTiers
    return undefined
  }

  const field = ([name, property]: readonly [string, Property]) => {
    const value = question.given.get(name) ?? ''
    const onChange = (text: string) => go(changed(address, { [name]: text }))
    const props = { name, label: capital(readable(name)), property, value, onChange }
    const suggest = property.type === 'array' ? suggesting(name) : undefined
    if (suggest)
      return (
        <Picker
          key={name}
          label={props.label}
          hint={property.description ?? ''}
          values={value.split(',').filter(Boolean)}
          placeholder={name === 'supplier' || name === 'importer' ? 'any name or code' : 'all'}
          suggest={suggest}
          onChange={(values) => onChange(values.join(','))}
        />
      )
    if (name === 'list' || name === 'event')
      return (
        <Picker
          key={name}
          label={props.label}
          hint={property.description ?? ''}
          values={value === '' ? [] : [value]}
          placeholder={name === 'list' ? 'any name' : 'a month, 2022-02, or an act'}
          next="another instead"
          suggest={name === 'list' ? controls.lists : controls.events}
          onChange={(values) => onChange(values.at(-1) ?? '')}
        />
      )
    if (name === 'totals')
      return (
        <DatasetField key={name} {...props} datasets={datasets.filter(({ kind }) => kind === 'flow')} none="none" />
      )
    if (name === 'dataset') return <DatasetField key={name} {...props} datasets={fitting(declaration, datasets)} />
    const beside = declaration.beside[name]
    if (beside) return <DatasetField key={name} {...props} datasets={datasets.filter(({ kind }) => kind === beside)} />
    if (name === 'period') return <PeriodField key={name} {...props} dataset={dataset} />
    if (property.type === 'boolean') return <SwitchField key={name} {...props} />
    if (property.enum) return <WordField key={name} {...props} />
    if (property.items?.enum) return <WordsField key={name} {...props} />
    return <TextField key={name} {...props} />
  }

  // A list without tiers has none to choose.
  const all = Object.entries(parameters).filter(
    ([name]) => name !== 'tier' || controls.tiers.length > 0 || question.given.has(name),
  )
  const main = first.flatMap((name) => all.filter(([one]) => one === name))
  const more = all.filter(([name]) => !first.includes(name))
  const set = more.filter(([name]) => question.given.has(name)).length
  if (all.length === 0) return null
  return (
    <div class="ask no-print">
      <form class="wrap" aria-label="What is asked" onSubmit={(event) => event.preventDefault()}>
        {main.length > 0 && <div class="fields first-fields">{main.map(field)}</div>}
        {more.length > 0 && (
          <details open={(set > 0 && !folded) || main.length === 0}>
            <summary>
              {main.length === 0 ? 'Settings' : 'More settings'}
              {set > 0 ? `, ${set} set` : ''}
            </summary>
            <div class="fields">{more.map(field)}</div>
          </details>
        )}
      </form>
    </div>
  )
}
