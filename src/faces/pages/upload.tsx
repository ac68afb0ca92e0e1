import { useEffect, useId, useState } from 'preact/hooks'
import { go } from './address.ts'
import { Failure, fetched, fetchedJson, forget, type Problem } from './api.ts'
import { MappingForm } from './mapping-form.tsx'
import { guessed, mappingText, type Said } from './mapping-text.ts'
import { Fault } from './states.tsx'

/** What a table in a file seems to be. */
interface Guess {
  readonly name: string
  readonly format: string
  readonly encoding: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly recognised: { readonly source: string; readonly publisher: string; readonly holds: string } | null
  readonly mapping: Readonly<Record<string, unknown>> | null
}

interface Brought {
  readonly id: string
  readonly file: string
  readonly tables: readonly Guess[]
}

/** The first table of a file that no source knows. */
const unknownIn = ({ tables }: Brought) =>
  tables.find(({ recognised, format }) => recognised === null && format === 'text')

/** A name that a dataset may have, from that of its file. */
const nameFrom = (file: string) =>
  file
    .toLowerCase()
    .replace(/(\.(csv|tsv|txt|gz|zip|parquet|json))+$/, '')
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64)

const said = [
  ['frequency', 'by'],
  ['currency', 'in'],
  ['valuation', ''],
  ['edition', 'products of'],
  ['codes', 'economies by'],
] as const

/** What a table seems to be, with its first rows. */
function TableGuess({ guess }: { guess: Guess }) {
  const { recognised, mapping } = guess
  const words = said.flatMap(([key, before]) => (mapping?.[key] ? [`${before} ${mapping[key]}`.trim()] : []))
  return (
    <div class="entry">
      <h3>{guess.name}</h3>
      <p>
        {recognised
          ? `Recognised: ${[recognised.publisher, recognised.holds].filter(Boolean).join(', ')}${words.length > 0 ? `; ${words.join(', ')}` : ''}.`
          : guess.format === 'text'
            ? 'No source knows this table. Say below which column is what, or it is refused.'
            : `${guess.format}: its columns are read when it is loaded.`}{' '}
        <span class="quiet-text">
          {guess.format}, {guess.encoding}
        </span>
      </p>
      {guess.columns.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <section class="scroll" tabIndex={0} aria-label={`First rows of ${guess.name}`}>
          <table>
            <thead>
              <tr>
                {guess.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {guess.rows.map((row) => (
                <tr key={row.join('\t')}>
                  {guess.columns.map((column, place) => (
                    <td key={column}>{row[place]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  )
}

/** Bring a file, see what it seems to be, and load it under a name. Shown only where the server takes files. */
export function Upload() {
  const id = useId()
  const [token, setToken] = useState<string>()
  const [brought, setBrought] = useState<Brought>()
  const [name, setName] = useState('')
  const [mapping, setMapping] = useState('')
  const [described, setDescribed] = useState<Said>()
  const [problem, setProblem] = useState<Problem>()
  const [work, setWork] = useState('')
  const [over, setOver] = useState(false)

  useEffect(() => {
    // Beyond loopback nothing is taken, and nothing is offered.
    fetchedJson<{ token: string | null }>('/upload')
      .then((found) => setToken(found.token ?? undefined))
      .catch(() => setToken(undefined))
  }, [])

  const working = async (what: string, act: () => Promise<void>) => {
    setWork(what)
    setProblem(undefined)
    try {
      await act()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      setProblem(error.problem)
    } finally {
      setWork('')
    }
  }
  const headers = { 'X-Upload-Token': token ?? '' }
  const post = (path: string, body: Blob | string) => fetched(path, undefined, { method: 'POST', body, headers })

  const bring = (file: File | undefined) => {
    if (!file) return
    setBrought(undefined)
    setMapping('')
    working(`Reading ${file.name}`, async () => {
      const found = (await (await post(`/upload?name=${encodeURIComponent(file.name)}`, file)).json()) as Brought
      setBrought(found)
      setName(nameFrom(found.file))
      const table = unknownIn(found)
      if (!table) return
      const guess = guessed(table.columns, table.rows)
      setDescribed(guess)
      setMapping(mappingText(guess))
    })
  }
  const load = () =>
    working('Loading', async () => {
      const id = brought?.id
      await post(`/upload/${id}?as=${encodeURIComponent(name)}`, mapping)
      for (;;) {
        const response = await fetched(`/upload/${id}`, undefined, { headers })
        const { said, loaded } = (await response.json()) as { said: string; loaded: { name: string } | null }
        if (loaded) {
          forget()
          return go(`/datasets/${loaded.name}`)
        }
        setWork(`Loading: ${said}`)
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
    })

  if (token === undefined) return null
  const unknown = brought && unknownIn(brought)
  return (
    <section aria-labelledby={`${id}-title`} class="no-print">
      <h2 id={`${id}-title`}>Load a file of yours</h2>
      <p class="measure">
        CSV, TSV, Parquet or JSON, plain, in gzip or zip. It stays on this machine, and you see what it seems to be
        before anything is loaded.
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the field within does the same by keyboard */}
      <div
        class={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          bring(event.dataTransfer?.files[0])
        }}
      >
        <label for={`${id}-file`}>Drop a file here, or choose one</label>
        <input
          id={`${id}-file`}
          type="file"
          accept=".csv,.tsv,.txt,.gz,.zip,.parquet,.json"
          onChange={(event) => bring(event.currentTarget.files?.[0])}
        />
      </div>
      <p role="status" class="measure">
        {work === '' ? '' : `${work} …`}
      </p>
      {problem && <Fault problem={problem} />}
      {brought && (
        <form
          class="state"
          onSubmit={(event) => {
            event.preventDefault()
            load()
          }}
        >
          <h2>What {brought.file} seems to be</h2>
          {brought.tables.map((guess) => (
            <TableGuess key={guess.name} guess={guess} />
          ))}
          {unknown && described && (
            <MappingForm
              columns={unknown.columns}
              rows={unknown.rows}
              said={described}
              text={mapping}
              onSaid={(said, text) => {
                setDescribed(said)
                setMapping(text)
              }}
              onText={setMapping}
            />
          )}
          <div class="field">
            <label for={`${id}-name`}>Load it as</label>
            <input
              id={`${id}-name`}
              type="text"
              value={name}
              spellcheck={false}
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <p class="hint">Small letters, digits, - and _. A name that is there already gets a new version.</p>
          </div>
          <p class="ways">
            <button type="submit" disabled={work !== ''}>
              Load
            </button>
          </p>
        </form>
      )}
    </section>
  )
}
