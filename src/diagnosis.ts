import { existsSync, readFileSync } from 'node:fs'
import { access, constants, readdir, stat, statfs } from 'node:fs/promises'
import { availableParallelism, freemem, homedir, release, totalmem, type } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { chokepointHome } from './dataset/home.ts'
import { datasetsFolder, openDataset, verifyDataset } from './dataset/store.ts'
import { environmentLimits } from './limits.ts'

/** A dataset of the store: where `state` is `damaged` its manifest cannot be read, and `version` is what `current` says. */
export interface DatasetState {
  readonly name: string
  readonly version: string
  readonly rows: number | null
  /** Of all versions, in bytes. */
  readonly size: number
  readonly state: 'sound' | 'unsound' | 'damaged' | 'not compared'
}

/** What a report of a fault needs: no secret, no path of a user's home by its name, no row of data. */
export interface Diagnosis {
  readonly versions: {
    readonly chokepoint: string
    readonly node: string
    readonly duckdb: string | null
    readonly system: string
    readonly arch: string
    readonly libc: string | null
  }
  readonly machine: { readonly cores: number; readonly memory: number; readonly free_memory: number }
  readonly home: { readonly path: string; readonly writable: boolean; readonly disk_free: number | null }
  readonly engines: { readonly duckdb: string; readonly clickhouse: string }
  /** In force for a question; null where the engine does not say. */
  readonly limits: { readonly memory: string | null; readonly threads: number | null; readonly seconds: number | null }
  /** Variables of Chokepoint's that are set; the values of those that cannot be secrets. */
  readonly environment: Readonly<Record<string, string>>
  readonly datasets: readonly DatasetState[]
  readonly own_files: { readonly files: number; readonly errors: number; readonly warnings: number } | null
  readonly locale: string
  readonly timezone: string
  readonly proxy: boolean
  /** What is wrong, in sentences; none where all is well. */
  readonly problems: readonly string[]
}

/** Values that say nothing but a number or a place; of all other variables the name alone is told. */
const shown: Readonly<Record<string, RegExp>> = {
  CHOKEPOINT_HOME: /^/,
  CHOKEPOINT_TEST_DATA: /^/,
  CHOKEPOINT_MEMORY: /^\d+$/,
  CHOKEPOINT_THREADS: /^\d+$/,
  CHOKEPOINT_SECONDS: /^\d+$/,
}

const messageOf = (error: unknown) => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))

/** Shorter values are no secrets, and parts of many words. */
const shortestSecret = 4

/** What makes any text fit to be told: the home directory is ~, and values that are not shown stand nowhere. */
function discretion(environment: NodeJS.ProcessEnv): (text: string) => string {
  const hidden = Object.entries(environment).flatMap(([name, value = '']) =>
    name.startsWith('CHOKEPOINT_') && value.length >= shortestSecret && !shown[name]?.test(value) ? [value] : [],
  )
  const own = homedir()
  const instead = [
    ...hidden.map((value) => [value, '(set)'] as const),
    ...(own.length > 1 ? [[own, '~'] as const] : []),
  ]
  return (text) => instead.reduce((told, [value, word]) => told.replaceAll(value, word), text)
}

/**
 * Look at this installation as a report of a fault describes it. Nothing is written and no host is asked.
 * @param compare whether stored files are compared with their checksums, which reads all of them
 */
export async function diagnose(environment: NodeJS.ProcessEnv, compare: boolean): Promise<Diagnosis> {
  const problems: string[] = []
  const home = chokepointHome(environment)
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const engine = await embedded(environment, problems)
  const datasets = await datasetStates(home, compare, problems)
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const found: Diagnosis = {
    versions: {
      chokepoint: version,
      node: process.version,
      duckdb: engine.version,
      system: `${type()} ${release()}`,
      arch: process.arch,
      libc: libc(),
    },
    machine: { cores: availableParallelism(), memory: totalmem(), free_memory: freemem() },
    home: await placeOf(home, problems),
    engines: { duckdb: engine.state, clickhouse: clickhouse(environment) },
    limits: engine.limits,
    environment: Object.fromEntries(
      Object.entries(environment)
        .filter(([name, value]) => name.startsWith('CHOKEPOINT_') && value !== undefined)
        .sort()
        .map(([name, value = '']) => [name, shown[name]?.test(value) ? value : '(set)']),
    ),
    datasets,
    own_files: await ownFiles(home, problems),
    locale,
    timezone: timeZone,
    proxy: Object.entries(environment).some(([name, value]) => /^(https?|all)_proxy$/i.test(name) && value !== ''),
    problems,
  }
  const discreet = discretion(environment)
  return JSON.parse(JSON.stringify(found), (_key, value: unknown) =>
    typeof value === 'string' ? discreet(value) : value,
  ) as Diagnosis
}

