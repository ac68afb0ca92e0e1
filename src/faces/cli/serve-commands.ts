import { type Command, InvalidArgumentError, Option } from 'commander'
import { commaList } from './parameters.ts'
import { type Terminal, withChokepoint } from './terminal.ts'

/** The most seconds that a question of a server's may take, unless CHOKEPOINT_SECONDS says otherwise. */
const usualSeconds = 60

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number up to 65535')
  return port
}

interface ServeFlags {
  readonly port?: number
  readonly host: string
  readonly remote?: true
  readonly tokenFile?: string
  readonly name: string[]
  readonly allowOrigin: string[]
}

/** The commands that start the other faces: here only does one face know another. */
export function addServers(program: Command, terminal: Terminal): void {
  const listOf = (flag: string) => (text: string, before: string[]) => [...before, ...commaList(flag, text)]
  program
    .command('serve')
    .description('Serve the pages, the HTTP interface and the Model Context Protocol on this machine')
    .addHelpText('before', '  chokepoint serve\n')
    .addOption(new Option('--port <n>', 'Port; the first free one from 8420 where left out').argParser(portOf))
    .option('--host <address>', 'Address to listen on', '127.0.0.1')
    .option('--remote', 'Let other machines in, each request with the token in CHOKEPOINT_TOKEN')
    .option('--token-file <file>', 'The token in a file')
    .addOption(
      new Option('--name <a,b>', 'Further names by which it is reached')
        .argParser(listOf('--name'))
        .default([], 'none'),
    )
    .addOption(
      new Option('--allow-origin <a,b>', 'Other sites whose pages may ask, such as https://example.org')
        .argParser(listOf('--allow-origin'))
        .default([], 'none'),
    )
    .action(async ({ port, host, remote, tokenFile, name, allowOrigin }: ServeFlags) => {
      const { serve } = await import('../http/serve.ts')
      const { mcpOverHttp } = await import('../mcp/transports.ts')
      const seconds = process.env['CHOKEPOINT_SECONDS'] ? {} : { seconds: usualSeconds }
      await withChokepoint(
        terminal.signal,
        (chokepoint) =>
          serve(chokepoint, {
            host,
            ...(port === undefined ? {} : { port }),
            remote: remote === true,
            ...(tokenFile === undefined ? {} : { tokenFile }),
            names: name,
            origins: allowOrigin,
            mcp: mcpOverHttp(chokepoint),
            signal: terminal.signal,
            announce: (line) => terminal.out.write(`${line}\n`),
            log: (line) => terminal.err.write(`${line}\n`),
          }),
        seconds,
      )
    })
  program
    .command('mcp')
    .description('Speak the Model Context Protocol on stdin and stdout')
    .addHelpText('before', '  chokepoint mcp\n')
    .action(async () => {
      const { mcpOverStdio } = await import('../mcp/transports.ts')
      await withChokepoint(terminal.signal, (chokepoint) => mcpOverStdio(chokepoint, terminal.signal))
    })
}
