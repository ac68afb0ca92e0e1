import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { open } from '../../src/index.ts'
import { temporaryHome } from '../engines.ts'
import { heading, serving } from './reader.ts'

/** A year of months in which nothing happens, another, and ten months after February 2022. */
const months = Array.from({ length: 36 }, (_, at) => ({
  at,
  text: `${2020 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`,
}))
const listed = ['854231', '854232', '854233', '854239', '851762', '852691', '853221', '853224']
const others = [
  '390110',
  '390120',
  '390210',
  '390311',
  '390410',
  '390610',
  '391721',
  '391910',
  '392010',
  '392321',
  '392410',
  '392610',
]
const neighbours =
  'KGZ ARM GEO KAZ UZB AZE TJK MNG SRB TUR IND VNM THA MYS IDN EGY MAR TUN ISR BRA CHL MEX PER COL'.split(' ')
/** Of these nobody says what they sell on. */
const silent = ['TUR', 'IND']

/** Made-up months of one origin, many neighbours and a destination: after the event both legs of Kyrgyzstan rise threefold. */
function madeUp(): string {
  const rows = ['month,exporter,importer,product,value']
  for (const { at, text } of months)
    for (const [code, product] of [...listed, ...others].entries()) {
      const restricted = at >= 26 && code < listed.length
      const wave = (hub: number) => 1 + 0.2 * Math.sin(hub * 3.1 + code * 5.3 + at * 1.7)
      rows.push(`${text},DEU,RUS,${product},${Math.round(9e6 * wave(0) * (restricted ? 0.2 : 1))}`)
      for (const [place, hub] of neighbours.entries()) {
        const base = 1e5 * (1 + ((place * 7 + code * 5) % 11)) * (restricted && hub === 'KGZ' ? 3 : 1)
        rows.push(`${text},DEU,${hub},${product},${Math.round(base * wave(place + 1))}`)
        if (!silent.includes(hub))
          rows.push(`${text},${hub},RUS,${product},${Math.round(0.5 * base * wave(place + 40))}`)
      }
    }
  return `${rows.join('\n')}\n`
}

const mapping = `title: Made-up exports of Germany and its customers, by month
frequency: month
currency: EUR
valuation: FOB
side: exporter
codes: iso3
edition: HS2017
products_complete: true
columns: { exporter: exporter, importer: importer, period: month, product: product, value: value }
`

const home = await temporaryHome()
const chokepoint = await open({ home })
afterAll(() => chokepoint.close())
const sample = (name: string) => new URL(`../../data/sample/${name}`, import.meta.url).pathname
await chokepoint.load([sample('eu-listed-exports.csv.gz')], {
  as: 'eu-listed-exports',
  mapping: sample('eu-listed-exports.yaml'),
})
const [rows, columns] = [join(home, 'made-up.csv'), join(home, 'made-up.yaml')]
await Promise.all([writeFile(rows, madeUp()), writeFile(columns, mapping)])
await chokepoint.load([rows], { as: 'made-up', mapping: columns })

const { origin, reader, faults, strangers } = await serving(home)
const context = await reader()
const bothLegs =
  '/diversion?dataset=made-up&origin=DEU&destination=RUS&list=chpl&list_mode=final&event=eu-2022-02&donut=0'

/** The page with all its parts, at an address that names the version. */
async function whole(page: Page): Promise<void> {
  await page.waitForURL(/dataset=[\w-]+@[0-9a-f]{12}/)
  await page.locator('#rows').waitFor()
  await page.locator('.why table').nth(1).waitFor()
  await page.locator('.why svg[data-kind="lines"]').waitFor()
  await page.locator('.stale, .bones').first().waitFor({ state: 'detached' })
}

async function opened(path: string, within: BrowserContext = context): Promise<Page> {
  const page = await within.newPage()
  await page.goto(origin + path)
  await whole(page)
  return page
}

const why = (page: Page) => page.locator('.why').innerText()
const given = (page: Page, name: string) => new URL(page.url()).searchParams.get(name)

