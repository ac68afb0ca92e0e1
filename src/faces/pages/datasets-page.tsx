import { valuationSaid } from '../../wording.ts'
import { type Dataset, useFetched } from './api.ts'
import { useTitle } from './shell.tsx'
import { Empty, Fault, Skeleton } from './states.tsx'
import { Upload } from './upload.tsx'
import { counted, grouped } from './words.ts'

/** What a dataset of a kind holds. */
export const kindWords: Readonly<Record<string, string>> = {
  flow: 'trade flows',
  production: 'production',
  vendor: 'shares of vendors in markets',
  figure: 'published figures',
}

/** What a dataset can carry, in a line. */
export function inWords(dataset: Dataset): string {
  const { periods, currency, valuation, frequency, importers, levels, editions } = dataset
  return [
    kindWords[dataset.kind] ?? dataset.kind,
    periods.held,
    frequency ? `by ${frequency}` : '',
    importers ? counted(importers, 'importer') : '',
    levels?.some((level) => level > 0) ? `products of ${levels?.join(', ')} digits, ${editions?.join(', ')}` : '',
    currency === '' ? '' : `current ${currency}, ${valuationSaid(valuation)}`,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** What is loaded. */
export function DatasetsPage() {
  useTitle('Datasets')
  const { value, failure, slow } = useFetched<readonly Dataset[]>('/api/v1/datasets')
  return (
    <div class="wrap plain-page">
      <h1>{value ? `${counted(value.length, 'dataset')} ${value.length === 1 ? 'is' : 'are'} loaded` : 'Datasets'}</h1>
      <p class="lead">
        Every row that came in is kept, set aside or rejected, with its reason; the account of each closes.
      </p>
      {failure && <Fault problem={failure} />}
      {!value && !failure && <Skeleton lines={slow ? 10 : 0} height={600} />}
      {value?.length === 0 && (
        <Empty>
          <h2>Nothing is loaded</h2>
          <p>
            <code>npx --no-install chokepoint start</code> builds the samples;{' '}
            <code>npx --no-install chokepoint load FILE --as NAME</code> loads yours.
          </p>
        </Empty>
      )}
      {value?.map((dataset) => (
        <article key={dataset.name} class="entry">
          <h2>
            <a href={`/datasets/${dataset.name}`}>{dataset.title}</a>{' '}
            <small>
              {dataset.name}@{dataset.version}
            </small>
          </h2>
          <p>{inWords(dataset)}</p>
          <p class="source">
            {grouped(dataset.rows)} rows kept. {dataset.sources.join('; ')}.
          </p>
          {dataset.partners_complete === false && (
            <p class="source">Not every supplier is in it, so no shares of an importer’s purchases can be computed.</p>
          )}
        </article>
      ))}
      {value && <Upload />}
    </div>
  )
}
