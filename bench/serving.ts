import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apart, clock, count, lines, ms, quantile, tell } from './measuring.ts'
import { buyers, products, writeWorld } from './world.ts'

/** The longest that one in twenty answers of the front page may take, in seconds. */
const target = 0.1
const year = 2023
/** Of each question, as often as the same answer is asked again. */
const again = 5
const requests = 10_000
/** Memory after a fifth of the requests is that of a server at work; it may grow by so much until the end. */
const grown = 1.2

/** What the front page asks about one importer. */
const asked = (importer: string): Readonly<Record<string, string>> => ({
  dependence: `dependence?dataset=world&importer=${importer}&supplier=CHN&period=${year}&level=0&columns=period,importer,supplier,product,share`,
  suppliers: `suppliers?dataset=world&importer=${importer}&period=${year}&level=0&columns=period,importer,supplier,product,share`,
  screen: `screen?dataset=world&importer=${importer}&supplier=CHN&period=${year}&detail=verdicts&limit=300&columns=period,importer,product,imports,lead_supplier,lead_share,agreed,criteria,method,verdict`,
})

/** The command as users start it, serving the datasets of a home. */
async function served(home: string): Promise<{ server: ChildProcess; address: string }> {
  const command = new URL('../../dist/faces/cli/main.js', import.meta.url).pathname
  const server = spawn(process.execPath, [command, 'serve', '--port', '0'], {
    env: { ...process.env, CHOKEPOINT_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const address = await new Promise<string>((resolve, reject) => {
    server.stdout?.once('data', (bytes) => resolve(String(bytes).trim()))
    server.once('close', () => reject(new Error('the server ended before it listened')))
  })
  return { server, address }
}

/** Memory that a process has now, in bytes, as Linux tells it; undefined elsewhere. */
function resident({ pid }: ChildProcess): number | undefined {
  try {
    const told = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return told === undefined ? undefined : Number(told) * 1024
  } catch {
    return undefined
  }
}

/** Ask paths by so many clients at a time; seconds that each took, until its last byte. */
async function ask(address: string, paths: readonly string[], clients: number): Promise<number[]> {
  const took: number[] = []
  let next = 0
  const client = async () => {
    while (next < paths.length) {
      const path = paths[next++] as string
      const from = clock()
      const response = await fetch(`${address}/api/v1/${path}`)
      await response.arrayBuffer()
      if (response.status !== 200) throw new Error(`${path} was answered with ${response.status}`)
      took.push(clock() - from)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return took
}

/**
 * What the front page asks of a server over one made-up year of trade: how long it takes, first and again, by one client
 * and by four; and whether memory stays flat over ten thousand requests.
 * @returns whether both hold
 */
export async function benchServing(folder: string, rows: number): Promise<boolean> {
  const csv = join(folder, `BACI_HS22_Y${year}_V000000.csv`)
  tell(`made up: ${count(await writeWorld(year, rows, csv))} flows, ${buyers} economies, ${count(products)} products`)
  await apart('load', folder, 'world', csv)
  const { server, address } = await served(folder)
  try {
    const held = (await (await fetch(`${address}/api/v1/datasets/world`)).json()) as { importers_held: string[] }
    const importers = held.importers_held.filter((economy) => economy !== 'CHN' && !economy.startsWith('X-'))
    let slowest = 0
    tell('', 'p50', 'p95')
    for (const [place, name] of Object.keys(asked('DEU')).entries())
      for (const [part, clients] of [1, 4].entries()) {
        // Other importers each time: nothing of a first answer is known from before.
        const mine = importers.slice((place * 2 + part) * 20, (place * 2 + part) * 20 + 20)
        const paths = mine.map((importer) => asked(importer)[name] as string)
        const first = await ask(address, paths, clients)
        const repeated = await ask(address, Array.from({ length: again }, () => paths).flat(), clients)
        const who = `${clients} ${clients === 1 ? 'client' : 'clients'}`
        tell(`${name}, ${who}, first`, ms(quantile(first, 0.5)), ms(quantile(first, 0.95)))
        tell(`${name}, ${who}, again`, ms(quantile(repeated, 0.5)), ms(quantile(repeated, 0.95)))
        slowest = Math.max(slowest, quantile(first, 0.95))
      }
    const many = Array.from({ length: requests }, (_, at) => {
      const importer = importers[at % importers.length] as string
      return (at % 10 === 0 ? asked(importer)['suppliers'] : asked(importer)['dependence']) as string
    })
    await ask(address, many.slice(0, requests / 5), 4)
    const early = resident(server)
    await ask(address, many.slice(requests / 5), 4)
    const late = resident(server)
    const flat = early === undefined || late === undefined || late <= early * grown
    const mb = (bytes: number | undefined) =>
      bytes === undefined ? 'not known here' : `${(bytes / 1e6).toFixed(0)} MB`
    tell(`memory after ${count(requests / 5)} and after ${count(requests)} requests`, mb(early), mb(late))
    for (const line of lines) console.log(line.filter(Boolean).join('  '))
    console.log(
      `p95 of first answers at most ${ms(slowest)}: ${slowest <= target ? 'within' : 'misses'} the target of ${ms(target)}`,
    )
    console.log(flat ? 'memory stays flat' : `FAILED: memory grows by more than a fifth`)
    return flat
  } finally {
    server.kill('SIGTERM')
  }
}
