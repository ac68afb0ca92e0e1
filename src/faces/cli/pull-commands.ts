import { type Command, InvalidArgumentError, Option } from 'commander'
import type { BaciRequest } from '../../pull/baci.ts'
import type { ComtradeRequest } from '../../pull/comtrade.ts'
import type { PullFolder } from '../../pull/folder.ts'
import type { Network } from '../../pull/network.ts'
import type { Patience } from '../../pull/patience.ts'
import { Refusal } from '../../refusal.ts'
import { printable } from '../cell.ts'
import { grouped } from './dataset-commands.ts'
import { commaList } from './parameters.ts'
import type { Terminal } from './terminal.ts'

const editions = [
  'HS92',
  'HS96',
  'HS02',
  'HS07',
  'HS12',
  'HS17',
  'HS22',
] as const satisfies readonly BaciRequest['edition'][]
const flows = ['M', 'X', 'RM', 'RX'] as const satisfies ComtradeRequest['flows']
const keyVariable = 'COMTRADE_API_KEY'

/** Between lines of progress where they cannot be written over each other, in milliseconds. */
const betweenLines = 10_000

interface Common {
  readonly into: string
  readonly server?: string
}

/** What a pull is given: a folder, the network, and whom to tell. */
interface Surroundings {
  readonly folder: PullFolder
  readonly network: Network
  readonly server: URL
  readonly patience: Patience
  readonly line: (text: string, last?: boolean) => void
}

const about = `
Needs a network, which nothing else of Chokepoint does; HTTPS_PROXY and NO_PROXY
are honoured. Interrupted, the same command goes on where it stopped. Tested
against a replay of the publisher’s answers on this machine only, never against
the publisher.
`

/** The commands that fetch public statistics from their publishers, for \`load\` to read. */
export function addPull(program: Command, terminal: Terminal): void {
  const pull = program
    .command('pull')
    .description('Fetch public statistics from their publisher into a folder, for load to read')
    .addHelpText('before', '  chokepoint pull baci --edition HS17 --into baci\n')
    .addHelpText('after', about)

  shared(pull.command('baci'))
    .description('CEPII’s archive of reconciled flows, one edition of the HS')
    .addHelpText('before', '  chokepoint pull baci --edition HS17 --into baci\n')
    .addOption(new Option('--edition <word>', 'Edition of the HS').choices(editions).default('HS17'))
    .option('--vintage <yyyymm>', 'Year and month of publication', '202601')
    .addHelpText('after', about)
    .action(async (options: Common & { edition: (typeof editions)[number]; vintage: string }) => {
      const { baciServer, pullBaci } = await import('../../pull/baci.ts')
      const { rateTeller } = await import('../../pull/progress.ts')
      await surrounded(terminal, options, baciServer, true, async ({ line, ...given }) => {
        const rate = rateTeller()
        const file = await pullBaci({
          ...given,
          edition: options.edition,
          vintage: options.vintage,
          progress: (name, { bytes, total }) => line(`${name}  ${rate(bytes, total)}`),
        })
        terminal.out.write(`chokepoint load ${quoted(`${options.into}/${file}`)} --as baci\n`)
      })
    })

  shared(pull.command('comtrade'))
    .description('Reports of economies to UN Comtrade, a call for each reporter and period')
    .addHelpText('before', '  chokepoint pull comtrade --reporter Japan --period 2022-2024 --into reports\n')
    .addHelpText('after', `\nThe key stands in ${keyVariable}; without one a call shows at most 500 rows.${about}`)
    .requiredOption('--reporter <a,b>', 'Economies, blocs or their codes; all for every reporter', list('--reporter'))
    .requiredOption('--period <a,b>', 'Years or months: 2022, 2019-2022, 202201-202212', list('--period'))
    .addOption(
      new Option('--product <a,b>', 'HS codes; AG2, AG4, AG6 for all of a length; TOTAL')
        .argParser(list('--product'))
        .default(['TOTAL'], 'TOTAL'),
    )
    .addOption(
      new Option('--flow <a,b>', 'M imports, X exports, RM and RX what goes back and through')
        .argParser((text) => list('--flow')(text).map(flowOf))
        .default(['M', 'X'], 'M,X'),
    )
    .addOption(new Option('--rows <n>', 'Rows at which your key’s answers are cut').argParser(rowsOf))
    .action(
      async (
        options: Common & {
          reporter: string[]
          period: string[]
          product: string[]
          flow: (typeof flows)[number][]
          rows?: number
        },
      ) => {
        const { checkProducts, comtradeServer, pullComtrade, rowLimits } = await import('../../pull/comtrade.ts')
        checkProducts(options.product)
        const key = process.env[keyVariable]?.trim() || undefined
        await surrounded(terminal, options, comtradeServer, false, async ({ line, ...given }) => {
          if (!key)
            given.patience.tell(
              `${keyVariable} is not set: the preview answers, with at most ${rowLimits.preview} rows a call`,
            )
          const pulled = await pullComtrade({
            ...given,
            key,
            reporters: options.reporter,
            periods: options.period,
            products: options.product,
            flows: options.flow,
            rows: key ? (options.rows ?? rowLimits.free) : rowLimits.preview,
            progress: (done, all, rows) => line(`${done} of ${all} calls, ${grouped(rows)} rows`, done === all),
          })
          if (pulled.empty.length > 0) given.patience.tell(`no rows: ${pulled.empty.join(', ')}`)
          if (pulled.files.length === 0)
            throw new Refusal(
              'no_data',
              'pull/empty',
              'The service has no rows for any of these. Look whether the reporters have reported those periods: https://comtradeplus.un.org',
            )
          terminal.out.write(`chokepoint load ${quoted(options.into)} --as comtrade\n`)
        })
      },
    )
}

