import { createMcpHandler } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Chokepoint } from '../../index.ts'
import { mcpServer } from './server.ts'

/** Streamable HTTP, without sessions: a request stands for itself. Links go to the address that was asked. */
export function mcpOverHttp(chokepoint: Chokepoint): (request: Request) => Promise<Response> {
  const handler = createMcpHandler(({ requestInfo }) =>
    mcpServer(chokepoint, requestInfo && new URL(requestInfo.url).origin),
  )
  return (request) => handler.fetch(request)
}

/** On stdin and stdout, until stdin ends or the signal says so. */
export async function mcpOverStdio(chokepoint: Chokepoint, signal: AbortSignal): Promise<void> {
  const handle = serveStdio(() => mcpServer(chokepoint))
  await new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await handle.close()
}
