import { gzipSync } from 'node:zlib'
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { open } from '../../src/index.ts'
import { economyCodes } from '../../src/reference/economy-codes.ts'
import { librariesHolding, temporaryHome } from '../engines.ts'
import { samples } from '../samples.ts'
import { browser, served } from './browser.ts'

const { home } = await samples()
const nothing = await temporaryHome()
await (await open({ home: nothing })).close()
// More years and suppliers than the interface gives rows at once unless more are asked for.
const sellers = [...new Set(economyCodes('iso3').map((row) => row.economy))].filter((code) => /^[A-CE-Z]/.test(code))
const years = Array.from({ length: 12 }, (_, later) => 2012 + later)
const [long] = await librariesHolding(
  years.flatMap((year) =>
    sellers.slice(0, 120).map((exporter, at) => ({ year, importer: 'DEU', exporter, value: (at + 1) * 1_000_000 })),
  ),
)
const [chrome, origin, emptyOrigin, longOrigin] = await Promise.all([
  browser(),
  served(home),
  served(nothing),
  served(long?.[1].home ?? ''),
])

const faults: string[] = []
const strangers: string[] = []

async function reader(options: Parameters<typeof chrome.newContext>[0] = {}): Promise<BrowserContext> {
  const context = await chrome.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  context.setDefaultTimeout(10_000)
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  context.on('weberror', (error) => faults.push(String(error.error().stack)))
  context.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(`${origin}/`)) strangers.push(request.url())
  })
  return context
}

const context = await reader()

/** The page with all its blocks, at the address that says them all. */
async function whole(page: Page): Promise<void> {
  await page.locator('#products .source').waitFor()
  await page.locator('svg[data-kind="area"]').waitFor()
  await page.locator('svg[data-kind="map"]').waitFor()
  await page.locator('.stale').waitFor({ state: 'detached' })
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
}

async function opened(path: string, within: BrowserContext = context): Promise<Page> {
  const page = await within.newPage()
  await page.goto(origin + path)
  await whole(page)
  return page
}

const heading = (page: Page) => page.locator('main h1').innerText()
const table = (page: Page) => page.locator('table.ten tbody')
const params = (page: Page) => new URL(page.url()).searchParams

test('of many years and suppliers all are drawn, to the last year', async () => {
  const page = await (await chrome.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  await page.goto(`${longOrigin}/`)
  await page.locator('svg[data-kind="map"]').waitFor()
  expect(await page.locator('.chart-block figcaption').allInnerTexts()).toEqual([
    expect.stringMatching(/2012–2023$/),
    expect.stringMatching(/2023$/),
  ])
  expect(await page.locator('[data-missing]').count()).toBe(0)
  await page.close()
})

test('without a word the page tells the first case: a sentence, two pictures, ten products and their sources', async () => {
  const page = await context.newPage()
  const scripts: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.body().then((body) => gzipSync(body).length))
  })
  const begun = performance.now()
  await page.goto(`${origin}/`)
  await page.locator('main h1', { hasText: 'China supplied' }).waitFor()
  const headline = performance.now() - begun
  await whole(page)
  const blocks = performance.now() - begun
  const size = (await Promise.all(scripts)).reduce((sum, one) => sum + one, 0) / 1024
  console.log(
    `Headline after ${headline.toFixed(0)} ms, all blocks after ${blocks.toFixed(0)}; script ${size.toFixed(0)} KB compressed`,
  )
  expect(size).toBeLessThanOrEqual(300)
  expect(await heading(page)).toBe(
    'China supplied 46.3 % of the goods imports of Russia in 2024, up from 20.9 % in 2016.',
  )
  expect(await page.locator('.lead').innerText()).toBe('Estimated by the publisher, not reported: 2022 to 2024.')
  expect(await page.locator('.sure').first().innerText()).toMatch(/Doubtful: Russia’s imports from Uganda/)
  expect(await page.locator('.chart-events li').count()).toBe(4)
  expect(await table(page).locator('tr').count()).toBe(10)
  const products = await page.locator('#products').innerText()
  expect(products).toMatch(
    /Russia buys, 2024[\s\S]*Another dataset than above[\s\S]*Trade in thirty critical materials/,
  )
  expect(products).toMatch(/850511[\s\S]*42\.0 m[\s\S]*China 98\.3/)
  const others = (code: string) =>
    page.locator('#products tr', { hasText: code }).locator('td[data-name="Who may step in"]')
  expect(await others('850511').innerText()).toMatch(/^none\s+firm others sell less than is lost$/)
  expect(await others('280469').innerText()).toMatch(
    /^Germany, Sweden, Angola\s+not known: unknown prices or purchases decide$/,
  )
  expect(products).toMatch(/dataset critical-materials@\w{12}/)
  expect(Object.fromEntries([...params(page)].map(([name, value]) => [name, value.split('@')[0]]))).toEqual({
    dataset: 'russia-imts',
    importer: 'RUS',
    supplier: 'CHN',
    period: '2016-2024',
    products: 'critical-materials',
  })
  await page.close()
})

