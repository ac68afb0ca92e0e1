import { useId } from 'preact/hooks'
import { periodName } from '../../../wording.ts'
import { type Dataset, fetchedJson, type Property, useFetched } from '../api.ts'
import { readable } from '../words.ts'
import type { Choice } from './picker.tsx'

/** A field and what it takes, whatever its kind. */
export interface FieldProps {
  readonly name: string
  readonly label: string
  readonly property: Property
  readonly value: string
  readonly onChange: (value: string) => void
}

const Hint = ({ id, property }: { id: string; property: Property }) => (
  <p class="hint" id={`${id}-hint`}>
    {property.description}
    {property.unit && property.unit !== 'currency' ? ` (${property.unit})` : ''}
  </p>
)

/** What stands where nothing is chosen. */
const usual = ({ default: value }: Property): string =>
  Array.isArray(value) ? value.join(', ') : value === undefined || value === '' ? '' : String(value)

/** The same as the description says it: all, the latest. */
const whereLeftOut = ({ description = '' }: Property): string =>
  /(?:^|[;,] )(?:the )?(all|latest)(?: [\w ]+)? where left out/.exec(description)?.[1] ?? ''

/** One of several words. */
export function WordField({ label, property, value, onChange }: FieldProps) {
  const id = useId()
  const words = (property.enum ?? []).filter((word) => word !== '')
  const without = usual(property)
  return (
    <div class="field">
      <label for={id} title={property.description}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{without === '' ? 'as usual' : without}</option>
        {words
          .filter((word) => word !== without)
          .map((word) => (
            <option key={word} value={word}>
              {readable(word)}
            </option>
          ))}
        {value !== '' && value !== without && !words.includes(value) && <option value={value}>{value}</option>}
      </select>
      <Hint id={id} property={property} />
    </div>
  )
}

/** Yes or no. */
export function SwitchField({ label, property, value, onChange }: FieldProps) {
  const id = useId()
  return (
    <div class="field switch">
      <label for={id}>
        <input
          id={id}
          type="checkbox"
          checked={value === 'true'}
          aria-describedby={`${id}-hint`}
          onChange={(event) => onChange(event.currentTarget.checked ? 'true' : '')}
        />
        {label}
      </label>
      <Hint id={id} property={property} />
    </div>
  )
}

/** Several of a few words. */
export function WordsField({ label, property, value, onChange }: FieldProps) {
  const id = useId()
  const chosen = value.split(',').filter(Boolean)
  return (
    <fieldset class="field words" aria-describedby={`${id}-hint`}>
      <legend title={property.description}>{label}</legend>
      <div>
        {(property.items?.enum ?? []).map((word) => (
          <label key={word}>
            <input
              type="checkbox"
              checked={chosen.includes(word)}
              onChange={(event) =>
                onChange(
                  (event.currentTarget.checked ? [...chosen, word] : chosen.filter((one) => one !== word)).join(','),
                )
              }
            />
            {readable(word)}
          </label>
        ))}
      </div>
      <Hint id={id} property={property} />
    </fieldset>
  )
}

/** A text or a number; it is asked when the reader leaves the field or presses Enter. */
export function TextField({ label, property, value, onChange }: FieldProps) {
  const id = useId()
  const number = property.type === 'integer' || property.type === 'number'
  return (
    <div class="field">
      <label for={id} title={property.description}>
        {label}
      </label>
      <input
        id={id}
        key={value}
        type="text"
        inputMode={number ? 'decimal' : 'text'}
        spellcheck={false}
        placeholder={usual(property) || whereLeftOut(property)}
        aria-describedby={`${id}-hint`}
        defaultValue={value}
        onChange={(event) => onChange(event.currentTarget.value.trim())}
      />
      <Hint id={id} property={property} />
    </div>
  )
}

