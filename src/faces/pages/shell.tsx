import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const sections = [
  ['/', 'Dependence'],
  ['/diversion', 'Diversion'],
  ['/questions', 'Questions'],
  ['/claims', 'Claims'],
  ['/datasets', 'Datasets'],
  ['/methods', 'Methods'],
] as const

const isWithin = (path: string, of: string) =>
  path === of || (of !== '/' && path.startsWith(`${of}/`)) || (of === '/questions' && path.startsWith('/analysis/'))

/** What stands around every page. */
export function Shell({ path, children }: { path: string; children: ComponentChildren }) {
  const [open, setOpen] = useState(false)
  useEffect(() => setOpen(false), [path])
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="top">
        <div class="wrap">
          <a class="name" href="/">
            Chokepoint
          </a>
          <button
            type="button"
            class="menu-button"
            aria-expanded={open}
            aria-controls="menu"
            onClick={() => setOpen(!open)}
          >
            Menu
          </button>
          <nav id="menu" class={open ? 'open' : ''} aria-label="Pages">
            <ul>
              {sections.map(([to, title]) => (
                <li key={to}>
                  <a href={to} aria-current={isWithin(path, to) ? 'page' : undefined}>
                    {title}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        <div class="wrap">
          <p>
            Chokepoint measures and explains; it never plans how to get round a control. Every figure names its dataset,
            version, method and source.
          </p>
          <p class="no-print">
            The same for programs: <a href="/api/v1/openapi.json">OpenAPI</a>.
          </p>
        </div>
      </footer>
    </>
  )
}

/** The title of the window says what the page says. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Chokepoint` : 'Chokepoint'
  }, [title])
}

/** An address that no page has. */
export function Unknown() {
  useTitle('No such page')
  return (
    <div class="wrap plain-page">
      <h1>There is no such page.</h1>
      <p class="lead">
        Nothing stands at <code>{location.pathname}</code>. Begin with{' '}
        <a href="/questions">the questions that can be asked</a>.
      </p>
    </div>
  )
}
