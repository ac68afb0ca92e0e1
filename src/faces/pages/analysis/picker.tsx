import { useEffect, useId, useRef, useState } from 'preact/hooks'

/** Something that can be chosen: its code, what it is called, and a word beside. */
export interface Choice {
  readonly code: string
  readonly name: string
  readonly beside?: string
}

interface PickerProps {
  readonly label: string
  readonly hint: string
  readonly values: readonly string[]
  readonly placeholder: string
  readonly suggest: (text: string) => Promise<readonly Choice[]>
  readonly onChange: (values: readonly string[]) => void
  /** One is chosen, and another takes its place. */
  readonly one?: boolean
}

/** The names that its suggestions give to what is chosen. */
function useNames({ values, suggest }: Pick<PickerProps, 'values' | 'suggest'>): Readonly<Record<string, string>> {
  const [names, setNames] = useState<Readonly<Record<string, string>>>({})
  const all = values.join(',')
  useEffect(() => {
    let left = false
    const known = Promise.all(
      values.map(async (value) => {
        const found = await suggest(value).catch(() => [])
        return [value, found.find(({ code }) => code.toLowerCase() === value.toLowerCase())?.name ?? value] as const
      }),
    )
    known.then((entries) => {
      if (!left) setNames(Object.fromEntries(entries))
    })
    return () => {
      left = true
    }
  }, [all, suggest])
  return names
}

/** What is chosen, each with a way to take it away. */
function Chosen({
  values,
  names,
  onChange,
}: Pick<PickerProps, 'values' | 'onChange'> & { names: Readonly<Record<string, string>> }) {
  return (
    <ul class="chips">
      {values.map((value) => (
        <li key={value}>
          <span title={value}>{names[value] ?? value}</span>
          <button
            type="button"
            aria-label={`Remove ${names[value] ?? value}`}
            onClick={() => onChange(values.filter((one) => one !== value))}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Several of many, found by typing: a combobox with a list beneath, by mouse and by keyboard. */
export function Picker({ label, hint, values, placeholder, suggest, onChange, one = false }: PickerProps) {
  const id = useId()
  const [text, setText] = useState('')
  const [choices, setChoices] = useState<readonly Choice[]>([])
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const [typing, setTyping] = useState(false)
  const asked = useRef(0)
  const names = useNames({ values, suggest })
  const chosen = values.map((value) => names[value] ?? value).join(', ')

  const search = async (typed: string) => {
    setText(typed)
    setTyping(true)
    asked.current += 1
    const turn = asked.current
    const found = await suggest(typed).catch(() => [])
    if (turn !== asked.current) return
    setChoices(found.filter(({ code }) => one || !values.includes(code)))
    setAt(0)
    setOpen(true)
  }
  const close = () => {
    asked.current += 1
    setOpen(false)
  }
  const take = (code: string) => {
    onChange(one ? [code] : [...values, code])
    setText('')
    setTyping(false)
    close()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = choices.length - 1
    if (event.key === 'ArrowDown' && !open) search(text)
    else if (event.key === 'ArrowDown') setAt(Math.min(last, at + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
    else if (event.key === 'Escape') {
      if (one) setTyping(false)
      close()
    } else if (event.key === 'Enter' && text.trim() !== '') {
      // What is typed and not in the list is asked as it stands: the server knows more names, such as CHN+HKG.
      take(open && choices[at] ? choices[at].code : text.trim())
    } else if (event.key === 'Backspace' && text === '' && values.length > 0 && !one) onChange(values.slice(0, -1))
    else return
    if (event.key !== 'Backspace') event.preventDefault()
  }
  return (
    <div class="field picker">
      <label for={id} title={hint}>
        {label}
      </label>
      {values.length > 0 && !one && <Chosen values={values} names={names} onChange={onChange} />}
      <input
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-describedby={`${id}-hint`}
        aria-activedescendant={open && choices.length > 0 ? `${id}-${at}` : undefined}
        placeholder={values.length > 0 && !one ? 'add another' : placeholder}
        value={one && !typing ? chosen : text}
        onInput={(event) => search(event.currentTarget.value)}
        onFocus={(event) => {
          if (one) event.currentTarget.select()
          else if (text !== '') search(text)
        }}
        onBlur={() => {
          if (one) {
            setText('')
            setTyping(false)
          }
          close()
        }}
        onKeyDown={onKeyDown}
      />
      <div class="choices" id={`${id}-list`} role="listbox" aria-label={label} hidden={!open}>
        {choices.map((choice, place) => (
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field, which names the active choice
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
          <div
            key={choice.code}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === at}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(choice.code)}
          >
            {choice.name} <small>{choice.beside ?? choice.code}</small>
          </div>
        ))}
        {open && choices.length === 0 && (
          // biome-ignore lint/a11y/useFocusableInteractive: there is nothing to choose
          <div role="option" aria-selected="false" aria-disabled="true" class="none">
            Nothing is called so.
          </div>
        )}
      </div>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  )
}
