import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll } from 'vitest'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser']

/** Where Chromium is. @throws Error that says in one line how to install it */
function chromiumPath(): string {
  const named = process.env['CHOKEPOINT_CHROMIUM']
  const found = [...(named ? [named] : []), ...places].find(existsSync)
  if (found) return found
  throw new Error(
    'No Chromium: apt-get update && apt-get install -y --no-install-recommends chromium, or name one in CHOKEPOINT_CHROMIUM',
  )
}

/** A browser that asks nobody anything by itself. */
export async function browser() {
  const started = await chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  afterAll(() => started.close())
  return started
}

/** The built command serving the datasets under a home, at the address returned, until all tests of the file are done. */
export async function served(home: string): Promise<string> {
  const command = join(new URL('../..', import.meta.url).pathname, 'dist/faces/cli/main.js')
  const child: ChildProcess = spawn(process.execPath, [command, 'serve', '--port', '0'], {
    env: { ...process.env, CHOKEPOINT_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  afterAll(() => child.kill('SIGKILL'))
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (bytes) => resolve(String(bytes).trim()))
    child.once('close', () => reject(new Error('the server ended before it listened')))
  })
}
