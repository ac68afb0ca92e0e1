import { useId } from 'preact/hooks'
import { flowsOf, mappingText, roles, type Said, settings } from './mapping-text.ts'

/** Which column of a table is what, chosen from lists; beneath it the mapping that says the same, to read or to change. */
export function MappingForm({
  columns,
  rows,
  said,
  text,
  onSaid,
  onText,
}: {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  said: Said
  text: string
  onSaid: (said: Said, text: string) => void
  onText: (text: string) => void
}) {
  const id = useId()
  const tell = (change: Partial<Said>) => {
    const now = { ...said, ...change }
    onSaid(now, mappingText(now))
  }
  const list = (
    name: string,
    label: string,
    value: string,
    words: readonly string[],
    choose: (word: string) => void,
  ) => (
    <div class="field" key={name}>
      <label for={`${id}-${name}`}>{label}</label>
      <select id={`${id}-${name}`} value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {words.map((word) => (
          <option key={word} value={word}>
            {word === '' ? 'none' : word}
          </option>
        ))}
      </select>
    </div>
  )
  const line = (name: 'currency' | 'unit', label: string) => (
    <div class="field">
      <label for={`${id}-${name}`}>{label}</label>
      <input
        id={`${id}-${name}`}
        type="text"
        value={said[name]}
        spellcheck={false}
        onInput={(event) => tell({ [name]: event.currentTarget.value.trim() })}
      />
    </div>
  )
  const yes = (name: 'partners_complete' | 'products_complete', label: string) => (
    <div class="field switch">
      <label for={`${id}-${name}`}>
        <input
          id={`${id}-${name}`}
          type="checkbox"
          checked={said[name]}
          onChange={(event) => tell({ [name]: event.currentTarget.checked })}
        />
        {label}
      </label>
    </div>
  )
  return (
    <>
      <h3>Which column is what</h3>
      <p class="measure">
        Either importer and exporter, or reporter, partner and which of the two it reports. What is chosen here is a
        first guess from the names of the columns.
      </p>
      <div class="fields">
        {roles.map(([role, label]) =>
          list(role, label, said.columns[role] ?? '', ['', ...columns], (column) => {
            const { [role]: _, ...others } = said.columns
            tell({
              columns: column === '' ? others : { ...others, [role]: column },
              ...(role === 'flow' ? { flows: flowsOf(columns, rows, column === '' ? undefined : column) } : {}),
            })
          }),
        )}
        {said.columns.flow !== undefined &&
          Object.entries(said.flows).map(([word, direction]) =>
            list(`flow-${word}`, `“${word}” is`, direction, ['import', 'export', 're-import', 're-export'], (now) =>
              tell({ flows: { ...said.flows, [word]: now } }),
            ),
          )}
      </div>
      <h3>What the table does not say</h3>
      <div class="fields">
        {settings.map(([name, label, words]) =>
          list(name, label, said.settings[name], words, (word) =>
            tell({ settings: { ...said.settings, [name]: word } }),
          ),
        )}
        {line('currency', 'Currency, three letters')}
        {line('unit', 'One unit of value, in currency units')}
        {yes('partners_complete', 'Every supplier is in it')}
        {yes('products_complete', 'All goods are in it')}
      </div>
      <div class="field">
        <label for={`${id}-mapping`}>The same as a mapping in YAML, which is what is loaded</label>
        <textarea
          id={`${id}-mapping`}
          rows={18}
          spellcheck={false}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
        />
        <p class="hint">
          The words are those of docs/bring-your-own.md. Kept in a file, it serves the command: load FILE --mapping
          MAPPING.
        </p>
      </div>
    </>
  )
}