const shared = (command: Command) =>
  command
    .requiredOption('--into <folder>', 'Folder for the files; nothing is written outside it')
    .option('--server <url>', 'Another server that has the same, such as a mirror of your own')

const list = (flag: string) => (text: string) => commaList(flag, text)

function flowOf(text: string): (typeof flows)[number] {
  const flow = flows.find((one) => one === text.toUpperCase())
  if (flow === undefined) throw new InvalidArgumentError(`There are ${flows.join(', ')}`)
  return flow
}

function rowsOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('A number of rows')
  return Number(text)
}

/** Run a pull with its folder and network open, and say how to go on where it is interrupted. */
async function surrounded(
  terminal: Terminal,
  { into, server }: Common,
  usual: string,
  redirections: boolean,
  run: (surroundings: Surroundings) => Promise<void>,
): Promise<void> {
  const [{ PullFolder }, { openNetwork, serverAddress }, { usualPatience }, { toolVersion }] = await Promise.all([
    import('../../pull/folder.ts'),
    import('../../pull/network.ts'),
    import('../../pull/patience.ts'),
    import('../../index.ts'),
  ])
  const address = serverAddress(server ?? usual)
  const folder = await PullFolder.open(into)
  const network = openNetwork({ toolVersion, redirections })
  const line = progressLine(terminal.err)
  const tell = (text: string) => line(printable(text), true)
  try {
    await run({ folder, network, server: address, patience: { ...usualPatience, signal: terminal.signal, tell }, line })
  } catch (error) {
    if (terminal.signal.aborted) tell(`Stopped. ${into} keeps what came: the same command goes on from there.`)
    throw error
  } finally {
    await network.close().catch(() => undefined)
  }
}

/** Lines that a terminal writes over each other, and a log has now and then. */
function progressLine(err: NodeJS.WriteStream): (text: string, last?: boolean) => void {
  let written = 0
  let open = false
  return (text, last = false) => {
    const now = Date.now()
    if (!last && now - written < (err.isTTY ? 200 : betweenLines)) return
    if (!last) written = now
    err.write(err.isTTY ? `${open ? '\r\x1b[2K' : ''}${text}${last ? '\n' : ''}` : `${text}\n`)
    open = err.isTTY === true && !last
  }
}

/** A path as a shell takes it. */
const quoted = (path: string) => (/^[\w./@:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`)
