import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { analysisList } from '../../analyses/index.ts'
import { type Chokepoint, toolVersion } from '../../index.ts'
import { answerRoute } from './answer-route.ts'
import { type Access, bearer, bounded, rated, sameSite } from './guard.ts'
import { KeptAnswers } from './kept.ts'
import { openapi } from './openapi.ts'
import { addPages, isForPages, pageHeaders } from './pages.ts'
import { Problem, problemResponse } from './problem.ts'
import { addReference } from './reference-routes.ts'
import { statementRoute } from './statement-route.ts'
import { addUpload } from './upload.ts'

/** What a server is made of. */
export interface Serving {
  readonly chokepoint: Chokepoint
  readonly access: Access
  /** What is told of each request, one line of JSON, and of faults. */
  readonly log: (line: string) => void
  /** The Model Context Protocol over HTTP, where it is served. */
  readonly mcp?: (request: Request) => Promise<Response>
  /** The folder of the built pages, where they are served. */
  readonly pages?: string
  /** Whether a page may bring a file to load: on loopback only. */
  readonly upload?: boolean
}

type Served = { Bindings: Partial<HttpBindings>; Variables: { requestId: string } }

/** Largest body: of the Model Context Protocol, for nothing else takes any. */
const largestBody = 1024 * 1024

const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // It is served without TLS; whoever puts TLS before it says so there.
  strictTransportSecurity: false,
})

/** A request as one line: what was asked of which route and how it went, never with what values. */
function logLine(c: Context<Served>, started: number): string {
  const known = c.req.matchedRoutes.map(({ path }) => path).filter((path) => !path.includes('*'))
  return JSON.stringify({
    time: new Date().toISOString(),
    id: c.get('requestId'),
    method: c.req.method,
    route: known.at(-1) ?? null,
    parameters: [...new Set(new URL(c.req.url).searchParams.keys())].filter((name) => /^[a-z_]{1,40}$/.test(name)),
    status: c.res.status,
    milliseconds: Math.round(performance.now() - started),
  })
}

/** The HTTP face as an app that answers requests, on whatever server. */
export function httpApp({ chokepoint, access, log, mcp, pages, upload }: Serving): Hono<Served> {
  const app = new Hono<Served>()
  app.use(requestId())
  app.use(async (c, next) => {
    const started = performance.now()
    await next()
    c.header('X-Request-Id', c.get('requestId'))
    const { outgoing } = c.env ?? {}
    if (outgoing && !outgoing.closed) outgoing.once('close', () => log(logLine(c, started)))
    else log(logLine(c, started))
  })
  app.use((c, next) => (pages !== undefined && isForPages(c.req.path) ? pageHeaders : headers)(c, next))
  app.use(sameSite(access))
  app.use(rated(access.rate))
  app.use(bounded())
  if (access.origins.length > 0)
    app.use(
      cors({
        origin: [...access.origins],
        allowMethods: ['GET', 'HEAD', 'POST'],
        allowHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'Mcp-Session-Id', 'Mcp-Protocol-Version'],
        exposeHeaders: ['ETag', 'Link', 'X-Request-Id'],
      }),
    )
  app.get('/health', (c) => c.json({ status: 'ok' }))
  if (access.token !== undefined) app.use(bearer(access.token))

  app.get('/api/v1', (c) =>
    c.json({
      tool_version: toolVersion,
      openapi: '/api/v1/openapi.json',
      datasets: '/api/v1/datasets',
      analyses: analysisList.map(({ name, title, question }) => ({ name, title, question, href: `/api/v1/${name}` })),
    }),
  )
  app.get('/api/v1/openapi.json', (c) => c.json(openapi()))
  addReference(app, chokepoint)
  const kept = new KeptAnswers()
  for (const analysis of analysisList) {
    app.get(`/api/v1/${analysis.name}`, answerRoute(analysis, chokepoint, kept))
    app.get(`/api/v1/${analysis.name}/statement`, statementRoute(analysis, chokepoint))
  }
  app.all('/api/*', (c) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      throw new Problem(405, 'method/unknown', 'Everything here is read with GET', { headers: { Allow: 'GET, HEAD' } })
    throw new Problem(404, 'route/unknown', `There are ${analysisList.map(({ name }) => `/api/v1/${name}`).join(', ')}`)
  })
  if (mcp) {
    const tooLarge = () => {
      throw new Problem(413, 'body/large', `A body has at most ${largestBody} bytes`)
    }
    app.all('/mcp', bodyLimit({ maxSize: largestBody, onError: tooLarge }), (c) => mcp(c.req.raw))
  }

  if (upload) addUpload(app, chokepoint)
  else app.get('/upload', (c) => c.json({ token: null }))
  if (pages !== undefined) addPages(app, pages)
  else app.notFound((c) => problemResponse(new Problem(404, 'route/unknown', 'Begin at /api/v1'), c.get('requestId')))
  app.onError((error, c) => {
    const id = c.get('requestId')
    if (error instanceof Problem) return problemResponse(error, id)
    log(JSON.stringify({ time: new Date().toISOString(), id, fault: error.stack ?? error.message }))
    return problemResponse(new Problem(500, 'server/fault', `Please report it, with the id ${id} from the log`), id)
  })
  return app
}
