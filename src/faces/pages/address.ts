import { useEffect, useState } from 'preact/hooks'

/** Where the reader is: everything that decides what a page shows. */
export interface Address {
  readonly path: string
  readonly search: URLSearchParams
}

const read = (): Address => ({ path: location.pathname, search: new URLSearchParams(location.search) })

const moved = new EventTarget()

/** An address as people read it: commas, colons and versions stay as they are. */
export function written(path: string, search: URLSearchParams | Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(search)
    .toString()
    .replaceAll('%2C', ',')
    .replaceAll('%40', '@')
    .replaceAll('%3A', ':')
  return text === '' ? path : `${path}?${text}`
}

/** Go to an address of ours: a step that Back undoes, or in place of the one before. */
export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', to)
  else history.replaceState(null, '', to)
  moved.dispatchEvent(new Event('move'))
}

/** The address with some parameters put otherwise; undefined or nothing takes one away. */
export function changed(address: Address, change: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams(address.search)
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') search.delete(name)
    else search.set(name, value)
  }
  return written(address.path, search)
}

/** The address, as it changes. */
export function useAddress(): Address {
  const [address, setAddress] = useState(read)
  useEffect(() => {
    const update = () => setAddress(read())
    addEventListener('popstate', update)
    moved.addEventListener('move', update)
    return () => {
      removeEventListener('popstate', update)
      moved.removeEventListener('move', update)
    }
  }, [])
  return address
}

/** Links of ours change the page without loading it again; all others are the browser's. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  const link = (event.target as Element | null)?.closest?.('a')
  if (link?.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return
  if (/^\/(api|mcp|health)(\/|$)/.test(link.pathname)) return
  if (link.pathname === location.pathname && link.search === location.search && link.hash !== '') return
  event.preventDefault()
  const from = location.pathname
  go(link.pathname + link.search + link.hash)
  if (link.pathname !== from) scrollTo(0, 0)
}

/** The page of an analysis that asks what a command asks; undefined where the command is none of ours. */
export function pageOfCommand(command: string): string | undefined {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(
    ([word, double, single]) => double ?? single ?? word,
  )
  const at = words.indexOf('chokepoint')
  const name = words[at + 1]
  if (at < 0 || name === undefined) return undefined
  const given: Record<string, string> = {}
  for (let place = at + 2; place < words.length; place += 1) {
    const flag = words[place] as string
    if (!flag.startsWith('--')) continue
    const next = words[place + 1]
    given[flag.slice(2).replaceAll('-', '_')] = next === undefined || next.startsWith('--') ? 'true' : next
  }
  return written(`/analysis/${name}`, given)
}
