/** Pictures the front page on the bundled samples as docs/page.jpg: `npm run compile-page-picture`, after a build. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const command = 'dist/faces/cli/main.js'
const home = mkdtempSync(join(tmpdir(), 'chokepoint-picture-'))
const env = { ...process.env, CHOKEPOINT_HOME: home }
try {
  execFileSync(process.execPath, [command, 'start'], { env, stdio: 'ignore' })
  const server = spawn(process.execPath, [command, 'serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const browser = await chromium.launch({
    executablePath: process.env['CHOKEPOINT_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  })
  try {
    const address = await new Promise<string>((resolve) => {
      server.stdout?.once('data', (bytes) => resolve(String(bytes).trim()))
    })
    // Three quarters of its size are enough for a page of text, and keep the file small.
    const page = await browser.newPage({ viewport: { width: 1280, height: 1180 }, deviceScaleFactor: 0.75 })
    await page.goto(address)
    await page.locator('svg[data-kind="map"]').waitFor()
    await page.locator('svg[data-kind="area"]').waitFor()
    await page.screenshot({ path: 'docs/page.jpg', quality: 62 })
  } finally {
    await browser.close()
    server.kill()
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