/** A dataset of those that fit, or the version that the address names. */
export function DatasetField({
  label,
  property,
  value,
  onChange,
  datasets,
  none,
}: FieldProps & {
  datasets: readonly Dataset[]
  /** What it says where none is chosen and none need be. */
  none?: string
}) {
  const id = useId()
  const [name, version] = value.split('@')
  const current = datasets.find((one) => one.name === name && (!version || one.version.startsWith(version)))
  return (
    <div class="field wide">
      <label for={id} title={property.description}>
        {label}
      </label>
      <select
        id={id}
        value={current ? current.name : value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{none ?? (datasets.length === 1 ? datasets[0]?.title : 'choose one')}</option>
        {datasets.map((one) => (
          <option key={one.name} value={one.name}>
            {one.title}
          </option>
        ))}
        {value !== '' && !current && <option value={value}>{value}</option>}
      </select>
      <Hint id={id} property={property} />
    </div>
  )
}

/** Years and months between those held, the newest first. */
function periodsOf(held: readonly number[]): string[] {
  const years = held.map((period) => String(Math.floor(period / 100)))
  return [...new Set([...held.map(periodName), ...years])].sort().reverse()
}

/** A first and a last period of those that the dataset holds; a text where the address says more than that. */
export function PeriodField({ dataset, ...field }: FieldProps & { dataset: string }) {
  const id = useId()
  const held = useFetched<{ periods_held: readonly number[]; kind: string }>(
    dataset === '' ? undefined : `/api/v1/datasets/${encodeURIComponent(dataset)}`,
  )
  const { label, property, value, onChange } = field
  const periods = held.value?.kind === 'flow' ? periodsOf(held.value.periods_held) : []
  const parts = /^(\d{4}(?:-(?:0[1-9]|1[0-2]))?)(?:-(\d{4}(?:-(?:0[1-9]|1[0-2]))?))?$/.exec(value)
  const known = (one: string) => one === '' || periods.includes(one)
  const [first, last] = [parts?.[1] ?? '', parts?.[2] ?? '']
  if (periods.length === 0 || (value !== '' && !(parts && known(first) && known(last)))) return <TextField {...field} />
  const range = (from: string, to: string) => onChange(from === '' || to === '' || from === to ? from : `${from}-${to}`)
  const options = periods.map((one) => (
    <option key={one} value={one}>
      {one}
    </option>
  ))
  return (
    <fieldset class="field period" aria-describedby={`${id}-hint`}>
      <legend title={property.description}>{label}</legend>
      <div>
        <select
          aria-label={`${label}, first`}
          value={first}
          onChange={(event) => range(event.currentTarget.value, last)}
        >
          <option value="">latest</option>
          {options}
        </select>
        <span aria-hidden="true">to</span>
        <select
          aria-label={`${label}, last`}
          value={last}
          disabled={first === ''}
          onChange={(event) => range(first, event.currentTarget.value)}
        >
          <option value="">the same</option>
          {options}
        </select>
      </div>
      <Hint id={id} property={property} />
    </fieldset>
  )
}

/** Economies and groups by any of their names. */
export const suggestEconomies = async (text: string): Promise<readonly Choice[]> => {
  if (text.trim() === '') return []
  const found = await fetchedJson<readonly (Choice & { kind: string })[]>(
    `/api/v1/economies?text=${encodeURIComponent(text)}`,
  )
  return found.map(({ kind, ...one }) => ({ ...one, beside: kind === 'group' ? `${one.code}, group` : one.code }))
}

/** Products that a dataset holds, by the beginning of their code or words of their text. */
export const suggestProducts = (dataset: string) => async (text: string) => {
  const search = new URLSearchParams({ dataset, text })
  const found = await fetchedJson<{ products: readonly Choice[] }>(`/api/v1/products?${search}`)
  return found.products
}

/** Those of a short list whose code or name holds a text. */
export const suggestAmong = (list: readonly Choice[]) => async (text: string) => {
  const wanted = text.trim().toLowerCase()
  return list.filter(({ code, name }) => `${code} ${name}`.toLowerCase().includes(wanted))
}

/** Those of a short list, and any month or day. */
export const suggestMoments = (list: readonly Choice[]) => {
  const among = suggestAmong(list)
  return async (text: string): Promise<readonly Choice[]> =>
    /^\d{4}-\d{2}(-\d{2})?$/.test(text.trim())
      ? [{ code: text.trim(), name: text.trim(), match: 'called' }]
      : among(text)
}
