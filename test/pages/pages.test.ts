import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { AxeBuilder } from '@axe-core/playwright'
import { parse } from 'csv-parse/sync'
import type { BrowserContext } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { analysisList } from '../../src/analyses/index.ts'
import { samples } from '../samples.ts'
import { answered, cells, heading, serving, settled } from './reader.ts'

const { home } = await samples()
const { origin, chrome, reader, opened: openedWithin, faults, strangers } = await serving(home)
const context = await reader()
const opened = (path: string, within: BrowserContext = context) => openedWithin(path, within)
const germany = '/analysis/concentration?dataset=critical-materials&importer=DEU&period=2024'
const many = '/analysis/suppliers?dataset=critical-materials&group=critical-materials&period=2022,2024&min_value=0'

const everyPage = [
  '/questions',
  germany,
  '/analysis/screen?dataset=critical-materials&importer=Germany&supplier=China',
  '/analysis/dominance?dataset=russia-vendors&segment=base+stations&exit=Nokia,Ericsson',
  '/analysis/suppliers',
  '/claims?open=Q21',
  '/datasets',
  '/datasets/russia-imts',
  '/methods',
  '/methods/trade',
]

describe('a reader', () => {
  test('chooses a question, a dataset and an importer in any language, and has the finding in a sentence', async () => {
    const page = await opened('/questions')
    await page.getByRole('link', { name: /How concentrated are an importer/ }).click()
    await page.getByLabel('Dataset').selectOption({ label: 'Trade in thirty critical materials' })
    const importer = page.getByRole('combobox', { name: 'Importer' })
    for (const text of ['герм', 'DE', '276', 'germ']) {
      await importer.fill(text)
      await page.getByRole('option', { name: 'Germany DEU' }).waitFor()
    }
    await page.getByRole('option', { name: 'Germany DEU' }).click()
    await page.locator('main h1', { hasText: 'Germany' }).waitFor()
    expect(await heading(page)).toMatch(/\d+ of 28 products that Germany bought in 2024/)
    await settled(page)
    expect(page.url()).toMatch(/importer=DEU/)
    expect(await page.title()).toContain('Germany')
    await page.close()
  })

  test('leaves a field, and what is typed is taken where it means one thing, else it stays and is said', async () => {
    const page = await opened('/analysis/suppliers?dataset=critical-materials&product=850511&importer=JPN')
    await settled(page)
    const importer = page.getByRole('combobox', { name: 'Importer' })
    const given = (name: string) => new URL(page.url()).searchParams.get(name)
    for (const [text, said] of [
      ['Atlantis', 'Nothing is called “Atlantis”'],
      ['chi', '“chi” may be several'],
    ] as const) {
      await importer.fill(text)
      await page.keyboard.press('Tab')
      await page.locator('.not-asked', { hasText: said }).waitFor()
      expect([await importer.inputValue(), given('importer')]).toEqual([text, 'JPN'])
    }
    await importer.fill('germ')
    await page.keyboard.press('Tab')
    await page.waitForURL(/importer=JPN,DEU/)
    await importer.fill('China+Hong Kong')
    await page.keyboard.press('Enter')
    await page.waitForURL(/importer=JPN,DEU,CHN%2BHKG/)
    await page.getByRole('combobox', { name: 'Product' }).fill('gallium')
    await page.locator('h1').click()
    await page.waitForURL(/product=850511,811292/)
    await page.close()
  })

  test('shares the address, and a second tab shows the same', async () => {
    const page = await opened(germany)
    await settled(page)
    await page.getByRole('button', { name: 'Lead share' }).click()
    await page.getByLabel('Search the table').fill('china')
    await page.waitForURL(/search=china/)
    await page.getByText('Columns', { exact: true }).click()
    await page.getByLabel('hhi low').check()
    await page.waitForURL(/columns=/)
    const second = await opened(page.url().slice(origin.length))
    expect(second.url()).toBe(page.url())
    expect([await heading(second), await cells(second)]).toEqual([await heading(page), await cells(page)])
    expect(await cells(second)).toContain('China')
    await second.close()
    await page.close()
  })

  test('goes back ten times and forward again, and each step shows what it showed', async () => {
    const page = await opened(germany)
    await settled(page)
    const seen: [string, string][] = []
    const note = async () => seen.push([page.url(), await cells(page)])
    await note()
    for (let step = 0; step < 10; step += 1) {
      const before = page.url()
      await page
        .locator('table.data thead button')
        .nth(step % 5)
        .click()
      await page.waitForFunction((url) => location.href !== url, before)
      await note()
    }
    for (let step = 9; step >= 0; step -= 1) {
      await page.goBack()
      await page.waitForFunction((url) => location.href === url, seen[step]?.[0])
      expect(await cells(page)).toBe(seen[step]?.[1])
    }
    await page.goForward()
    await page.waitForFunction((url) => location.href === url, seen[1]?.[0])
    expect(await cells(page)).toBe(seen[1]?.[1])
    await page.close()
  })

  test('downloads the rows and reads back what the page shows', async () => {
    const page = await opened(germany)
    await settled(page)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV, these columns' }).click(),
    ])
    const rows = parse(await readFile(await download.path()), { columns: true }) as Record<string, string>[]
    expect(rows).toHaveLength(Number(await page.locator('table.data').getAttribute('aria-rowcount')) - 1)
    const [first] = rows
    const shown = await page.locator('table.data tbody tr').first().innerText()
    expect(shown).toContain(first?.['product'])
    expect(shown).toContain(Number(first?.['hhi']).toFixed(3))
    await page.close()
  })

  test('saves the page as one file that opens from disk, with finding, caveats, rows and provenance', async () => {
    const page = await opened(germany)
    await settled(page)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as HTML' }).click(),
    ])
    const path = await download.path()
    const text = await readFile(path, 'utf8')
    expect(text).not.toMatch(/<script|<link|src=|@import|url\((?!#)/)
    const file = await context.newPage()
    const copy = `${path}.html`
    await download.saveAs(copy)
    await file.goto(pathToFileURL(copy).href)
    expect(await file.locator('h1').innerText()).toBe(await heading(page))
    expect(await file.locator('tbody tr').count()).toBe(28)
    expect(await file.locator('figure svg').count()).toBe(1)
    const whole = await file.locator('body').innerText()
    for (const said of ['How sure?', 'critical-materials@', 'npx --no-install chokepoint concentration', page.url()])
      expect(whole).toContain(said)
    // What it says of settings is in the words of the page, but for the command that asks the same.
    expect(whole).toContain('“Min value” at 0')
    expect(whole.slice(0, whole.indexOf('npx --no-install'))).not.toMatch(/\s--[a-z]/)
    await file.close()
    await page.close()
  })

  test('reads a chart by mouse and by keyboard, with its events and source, and keeps it as one file', async () => {
    const page = await opened('/analysis/dependence?dataset=russia-imts&importer=RUS&supplier=CHN&period=2016-2024')
    const frame = page.locator('.chart-frame')
    expect(await frame.locator('svg.chart').getAttribute('data-kind')).toBe('lines')
    await frame.focus()
    await page.keyboard.press('End')
    expect(await page.locator('.chart-tip').innerText()).toMatch(/2024[\s\S]*46\.3/)
    expect(await page.locator('.chart-live').innerText()).toContain('46.3')
    await page.keyboard.press('Escape')
    expect(await page.locator('.chart-tip').isHidden()).toBe(true)
    await frame.locator('svg circle').first().hover({ force: true })
    expect(await page.locator('.chart-tip').isVisible()).toBe(true)
    const block = await page.locator('.chart-block').innerText()
    for (const said of ['Share of imports', 'Regulation (EU) 2022/328', 'russia-imts@']) expect(block).toContain(said)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as SVG' }).click(),
    ])
    const svg = await readFile(await download.path(), 'utf8')
    for (const said of ['<svg', 'Russia', 'russia-imts@', 'Kazakhstan', page.url().replaceAll('&', '&amp;')])
      expect(svg).toContain(said)
    await page.close()
  })

  test('chooses among pictures, and keeps one as pixels; what is selected on one is in the address', async () => {
    const page = await opened('/analysis/suppliers?dataset=critical-materials&importer=DEU&product=811292')
    const kind = () => page.locator('svg.chart').getAttribute('data-kind')
    expect(await kind()).toBe('bars')
    await page.getByRole('button', { name: 'Map' }).click()
    await page.waitForURL(/chart=map/)
    await page.locator('svg[data-kind="map"]').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as PNG' }).click(),
    ])
    expect((await readFile(await download.path())).subarray(1, 4).toString()).toBe('PNG')

    await page.goto(`${origin}/analysis/screen?dataset=critical-materials&importer=DEU&keep=all`)
    const frame = page.locator('.chart-frame', { has: page.locator('svg[data-kind="points"]') })
    await frame.focus()
    await page.keyboard.press('Home')
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('Shift+ArrowLeft')
    await page.waitForURL(/brush=[\d.]+,[\d.]+,[\d.]+,[\d.]+/)
    const said = await page.getByText('selected; the table has these only').innerText()
    const second = await opened(page.url().slice(origin.length))
    expect(await second.getByText('selected; the table has these only').innerText()).toBe(said)
    expect(await second.locator('#rows').innerText()).toMatch(new RegExp(`^${/^\d+/.exec(said)?.[0]} row`))
    await second.close()
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => !location.search.includes('brush'))
    expect(await page.locator('#rows').innerText()).toBe('28 rows')
    await page.close()
  })

  test('copies the question as command, URL, SQL and citation', async () => {
    const page = await opened(germany)
    await settled(page)
    const copied = page.locator('section.copied pre')
    expect(await copied.innerText()).toMatch(
      /^npx --no-install chokepoint concentration --dataset critical-materials@\w+ --importer DEU --period 2024$/,
    )
    await page.getByRole('button', { name: 'URL' }).click()
    expect(await copied.innerText()).toBe(page.url())
    await page.getByRole('button', { name: 'SQL' }).click()
    await page.locator('section.copied pre', { hasText: 'select' }).waitFor()
    expect(await copied.innerText()).toContain('CHOKEPOINT_HOME/datasets/critical-materials')
    expect(await copied.innerText()).not.toContain(home)
    await page.getByRole('button', { name: 'Citation' }).click()
    expect(await copied.innerText()).toMatch(/^Chokepoint .*critical-materials, version \w{12} .*accessed \d{4}-/)
    await page.close()
  })

  test('needs no mouse', async () => {
    const page = await opened('/analysis/suppliers?dataset=critical-materials&product=850511')
    await settled(page)
    await page.getByLabel('Dataset').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.type('Япон')
    await page.getByRole('option', { name: 'Japan JPN' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('main h1', { hasText: 'Japan' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox')
    await page.locator('table.data thead button').first().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/sort=/)
    expect(await page.locator('th[aria-sort]').count()).toBe(1)
    await page.keyboard.press('Shift+Tab')
    expect(await page.evaluate(() => document.activeElement?.classList.contains('scroll'))).toBe(true)
    await page.close()
  })

  test('scrolls thousands of rows of which few are in the page, all of them on paper', async () => {
    const page = await opened(many)
    const table = page.locator('table.data')
    const rows = Number(await table.getAttribute('aria-rowcount'))
    expect(rows).toBeGreaterThan(4_000)
    const inPage = () => page.locator('table.data tbody tr:not(.gap)').count()
    expect(await inPage()).toBeLessThan(120)
    const frames = await page.evaluate(async () => {
      const scroller = document.querySelector('.scroll.tall') as HTMLElement
      const times: number[] = []
      let last = performance.now()
      for (let step = 0; step < 60; step += 1) {
        scroller.scrollTop += 900
        await new Promise(requestAnimationFrame)
        times.push(performance.now() - last)
        last = performance.now()
      }
      return times.sort((a, b) => a - b)
    })
    console.log(
      `${rows - 1} rows: a frame of scrolling takes ${frames[30]?.toFixed(0)} ms, at most ${frames.at(-1)?.toFixed(0)}`,
    )
    await page.evaluate(async () => {
      const scroller = document.querySelector('.scroll.tall') as HTMLElement
      for (let step = 0; step < 10; step += 1) {
        scroller.scrollTop = scroller.scrollHeight
        await new Promise(requestAnimationFrame)
      }
    })
    await page.locator(`tr[aria-rowindex="${rows}"]`).waitFor()
    expect(await inPage()).toBeLessThan(120)
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await page.waitForFunction((count) => document.querySelectorAll('table.data tbody tr').length === count, rows - 1)
    await page.close()
  })

  test('sees a claim’s query, data, residual and why, and follows the query', async () => {
    const page = await opened('/claims')
    const claim = page.locator('#Q21')
    await claim.getByText('Query, data, residual and why').click()
    await page.waitForURL(/open=Q21/)
    expect(await claim.innerText()).toMatch(/Residual[\s\S]*Why/)
    expect(await page.locator('.units dt', { hasText: 'Not testable' }).innerText()).toMatch(/^10/)
    await page.locator('#Q3').getByText('Query, data, residual and why').click()
    await page
      .locator('#Q3')
      .getByRole('link', { name: /^chokepoint dependence/ })
      .first()
      .click()
    await answered(page)
    expect(await heading(page)).toContain('China supplied')
    await page.close()
  })

  test('sees what became of every row of a dataset', async () => {
    const page = await opened('/datasets')
    expect(await heading(page)).toMatch(/datasets are loaded|Datasets/)
    // Only years that are held are named, and only economies count as importers.
    const materials = page.locator('.entry', { hasText: 'Trade in thirty critical materials' })
    expect(await materials.innerText()).toMatch(/2022, 2024 · by year · 25 importers/)
    await page.getByRole('link', { name: 'EU exports of listed goods' }).click()
    await page.locator('table.account').waitFor()
    expect(await page.locator('table.account').innerText()).toMatch(/In\s+[\d,]+[\s\S]*Kept\s+175,941/)
    await page.close()
  })
})

test('a reader drops a file, sees what it seems to be, and loads it', async () => {
  const page = await opened('/datasets')
  const body = 't,i,j,k,v,q\n2022,156,276,850511,1200.5,10\n2022,392,276,850511,800,8\n'
  await page
    .getByLabel('Drop a file here, or choose one')
    .setInputFiles({ name: 'BACI_HS17_Y2022_V202601.csv', mimeType: 'text/csv', buffer: Buffer.from(body) })
  const guess = page.locator('form.state')
  await guess.waitFor()
  expect(await guess.innerText()).toMatch(/Recognised: CEPII.*trade flows[\s\S]*1200\.5/)
  await page.getByLabel('Load it as').fill('mine')
  await page.getByRole('button', { name: 'Load', exact: true }).click()
  await page.waitForURL(`${origin}/datasets/mine`)
  await page.locator('table.account').waitFor()
  expect(await page.locator('table.account').innerText()).toMatch(/In\s+2\s[\s\S]*Kept\s+2\s/)
  await page.close()
})

test('a table that no source knows is mapped by choosing its columns, and a refusal says what it is of', async () => {
  const silent = await chrome.newContext()
  const page = await opened('/datasets', silent)
  const body = 'year,buyer,seller,hs6,worth\n2022,DEU,CHN,850511,1200\n2022,DEU,JPN,850511,800\n'
  await page
    .getByLabel('Drop a file here, or choose one')
    .setInputFiles({ name: 'mine-own.csv', mimeType: 'text/csv', buffer: Buffer.from(body) })
  const text = page.getByLabel('The same as a mapping in YAML')
  await text.waitFor()
  for (const [role, column] of [
    ['Period', 'year'],
    ['Importer', 'buyer'],
    ['Exporter', 'seller'],
    ['Product', 'hs6'],
    ['Value', ''],
  ] as const)
    expect(await page.getByLabel(role, { exact: true }).inputValue()).toBe(column)
  await page.getByRole('button', { name: 'Load', exact: true }).click()
  const fault = page.locator('.fault')
  expect(await fault.innerText()).toMatch(/The file cannot be loaded like this[\s\S]*missing columns.value/)
  await page.getByLabel('Value', { exact: true }).selectOption('worth')
  await page.getByLabel('Product codes of').selectOption('HS2017')
  await page.getByLabel('One unit of value').fill('1000')
  expect(await text.inputValue()).toMatch(/unit: "1000"[\s\S]*columns:[\s\S]*importer: "buyer"[\s\S]*value: "worth"/)
  await page.getByRole('button', { name: 'Load', exact: true }).click()
  await page.waitForURL(`${origin}/datasets/mine-own`)
  expect(await page.locator('table.account').innerText()).toMatch(/Kept\s+2\s+2,000,000/)
  await silent.close()
})

describe('an address', () => {
  test('with a parameter that is unknown names it, and offers what was meant', async () => {
    const silent = await chrome.newContext()
    const page = await opened('/analysis/suppliers?dataset=critical-materials&importr=Germany', silent)
    const state = page.locator('.fault')
    expect(await state.innerText()).toMatch(/importr=Germany[\s\S]*Did you mean importer\?[\s\S]*Request [0-9a-f-]{36}/)
    await page.getByRole('link', { name: 'Take it as importer' }).click()
    await page.locator('main h1', { hasText: 'Germany' }).waitFor()
    await silent.close()
  })

  test('with a column or an order that is unknown says so beside the answer', async () => {
    const page = await opened(`${germany}&columns=product,nothing&sort=nowhere`)
    const said = await page.locator('.notices').innerText()
    expect(said).toContain('columns=nothing')
    expect(said).toContain('sort=nowhere')
    await page.close()
  })

  test('without a dataset asks for one, and an empty answer gives its reason', async () => {
    const page = await opened('/analysis/suppliers')
    expect(await page.locator('.state').innerText()).toContain('Choose a dataset')
    // The listed exports lack most suppliers, so they cannot answer who supplies whom.
    const offered = await page.locator('.state .ways a').allInnerTexts()
    expect(offered).toContain('Trade in thirty critical materials')
    expect(offered.join()).not.toContain('EU exports of listed goods')
    await page.getByRole('link', { name: 'Open the example' }).click()
    await page.locator('main h1', { hasText: 'China' }).waitFor()
    const empty = await opened('/analysis/concentration?dataset=eu-listed-exports&importer=Russia')
    expect(await empty.locator('.state').innerText()).toMatch(/No rows[\s\S]*\w{20,}|suppliers/)
    const early = await opened(`${germany.replace('2024', '1999')}`)
    expect(await early.locator('.state').innerText()).toContain('no data for 1999')
    await early.locator('.state .ways a').first().waitFor()
    // Another test may have loaded a dataset that could answer too: it is offered after the one asked.
    expect((await early.locator('.state .ways a').allInnerTexts())[0]).toBe('Ask for the latest period')
    await early.getByRole('link', { name: 'Ask for the latest period' }).click()
    await early.locator('main h1', { hasText: 'Germany' }).waitFor()
    for (const one of [page, empty, early]) await one.close()
  })

  test('that no page has is 404 and says so', async () => {
    const silent = await chrome.newContext()
    const page = await silent.newPage()
    const response = await page.goto(`${origin}/elsewhere`)
    expect(response?.status()).toBe(404)
    await page.locator('h1', { hasText: 'There is no such page.' }).waitFor()
    expect((await page.goto(`${origin}/analysis/nothing`))?.status()).toBe(404)
    await page.locator('.fault', { hasText: 'No analysis' }).waitFor()
    await page.goto(`${origin}/analysis/%ff`)
    await page.locator('h1', { hasText: 'There is no such page.' }).waitFor()
    await silent.close()
  })

  test('no analysis has a parameter called as one of the view', () => {
    for (const { parameters } of analysisList)
      for (const name of ['columns', 'sort', 'search']) expect(Object.keys(parameters.shape)).not.toContain(name)
  })
})

describe('every page', () => {
  test('has no serious fault of accessibility, and none of contrast in the dark, which is dark', async () => {
    const dark = await reader({ colorScheme: 'dark' })
    const looked = async (path: string, within: BrowserContext, rules?: string[]) => {
      const page = await opened(path, within)
      const axe = new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`)).toEqual([])
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      expect(ground).toBe(within === dark ? 'rgb(20, 24, 31)' : 'rgb(255, 255, 255)')
      await page.close()
    }
    for (const path of everyPage.filter((one) => one !== germany && !one.includes('dominance')))
      await looked(path, context)
    for (const path of ['/analysis/suppliers', '/claims?open=Q21']) await looked(path, dark, ['color-contrast'])
    await dark.close()
  })

  test('fits a width of 360 without sideways scrolling, and names cells by their columns', async () => {
    const narrow = await reader({ viewport: { width: 360, height: 740 } })
    for (const path of everyPage) {
      const page = await opened(path, narrow)
      expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 360])
      if (path === germany) {
        const cell = page.locator('table.data tbody tr').first().locator('td').nth(2)
        expect(await cell.evaluate((one) => getComputedStyle(one, '::before').content)).toContain('HHI')
        expect(await page.getByLabel('Sort by').isVisible()).toBe(true)
      }
      await page.close()
    }
    await narrow.close()
  })

  test('moves nothing that is there while it loads', async () => {
    const moved = await reader()
    await moved.addInitScript(() => {
      const shifts: number[] = []
      Object.assign(globalThis, { shifts })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value)
      }).observe({ type: 'layout-shift', buffered: true })
    })
    for (const path of ['/', germany, '/claims']) {
      const page = await opened(path, moved)
      await page.waitForLoadState('networkidle')
      const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)
      expect([path, shifts.reduce((sum, one) => sum + one, 0)]).toEqual([path, expect.closeTo(0, 1)])
      await page.close()
    }
    await moved.close()
  })

  test('prints on white whatever the theme, without its form', async () => {
    const dark = await reader({ colorScheme: 'dark' })
    const page = await opened(germany, dark)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)')
    expect(await page.locator('.ask').isVisible()).toBe(false)
    // Buttons in a head are not painted again on a second sheet, so words stand in their place.
    expect(await page.locator('table.data thead th').first().innerText()).toBe('Product')
    expect(await page.locator('table.data thead button').first().isVisible()).toBe(false)
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
    await dark.close()
  })

  test('loads at most 300 KB of script, may run nothing of others, and keeps its files for a year', async () => {
    const shell = await fetch(`${origin}/`, { headers: { Accept: 'text/html' } })
    const policy = shell.headers.get('Content-Security-Policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/unsafe|\*|data:|https?:/)
    // What the shell names, and what it asks for later: an answer's view loads the chart as well.
    const page = await opened(germany)
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .flatMap(({ name }) => (name.endsWith('.js') ? new URL(name).pathname : [])),
    )
    await page.close()
    let size = 0
    for (const path of scripts) {
      const file = await fetch(origin + path)
      expect(file.headers.get('Cache-Control')).toContain('immutable')
      size += gzipSync(new Uint8Array(await file.arrayBuffer())).length
    }
    console.log(`Script on first view: ${(size / 1024).toFixed(1)} KB compressed`)
    expect(scripts.length).toBeGreaterThan(1)
    expect(size).toBeLessThanOrEqual(300 * 1024)
  })
})

test('in all this the console stayed free of errors and no request left the origin', () => {
  expect(faults).toEqual([])
  expect(strangers).toEqual([])
})
