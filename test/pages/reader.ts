import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { browser, served } from './browser.ts'

/** Readers of the pages over the datasets under a home: their browsers, what went wrong in them, and whom they asked. */
export async function serving(home: string) {
  const [chrome, origin] = await Promise.all([browser(), served(home)])
  const faults: string[] = []
  const strangers: string[] = []

  /** A browser of one reader, whose errors and requests to elsewhere are kept. */
  async function reader(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await chrome.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        faults.push(`${message.page()?.url()} ${message.text()}`)
    })
    context.on('weberror', (error) => faults.push(String(error.error().stack)))
    context.on('request', (request) => {
      if (!/^(blob|data|file):/.test(request.url()) && !request.url().startsWith(`${origin}/`))
        strangers.push(request.url())
    })
    return context
  }

  /** A page at a path, once what it waits for is there. */
  async function opened(path: string, within: BrowserContext): Promise<Page> {
    const page = await within.newPage()
    await page.goto(origin + path)
    await page.locator('main h1').waitFor()
    const there = path.startsWith('/analysis/') ? '#rows, .state' : 'main h2, main .lead'
    await page.locator(there).first().waitFor()
    await page.locator('.bones').waitFor({ state: 'detached' })
    return page
  }
  return { chrome, origin, reader, opened, faults, strangers }
}

/** Once an answer is there, or the reason why none is. */
export const answered = (page: Page) => page.locator('#rows, .state').first().waitFor()

/** Once the address names the version of the dataset. */
export const settled = (page: Page) => page.waitForURL(/dataset=[\w-]+@[0-9a-f]{12}/)

export const heading = (page: Page) => page.locator('main h1').innerText()
export const cells = (page: Page) => page.locator('table.data tbody').innerText()
