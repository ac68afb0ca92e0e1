import { useEffect, useState } from 'preact/hooks'
import { periodName, scaled, valuationSaid } from '../../../wording.ts'
import { type Address, changed, go } from '../address.ts'
import { HowSure, Sources } from '../analysis/how.tsx'
import { type Answer, type Dataset, fetchedJson, type Row, useFetched } from '../api.ts'
import { Empty, Fault, Skeleton } from '../states.tsx'
import { asks, datasetNamed, type FrontQuestion, tellsProducts, wholeName } from './front-question.ts'

const most = 10
/** Rows that hold so many products, one a method, and some methods of the reader's own. */
const mostRows = most * 30

interface Held {
  readonly periods_held: readonly number[]
  readonly importers_held: readonly string[]
}

const columns = 'period,importer,product,imports,lead_supplier,lead_share,agreed,criteria,method,verdict'.split(',')

/** A product with what its rows, one a method, say of it. */
interface Product {
  readonly row: Row
  readonly critical: number
  readonly judging: number
}

/** Those that most different criteria find critical, of them those of the largest value. */
function mostCritical(rows: readonly Row[]): Product[] {
  const byProduct = new Map<string, { row: Row; verdicts: Map<string, string | null> }>()
  for (const row of rows) {
    const code = String(row['product'])
    const product = byProduct.get(code) ?? { row, verdicts: new Map() }
    product.verdicts.set(String(row['method']), row['verdict'] as string | null)
    byProduct.set(code, product)
  }
  return [...byProduct.values()]
    .toSorted(
      ({ row: a }, { row: b }) =>
        Number(b['agreed']) - Number(a['agreed']) ||
        Number(b['imports']) - Number(a['imports']) ||
        (String(a['product']) < String(b['product']) ? -1 : 1),
    )
    .slice(0, most)
    .map(({ row, verdicts }) => {
      const judged = [...verdicts.values()].filter((verdict) => verdict !== null)
      return { row, critical: judged.filter((verdict) => verdict === 'yes').length, judging: judged.length }
    })
}

/** A description as far as a row of a table has room for it. */
const shortened = (text: string) => (text.length > 90 ? `${text.slice(0, text.lastIndexOf(' ', 88))} …` : text)

const percentOf = (cell: Row[string] | undefined) =>
  typeof cell === 'number' ? `${(cell * 100).toFixed(1)}\u00a0%` : '–'

/** Who may step in for a product's largest supplier, and whether that fills the gap, in words. */
interface Others {
  readonly who: string
  readonly standing: string
}

/** The first that may step in for each product's largest supplier: none that is known to depend on it itself, nor a hub. */
function useOthers(
  given: Readonly<Record<string, string>>,
  products: readonly Product[],
): { readonly others: ReadonlyMap<string, Others>; readonly awaited: boolean } {
  const codes = products.map(({ row }) => row['product']).join(',')
  const path =
    codes === ''
      ? undefined
      : asks('substitutes', { ...given, product: codes, min_value: '0', min_share: '0' }, [
          'product',
          'alternatives',
          'verdict',
          'reason',
        ])
  const asked = useFetched<Answer>(path)
  const called = (code: string) => asked.value?.names[code] ?? code
  const others = (asked.value?.rows ?? []).map((row) => {
    const codes = String(row['alternatives'] ?? '')
    const who = row['verdict'] === 'none' || codes === '' ? 'none' : codes.split(', ').map(called).join(', ')
    const verdict = row['verdict'] === 'undetermined' ? 'not known' : row['verdict']
    return [
      String(row['product']),
      { who, standing: who === 'none' ? String(row['reason']) : `${verdict}: ${row['reason']}` },
    ] as const
  })
  return {
    others: new Map(others),
    awaited: path !== asked.of && asked.failure === undefined,
  }
}