/** The C library that native parts were made for; null where there is no choice of one. */
function libc(): string | null {
  if (process.platform !== 'linux') return null
  // The report would otherwise ask name servers about open connections.
  Object.assign(process.report, { excludeNetwork: true })
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime ? `glibc ${header.glibcVersionRuntime}` : 'musl'
}

/** Whether the embedded engine runs a statement within the limits. It is loaded only here, for it may be what is broken. */
async function embedded(environment: NodeJS.ProcessEnv, problems: string[]) {
  const none = { memory: null, threads: null, seconds: null }
  try {
    const limits = environmentLimits(environment)
    const { duckdbInstance } = await import('./engine/duckdb.ts')
    const instance = await duckdbInstance(':memory:', limits)
    const connection = await instance.connect()
    try {
      const [row] = (
        await connection.runAndReadAll(
          `select version() as version, current_setting('memory_limit') as memory, current_setting('threads') as threads, sum(n) as total from range(1000) as counted(n)`,
        )
      ).getRowObjectsJS()
      if (Number(row?.['total']) !== 499_500) throw new Error(`it adds up to ${row?.['total']}`)
      return {
        version: String(row?.['version']),
        state: 'works',
        limits: {
          memory: String(row?.['memory']),
          threads: Number(row?.['threads']),
          seconds: limits.seconds ?? null,
        },
      }
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  } catch (error) {
    problems.push(`DuckDB does not run a statement: ${messageOf(error)}`)
    return { version: null, state: 'does not work', limits: none }
  }
}

/** Whether ClickHouse is on this machine; Chokepoint's own commands do without. */
function clickhouse({ PATH = '' }: NodeJS.ProcessEnv): string {
  const names = ['clickhouse', 'clickhouse-local'].flatMap((name) =>
    process.platform === 'win32' ? [`${name}.exe`] : [name],
  )
  const there = PATH.split(delimiter).some(
    (folder) => folder !== '' && names.some((name) => existsSync(join(folder, name))),
  )
  return there ? 'present' : 'not present'
}

/** The nearest folder that is there, for what is to be made may not be yet. */
const existing = (path: string): string => (existsSync(path) || dirname(path) === path ? path : existing(dirname(path)))

async function placeOf(home: string, problems: string[]): Promise<Diagnosis['home']> {
  const there = existing(home)
  const writable = await access(there, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!writable) problems.push(`${there} cannot be written. Set CHOKEPOINT_HOME to a folder that you may write to`)
  const space = await statfs(there).catch(() => undefined)
  return { path: home, writable, disk_free: space ? space.bavail * space.bsize : null }
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []))
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0
  return size
}

async function datasetStates(home: string, compare: boolean, problems: string[]): Promise<DatasetState[]> {
  const folder = datasetsFolder(home)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const states: DatasetState[] = []
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const current = join(folder, name, 'current')
    if (!existsSync(current)) continue
    const size = await sizeOf(join(folder, name))
    try {
      const { manifest } = await openDataset(home, name)
      const broken = compare ? (await verifyDataset(home, name)).filter(({ sound }) => !sound) : []
      for (const { file } of broken) problems.push(`${file} changed since it was loaded. Load ${name} again`)
      const state = !compare ? 'not compared' : broken.length > 0 ? 'unsound' : 'sound'
      states.push({ name, version: manifest.version, rows: manifest.account.rows.kept, size, state })
    } catch (error) {
      problems.push(messageOf(error))
      const version = readFileSync(current, 'utf8').trim().slice(0, 12)
      states.push({ name, version, rows: null, size, state: 'damaged' })
    }
  }
  return states
}

/** How many files of the user's own there are, and faults in them: what they say is theirs. */
async function ownFiles(home: string, problems: string[]): Promise<Diagnosis['own_files']> {
  try {
    const { checkFiles } = await import('./own-files.ts')
    const files = checkFiles(home)
    const count = (severity: string) =>
      files.flatMap(({ faults }) => faults).filter((fault) => fault.severity === severity).length
    if (count('error') > 0) problems.push(`Your own files have errors: chokepoint check tells them`)
    return { files: files.length, errors: count('error'), warnings: count('warning') }
  } catch (error) {
    problems.push(`Your own files cannot be checked: ${messageOf(error)}`)
    return null
  }
}
