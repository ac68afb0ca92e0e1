import { useEffect, useId, useRef, useState } from 'preact/hooks'

/** Something that can be chosen: its code, what it is called, and a word beside. */
export interface Choice {
  readonly code: string
  readonly name: string
  readonly beside?: string
  /** Whether it is called as was typed, begins so, or is only spelt alike. */
  readonly match?: 'called' | 'begins' | 'alike'
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
  /** What stands in the field where something is chosen already. */
  readonly next?: string
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

/** What a text means: what is called so, or the only one that it can be; what is merely spelt alike never. */
export function meant(text: string, found: readonly Choice[]): Choice | undefined {
  const wanted = text.trim().toLowerCase()
  const called = found.find(
    ({ code, name, match }) => match === 'called' || code.toLowerCase() === wanted || name.toLowerCase() === wanted,
  )
  const likely = found.filter(({ match }) => match !== 'alike')
  return called ?? (likely.length === 1 ? likely[0] : undefined)
}

/** Why a text is not asked. */
const whyNot = (text: string, found: readonly Choice[]) =>
  found.some(({ match }) => match !== 'alike')
    ? `“${text}” may be several: choose one of the list. It is not asked.`
    : `Nothing is called “${text}”${found[0] ? `; ${found[0].name} is spelt alike` : ''}. It is not asked.`

/** Several of many, found by typing: a combobox with a list beneath, by mouse and by keyboard. */
export function Picker({
  label,
  hint,
  values,
  placeholder,
  suggest,
  onChange,
  one = false,
  next = 'add another',
}: PickerProps) {
  const id = useId()
  const [text, setText] = useState('')
  const [found, setFound] = useState<{ of: string; choices: readonly Choice[] }>({ of: '', choices: [] })
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const [typing, setTyping] = useState(false)
  const [fault, setFault] = useState('')
  const asked = useRef(0)
  // What was typed may be understood after the address has changed: it goes to the address as it then is.
  const latest = useRef({ values, onChange })
  latest.current = { values, onChange }
  // A field that is gone takes nothing any more.
  useEffect(
    () => () => {
      asked.current = Number.NaN
    },
    [],
  )
  const names = useNames({ values, suggest })
  const chosen = values.map((value) => names[value] ?? value).join(', ')
  const choices = found.choices.filter(({ code }) => one || !values.includes(code))

  const close = () => {
    asked.current += 1
    setOpen(false)
  }
  const take = (code: string) => {
    const { values: had, onChange: tell } = latest.current
    if (one ? had[0] !== code : !had.includes(code)) tell(one ? [code] : [...had, code])
    setText('')
    setTyping(false)
    setFault('')
    close()
  }
  /** Look up a text; nothing where another has been typed since. */
  const lookUp = async (typed: string) => {
    asked.current += 1
    const turn = asked.current
    const those = await suggest(typed).catch(() => [])
    if (turn !== asked.current) return undefined
    setFound({ of: typed, choices: those })
    return those
  }
  const search = async (typed: string) => {
    setText(typed)
    setTyping(true)
    setFault('')
    const those = await lookUp(typed)
    if (!those) return
    const sure = typed.trim() === '' ? undefined : meant(typed, those)
    setAt(sure ? those.filter(({ code }) => one || !values.includes(code)).indexOf(sure) : -1)
    setOpen(true)
  }
  /** Take what was typed where it means one thing; else it stays, and is said not to be asked. */
  const settle = async () => {
    const typed = text.trim()
    if (typed === '') return
    const those = found.of.trim() === typed ? found.choices : await lookUp(typed)
    if (!those) return
    const sure = meant(typed, those)
    if (sure) take(sure.code)
    else setFault(whyNot(typed, those))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = choices.length - 1
    if (event.key === 'ArrowDown' && !open) search(text)
    else if (event.key === 'ArrowDown') setAt(Math.min(last, at + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
    else if (event.key === 'Escape') {
      if (one || fault !== '') {
        setText('')
        setTyping(false)
        setFault('')
      }
      close()
    } else if (event.key === 'Enter' && text.trim() !== '') {
      const pointed = open ? choices[at] : undefined
      if (pointed) take(pointed.code)
      else settle()
    } else if (event.key === 'Backspace' && text === '' && values.length > 0 && !one) onChange(values.slice(0, -1))
    else return
    if (event.key !== 'Backspace') event.preventDefault()
  }
  const alikeFrom = choices.findIndex(({ match }) => match === 'alike')
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
        aria-describedby={`${id}-hint${fault === '' ? '' : ` ${id}-fault`}`}
        aria-invalid={fault !== ''}
        aria-activedescendant={open && choices[at] ? `${id}-${at}` : undefined}
        placeholder={values.length > 0 && !one ? next : placeholder}
        value={one && !typing ? chosen : text}
        onInput={(event) => search(event.currentTarget.value)}
        onFocus={(event) => {
          if (one) event.currentTarget.select()
          else if (text !== '') search(text)
        }}
        onBlur={() => {
          setOpen(false)
          if (text.trim() === '') {
            setTyping(false)
            close()
          } else settle()
        }}
        onKeyDown={onKeyDown}
      />
      <div class="choices" id={`${id}-list`} role="listbox" aria-label={label} hidden={!open}>
        {open && (choices.length === 0 || alikeFrom === 0) && (
          // biome-ignore lint/a11y/useFocusableInteractive: there is nothing to choose
          <div role="option" aria-selected="false" aria-disabled="true" class="none">
            {alikeFrom === 0 ? 'Nothing is called so. Spelt alike:' : 'Nothing is called so.'}
          </div>
        )}
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
      </div>
      {fault !== '' && (
        <p class="not-asked" id={`${id}-fault`} role="status">
          {fault}
        </p>
      )}
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  )
}
