import { useEffect, useId, useState } from 'preact/hooks'
import { type Address, changed, go } from '../address.ts'
import { DatasetField, PeriodField, suggestEconomies } from '../analysis/fields.tsx'
import { Picker } from '../analysis/picker.tsx'
import { type Dataset, Failure, fetchedJson } from '../api.ts'
import { askedOf, datasetNamed, type FrontQuestion, tellsProducts, wholeName } from './front-question.ts'

/** A list of products, and how many of its codes a dataset holds. */
interface Group {
  readonly code: string
  readonly name: string
  readonly held: number
}

/** Lists of products with what each dataset holds of them, in the order of the datasets. */
function useGroups(datasets: readonly Dataset[]): readonly (readonly [Dataset, readonly Group[]])[] {
  const [known, setKnown] = useState<readonly (readonly [Dataset, readonly Group[]])[]>([])
  useEffect(() => {
    const leaving = new AbortController()
    const told = datasets.map(async (dataset) => {
      const path = `/api/v1/groups?dataset=${encodeURIComponent(wholeName(dataset))}`
      const { products } = await fetchedJson<{ products: readonly Group[] }>(path, leaving.signal)
      return [dataset, products] as const
    })
    Promise.all(told)
      .then(setKnown)
      .catch((error: unknown) => {
        if (!leaving.signal.aborted && !(error instanceof Failure)) throw error
      })
    return () => leaving.abort()
  }, [datasets])
  return known
}

/** All goods, a list of products that the dataset holds, or one that another dataset holds, under that dataset's name. */
function GoodsField({
  address,
  question,
  dataset,
  datasets,
}: {
  address: Address
  question: FrontQuestion
  dataset: Dataset | undefined
  datasets: readonly Dataset[]
}) {
  const id = useId()
  const known = useGroups(datasets)
  const { group } = question
  const named = known.flatMap(([, groups]) => groups).find(({ code }) => code === group)?.name
  const here = known.find(([one]) => one.name === dataset?.name)?.[1].filter(({ held }) => held > 0) ?? []
  const elsewhere = known
    .filter(([one]) => one.name !== dataset?.name)
    .map(([one, groups]) => [one, groups.filter(({ held }) => held > 0)] as const)
    .filter(([, groups]) => groups.length > 0)
  const choose = (value: string) => {
    const [code = '', name] = value.split('@')
    const other = name === undefined ? undefined : datasetNamed(datasets, name)
    go(other ? askedOf(address, other, { group: code }) : changed(address, { group: code }))
  }
  return (
    <div class="field wide">
      <label for={id}>What</label>
      <select id={id} value={group} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{dataset && !dataset.products_complete ? 'All goods of the dataset' : 'All goods'}</option>
        {here.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
        {group !== '' && !here.some(({ code }) => code === group) && <option value={group}>{named ?? group}</option>}
        {elsewhere.map(([one, groups]) => (
          <optgroup key={one.name} label={`In: ${one.title}`}>
            {groups.map(({ code, name }) => (
              <option key={code} value={`${code}@${one.name}`}>
                {name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  )
}

/** What the page is about; each change is a new address, and leaves all else as it is. */
export function FrontForm({
  address,
  question,
  datasets,
  onBuyer,
}: {
  address: Address
  question: FrontQuestion
  datasets: readonly Dataset[]
  /** Told before the address names another buyer. */
  onBuyer: (code: string) => void
}) {
  const set = (name: string) => (value: string) => go(changed(address, { [name]: value }))
  const dataset = datasetNamed(datasets, question.dataset)
  const economy = (name: 'importer' | 'supplier', label: string, hint: string) => (
    <Picker
      one
      label={label}
      hint={hint}
      values={[question[name]]}
      placeholder="any name or code"
      suggest={suggestEconomies}
      onChange={([value = '']) => {
        if (name === 'importer') onBuyer(value)
        set(name)(value)
      }}
    />
  )
  return (
    <div class="ask no-print">
      <form class="wrap" aria-label="What is asked" onSubmit={(event) => event.preventDefault()}>
        <div class="fields first-fields front-fields">
          {economy('importer', 'Who buys', 'An economy or a group, by any of its names or codes')}
          {economy('supplier', 'From whom', 'An economy, or several as one: CHN+HKG')}
          <GoodsField address={address} question={question} dataset={dataset} datasets={datasets} />
          <PeriodField
            name="period"
            label="When"
            property={{ description: 'First and last period' }}
            value={question.period}
            onChange={set('period')}
            dataset={question.dataset}
          />
          {(datasets.length > 1 || !dataset) && (
            <DatasetField
              name="dataset"
              label="Dataset"
              property={{ description: dataset && !tellsProducts(dataset) ? 'It holds all goods as one' : '' }}
              value={question.dataset}
              datasets={datasets}
              onChange={(name) => {
                const other = datasetNamed(datasets, name)
                if (other) go(askedOf(address, other))
              }}
            />
          )}
        </div>
      </form>
    </div>
  )
}
