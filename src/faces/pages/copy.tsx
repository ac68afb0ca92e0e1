import { useState } from 'preact/hooks'

/** A button that puts a text on the clipboard, and says so. */
export function CopyButton({ text, children }: { text: string; children: string }) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied')
    } catch {
      setSaid('The browser does not let it be copied: select it')
    }
    setTimeout(() => setSaid(''), 2_500)
  }
  return (
    <span class="copy no-print">
      <button type="button" onClick={copy}>
        {children}
      </button>
      <span role="status" class="hint">
        {said}
      </span>
    </span>
  )
}