test('from the front page to who bought more than before, and how sure that is, without a word typed', async () => {
  const page = await context.newPage()
  await page.goto(origin)
  await page.getByRole('navigation').getByRole('link', { name: 'Diversion' }).click()
  await whole(page)
  expect(await heading(page)).toMatch(
    /sold Russia EUR 7\.3 bn of listed goods \(the Union’s export bans as of January 2023\) .* against EUR 25\.8 bn before\.$/,
  )
  expect(await page.locator('.answer .lead').innerText()).toMatch(
    /Kazakhstan bought EUR 2\.0 bn more than its baseline, undetermined/,
  )
  expect(await page.locator('.unseen-data').innerText()).toMatch(
    /own growth[\s\S]*takes it out \(load one\)[\s\S]*What was sold on[\s\S]*Chance/,
  )
  // Every hub ends in what is not observed, before and after, which no figure stands for.
  expect(await page.locator('svg[data-kind="corridors"] [data-unseen]').count()).toBe(12)
  expect(await page.locator('svg[data-kind="corridors"]').innerHTML()).not.toMatch(/→/)
  const ranked = await page.locator('svg[data-kind="intervals"]').first().locator('[data-row]').allTextContents()
  expect(ranked.map((row) => row.trim())).toEqual([
    expect.stringMatching(/^Kazakhstan ?2\.0 bn ?undetermined$/),
    ...['Georgia', 'Armenia', 'Kyrgyzstan', 'Uzbekistan', 'Belarus'].map((name) => expect.stringContaining(name)),
  ])
  expect(await page.locator('.verdicts').innerText()).toMatch(/undetermined: 6 of 6/)
  expect(
    await page.locator('#over-time, svg[data-kind="lines"]').first().locator('[data-event]').count(),
  ).toBeGreaterThan(1)
  expect(await page.locator('h2#rows').innerText()).toBe('Corridors: 8 rows')
  expect(await page.locator('table[aria-rowcount] tbody').innerText()).toMatch(
    /Kazakhstan[\s\S]*◆ undetermined[\s\S]*second leg not observed/,
  )
  expect(await why(page)).toMatch(
    /Kazakhstan: ◆ undetermined, not testable[\s\S]*Second leg not observed[\s\S]*goods not on the list are not in the data/,
  )
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({
    origin: 'EU27',
    destination: 'RUS',
    list: 'eu-2023-01',
    list_mode: 'final',
    event: 'eu-2022-02',
    donut: '0',
    level: '4',
  })
  expect(await page.locator('main').innerText()).not.toMatch(/evad|evasion|circumvent/i)
  await page.close()
})

test('a hub is chosen by list, by mark and by key, each a step that Back undoes; a second reader sees the same; all leaves as files', async () => {
  const page = await opened(bothLegs)
  expect(await why(page)).toMatch(/Kyrgyzstan: ▲ consistent with diversion/)
  expect(await why(page)).toMatch(/As its other goods grew \(this one leads\)[\s\S]*list by lot, \d/)
  const before = page.url()
  await page.getByLabel('Hub', { exact: true }).last().selectOption({ label: 'Chile' })
  await page.waitForURL(/why=CHL/)
  expect(await why(page)).toMatch(/Chile: ○ no sign of diversion/)
  await page.locator('.chart-frame').first().focus()
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
  await page.waitForFunction(() => !location.href.includes('why=CHL'))
  const chosen = given(page, 'why')
  await page.goBack()
  await page.waitForURL(/why=CHL/)
  await page.goBack()
  await page.waitForURL(before)
  await page.locator('.why .lead', { hasText: 'Kyrgyzstan' }).waitFor()
  await page.goForward()
  await page.goForward()
  await page.waitForURL(new RegExp(`why=${chosen}`))
  await whole(page)
  const second = await opened(page.url().slice(origin.length), await reader())
  expect([second.url(), await heading(second), await why(second)]).toEqual([
    page.url(),
    await heading(page),
    await why(page),
  ])
  await second.context().close()

  expect(await page.locator('svg[data-kind="corridors"]').textContent()).toMatch(
    /16 others[\d. a-z]+ → [\s\S]*2 others unseen/,
  )
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as SVG' }).first().click(),
  ])
  expect(await readFile(await picture.path(), 'utf8')).toMatch(
    /Germany sold Russia[\s\S]*not observed, which is not nothing/,
  )
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV, every column' }).click(),
  ])
  expect(await readFile(await csv.path(), 'utf8')).toMatch(/^hub,hub_status[\s\S]*\nKGZ,free,/)
  expect(await page.locator('.copied').innerText()).toMatch(
    /chokepoint diversion --dataset made-up@\w+ --origin DEU .*--event eu-2022-02/,
  )
  await page.close()
})

test('a month may be the event, a list with tiers offers them, and what is not understood is said', async () => {
  const page = await opened(bothLegs)
  const event = page.getByRole('combobox', { name: 'Event' })
  await event.fill('2022-04')
  await page.keyboard.press('Enter')
  await page.waitForURL(/event=2022-04/)
  const tier = page.getByRole('combobox', { name: 'Tier' })
  await tier.fill('1')
  await page.getByRole('option', { name: '1', exact: true }).click()
  await page.waitForURL(/tier=1/)
  await whole(page)
  await page.close()

  const silentReader = await reader()
  const wrong = await silentReader.newPage()
  await wrong.goto(`${origin}${bothLegs}&why=ATL`)
  await wrong.locator('.notices', { hasText: 'why=ATL' }).waitFor()
  await wrong.goto(`${origin}/diversion?dataset=made-up&origin=DEU&destination=RUS&event=2022-02`)
  await wrong.locator('.fault').waitFor()
  expect(await wrong.locator('.fault').innerText()).toMatch(/names the controlled goods/)
  faults.length = 0
  await wrong.getByRole('link', { name: 'Open the first case' }).click()
  await whole(wrong)
  await silentReader.close()
})

test('it fits 360 pixels, is dark in the dark, and has no serious fault of accessibility', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const narrow = await reader({ viewport: { width: 360, height: 740 }, colorScheme })
    const page = await opened('/diversion', narrow)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
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

afterAll(() => {
  expect(faults).toEqual([])
  expect(strangers).toEqual([])
})