test('the supplier in question is underlined in the sentence and has the first colour in the picture', async () => {
  const page = await opened('/?supplier=DEU')
  expect(await page.locator('.in-question').innerText()).toBe('Germany')
  expect(await page.locator('svg[data-kind="area"] [fill="var(--s1)"]').count()).toBeGreaterThan(0)
  await page.close()
})

test('any name or code finds an economy, and a new supplier leaves the years, the buyer and the table’s year', async () => {
  const page = await opened('/?period=2018-2023')
  const buyer = page.getByRole('combobox', { name: 'Who buys' })
  for (const text of ['russ', 'Россия', 'RU', '643']) {
    await buyer.fill(text)
    await page.getByRole('option', { name: 'Russia RUS' }).waitFor()
  }
  await page.keyboard.press('Escape')
  expect(await buyer.inputValue()).toBe('Russia')
  const before = page.url()
  const supplier = page.getByRole('combobox', { name: 'From whom' })
  await supplier.fill('турц')
  await page.getByRole('option', { name: 'Türkiye TUR' }).click()
  await page.locator('main h1', { hasText: 'Türkiye supplied' }).waitFor()
  await whole(page)
  expect(await heading(page)).toMatch(/in 2023, (up|down) from [\d.]+ % in 2018\.$/)
  expect([params(page).get('period'), params(page).get('importer'), params(page).get('supplier')]).toEqual([
    '2018-2023',
    'RUS',
    'TUR',
  ])
  expect(await supplier.inputValue()).toBe('Türkiye')
  await page.goBack()
  await page.locator('main h1', { hasText: 'China supplied' }).waitFor()
  expect(page.url()).toBe(before)
  await page.goForward()
  await page.locator('main h1', { hasText: 'Türkiye supplied' }).waitFor()
  await page.close()
})

test('a buyer whom the dataset does not hold is answered from one that does, which is said', async () => {
  const page = await opened('/')
  const goods = page.getByLabel('What', { exact: true })
  expect(await goods.locator('option').allInnerTexts()).toEqual([
    'All goods',
    'Materials for chips',
    'Thirty critical materials',
  ])
  expect(await goods.locator('optgroup').getAttribute('label')).toBe('In: Trade in thirty critical materials')
  await page.getByRole('combobox', { name: 'Who buys' }).fill('Germany')
  await page.keyboard.press('Enter')
  await page.locator('main h1', { hasText: 'what Germany bought of the goods in this dataset in 2024' }).waitFor()
  expect(await page.locator('.notices').innerText()).toMatch(
    /russia-imts has no import report of Germany[\s\S]*instead: Trade in thirty critical materials\.$/,
  )
  expect(params(page).get('dataset')).toMatch(/^critical-materials@/)
  await page.goBack()
  await page.locator('main h1', { hasText: 'of Russia in 2024' }).waitFor()
  expect(await page.locator('.notices').count()).toBe(0)
  await page.close()
})