function Table({
  answer,
  given,
  supplier,
}: {
  answer: Answer
  given: Readonly<Record<'dataset' | 'importer' | 'supplier' | 'period', string>>
  supplier: string
}) {
  const products = mostCritical(answer.rows)
  const { supplier: _, ...whom } = given
  const { others, awaited } = useOthers(whom, products)
  const name = (code: Row[string] | undefined) => answer.names[String(code)] ?? String(code ?? '–')
  const { currency = '', valuation = '' } = answer.dataset ?? {}
  const heads = [
    ['Product', ''],
    ['Imports', [currency, 'current', valuationSaid(valuation)].filter(Boolean).join(', ')],
    ['Largest supplier', 'share of imports'],
    ['Methods that find it critical', 'of those that can judge'],
    ['Different criteria met', 'of those decided'],
    ['Who may step in', 'for the largest supplier, and whether that fills the gap'],
  ] as const
  return (
    <div class="scroll">
      <table role="table" class="data ten" aria-busy={awaited}>
        <caption class="unseen">The most critical products</caption>
        <thead role="rowgroup">
          <tr role="row">
            {heads.map(([title, unit], place) => (
              <th key={title} role="columnheader" scope="col" class={place === 1 ? 'num' : ''}>
                {title}
                {unit !== '' && <span class="unit">{unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {products.map(({ row, critical, judging }) => {
            const code = String(row['product'])
            const text = answer.names[code] ?? code
            return (
              <tr key={code} role="row">
                <td role="cell" class="first" data-name="Product">
                  <span>
                    <a
                      class="row-link"
                      href={asks('suppliers', { ...whom, product: code }, [], '/analysis')}
                      title={text}
                    >
                      {shortened(text)}
                    </a>
                    <small>{code}</small>
                  </span>
                </td>
                <td role="cell" class="num" data-name="Imports">
                  {row['imports'] === null ? '–' : scaled(Number(row['imports']))}
                </td>
                <td role="cell" class="lead-supplier" data-name="Largest supplier">
                  <span>
                    {row['lead_supplier'] === supplier && <i class="swatch" aria-hidden="true" />}
                    {name(row['lead_supplier'])} {percentOf(row['lead_share'])}
                  </span>
                </td>
                <td role="cell" data-name="Methods">
                  <span>
                    {critical > 0 ? '▲' : '○'} {critical} of {judging}
                  </span>
                </td>
                <td role="cell" data-name="Criteria met">
                  <span>
                    {row['agreed']} of {row['criteria']}
                  </span>
                </td>
                <td role="cell" data-name="Who may step in">
                  <a
                    class="beside-row"
                    href={asks('substitutes-suppliers', { ...whom, product: code }, [], '/analysis')}
                    aria-label={`Who else could supply ${code}`}
                  >
                    {others.get(code)?.who ?? 'who could supply'}
                  </a>
                  {others.has(code) && <small>{others.get(code)?.standing}</small>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** The first of some datasets that holds imports of an economy, or simply the first where a group of economies buys. */
function useHolder(datasets: readonly Dataset[], importer: string): { found?: string; settled: boolean } {
  const [answer, setAnswer] = useState<{ of: string; found?: string }>()
  const of = [importer, ...datasets.map(wholeName)].join(' ')
  useEffect(() => {
    const leaving = new AbortController()
    const search = async () => {
      for (const whole of datasets.map(wholeName)) {
        const held = await fetchedJson<Held>(`/api/v1/datasets/${encodeURIComponent(whole)}`, leaving.signal)
        if (held.importers_held.includes(importer) || !/^[A-Z]{3}$/.test(importer))
          return setAnswer({ of, found: whole })
      }
      setAnswer({ of })
    }
    search().catch(() => {
      if (!leaving.signal.aborted) setAnswer({ of })
    })
    return () => leaving.abort()
  }, [of])
  if (answer?.of !== of) return { settled: false }
  return answer.found === undefined ? { settled: true } : { found: answer.found, settled: true }
}

/**
 * The ten most critical products of the last period: of the dataset asked where it tells products apart, otherwise of
 * another that holds the importer, which is named and goes into the address.
 * @param answer what the page asked, answered: its importer, supplier and last period
 */
export function TenProducts({
  address,
  question,
  answer,
  datasets,
}: {
  address: Address
  question: FrontQuestion
  answer: Answer
  datasets: readonly Dataset[]
}) {
  const of = (name: string) => [answer.parameters[name]].flat().map(String)
  const importer = of('importer').join(',')
  const supplier = of('supplier').join(',')
  const asked = datasetNamed(datasets, question.dataset)
  const own = asked !== undefined && tellsProducts(asked)
  const candidates = datasets.filter((one) => tellsProducts(one))
  const named = own ? question.dataset : (address.search.get('products') ?? '')
  const first = useHolder(named === '' ? candidates : [], importer)
  const dataset = named === '' ? (first.found ?? '') : named
  const held = useFetched<Held>(dataset === '' ? undefined : `/api/v1/datasets/${encodeURIComponent(dataset)}`)
  const periods = held.value?.periods_held.map(periodName) ?? []
  const last = of('period').at(-1) ?? ''
  const period = periods.includes(last) ? last : periods.at(-1)
  const given = { dataset, importer, supplier, period: period ?? '' }
  const { group } = question
  const screened = useFetched<Answer>(
    period === undefined || importer === ''
      ? undefined
      : asks('screen', { ...given, group, detail: 'verdicts', limit: String(mostRows) }, columns),
  )

  // The address names the dataset of the products too, so that whoever follows it sees the same.
  useEffect(() => {
    if (!own && first.found && address.search.get('products') === null)
      go(changed(address, { products: first.found }), 'replace')
  }, [own, first.found, address])

  const found = screened.value
  const who = answer.names[importer] ?? importer
  const title = datasetNamed(datasets, dataset)?.title ?? dataset
  const failure = screened.failure ?? held.failure
  return (
    <section class="front-section" id="products">
      <h2>
        The most critical products that {who} buys{period === undefined ? '' : `, ${period}`}
      </h2>
      {dataset === '' && first.settled ? (
        <Empty>
          <p>
            {candidates.length === 0
              ? 'No dataset that is loaded tells products apart with all their suppliers.'
              : `No dataset that is loaded tells apart the products that ${who} buys.`}{' '}
            {asked ? `${asked.title} holds all goods as one. ` : ''}
            Load one that does: <code>chokepoint load FILE --as NAME</code>.
          </p>
        </Empty>
      ) : (
        <p class="measure">
          {own ? '' : `Another dataset than above, which holds all goods as one: ${title}. `}
          Judged by published definitions, with {answer.names[supplier] ?? supplier} as the supplier asked about; those
          that meet most different criteria first. Who may step in is told by trade: controls that bar them are not
          asked.
        </p>
      )}
      {failure && <Fault problem={failure} />}
      {!failure && !found && dataset !== '' && <Skeleton lines={screened.slow ? 10 : 0} height={560} />}
      {found && !failure && found.rows.length === 0 && (
        <Empty>
          <p>{found.reason}</p>
        </Empty>
      )}
      {found && !failure && found.rows.length > 0 && period !== undefined && (
        <div class={screened.slow ? 'stale' : ''}>
          <Table answer={found} given={{ ...given, period }} supplier={supplier} />
          <HowSure caveats={found.caveats} id="how-sure-products" />
          <Sources answer={found} />
          <p class="doors no-print">
            <a href={asks('screen', { ...given, group }, [], '/analysis')}>All products, method by method</a>
          </p>
        </div>
      )}
    </section>
  )
}
