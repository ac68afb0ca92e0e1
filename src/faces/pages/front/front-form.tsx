import { useId } from 'preact/hooks'
import { type Address, changed, go } from '../address.ts'
import { DatasetField, PeriodField, suggestEconomies } from '../analysis/fields.tsx'
import { Picker } from '../analysis/picker.tsx'
import type { Dataset } from '../api.ts'
import { askedOf, datasetNamed, type FrontQuestion, tellsProducts } from './front-question.ts'

interface Group {
  readonly code: string
  readonly name: string
}

/** What the page is about; each change is a new address, and leaves all else as it is. */
export function FrontForm({
  address,
  question,
  datasets,
  groups,
}: {
  address: Address
  question: FrontQuestion
  datasets: readonly Dataset[]
  groups: readonly Group[]
}) {
  const id = useId()
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
      onChange={([value]) => set(name)(value ?? '')}
    />
  )
  const all = dataset && !dataset.products_complete ? 'All goods of the dataset' : 'All goods'
  return (
    <div class="ask no-print">
      <form class="wrap" aria-label="What is asked" onSubmit={(event) => event.preventDefault()}>
        <div class="fields first-fields front-fields">
          {economy('importer', 'Who buys', 'An economy or a group, by any of its names or codes')}
          {economy('supplier', 'From whom', 'An economy, or several as one: CHN+HKG')}
          <div class="field wide">
            <label for={id}>What</label>
            <select id={id} value={question.group} onChange={(event) => set('group')(event.currentTarget.value)}>
              <option value="">{all}</option>
              {groups.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
              {question.group !== '' && !groups.some(({ code }) => code === question.group) && (
                <option value={question.group}>{question.group}</option>
              )}
            </select>
          </div>
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