test('the address shows a second reader the same, and reloaded the same again', async () => {
  const page = await opened('/?importer=Germany&supplier=China&dataset=critical-materials&group=critical-materials')
  expect(await heading(page)).toMatch(/^China supplied .* of what Germany bought of .* in 2024, up from .* in 2022\.$/)
  const seen = [page.url(), await heading(page), await table(page).innerText()]
  const second = await opened(page.url().slice(origin.length), await reader())
  expect([second.url(), await heading(second), await table(second).innerText()]).toEqual(seen)
  await second.reload()
  await whole(second)
  expect([second.url(), await heading(second), await table(second).innerText()]).toEqual(seen)
  await second.context().close()
  await page.close()
})

test('a row opens its product with the same buyer and year, by mouse and by keyboard', async () => {
  const page = await opened('/')
  await table(page).locator('tr').first().click()
  await page.locator('main h1', { hasText: 'Russia bought of 850511 in 2024' }).waitFor()
  expect([params(page).get('importer'), params(page).get('period'), params(page).get('product')]).toEqual([
    'RUS',
    '2024',
    '850511',
  ])
  await page.goBack()
  await whole(page)
  await page.getByRole('link', { name: 'Who else could supply 850511' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/substitutes-suppliers\?.*importer=RUS.*period=2024.*product=850511/)
  await page.locator('#rows').waitFor()
  await page.close()
})

test('what cannot be answered is said, with the way on, and what the page does not know is named', async () => {
  const page = await context.newPage()
  await page.goto(`${origin}/?dataset=russia-imts&importer=DEU&year=2020`)
  const said = page.locator('.state', { hasText: 'No answer to this' })
  await said.waitFor()
  expect(await said.innerText()).toContain('russia-imts has no import report of Germany')
  expect(await page.locator('.notices').innerText()).toMatch(/year=2020[\s\S]*dataset, importer, supplier, period/)
  await page.getByRole('link', { name: 'Leave it out' }).click()
  await page.locator('.notices').waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Ask of: Trade in thirty critical materials' }).click()
  await page.locator('main h1', { hasText: /what Germany bought of .* in 2024/ }).waitFor()
  expect(params(page).get('period')).toBe('2022-2024')
  await whole(page)
  await page.close()

  const silent = await chrome.newContext()
  const wrong = await silent.newPage()
  await wrong.goto(`${origin}/?importer=Atlantis`)
  await wrong.locator('.fault', { hasText: 'No economy or group "Atlantis"' }).waitFor()
  await wrong.getByRole('link', { name: 'Ask without importer' }).click()
  await wrong.locator('main h1', { hasText: 'Russia' }).waitFor()
  await silent.close()
})

test('it fits 360 pixels, is dark in the dark, and has no serious fault of accessibility', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const narrow = await reader({ viewport: { width: 360, height: 740 }, colorScheme })
    const page = await opened('/', narrow)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      colorScheme === 'dark' ? 'rgb(20, 24, 31)' : 'rgb(255, 255, 255)',
    )
    // In the dark nothing is other than the colours.
    const axe = new AxeBuilder({ page })
    const { violations } = await (colorScheme === 'light'
      ? axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      : axe.withRules(['color-contrast'])
    ).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes[0]?.html}`)).toEqual([])
    await narrow.close()
  }
})

test('where nothing is loaded it says how to begin', async () => {
  const page = await chrome.newPage()
  await page.goto(emptyOrigin)
  await page.locator('.state', { hasText: 'npx --no-install chokepoint start' }).waitFor()
  await page.close()
})

afterAll(() => {
  expect(faults).toEqual([])
  expect(strangers).toEqual([])
})
