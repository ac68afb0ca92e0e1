import type { Refusal } from '../../refusal.ts'

/** One parameter that cannot be as it is. */
export interface Fault {
  readonly parameter: string
  readonly received: string
  readonly allowed: string
}

/** An answer that is an error: what RFC 9457 calls a problem. Its detail never holds SQL, a stack or a path of ours. */
export class Problem extends Error {
  readonly status: number
  /** Stable, such as `parameter/unknown`. */
  readonly code: string
  readonly faults: readonly Fault[]
  readonly headers: Readonly<Record<string, string>>
  /** What went wrong in a few words, where its status does not say it. */
  readonly title: string | undefined

  constructor(
    status: number,
    code: string,
    detail: string,
    more: {
      readonly faults?: readonly Fault[]
      readonly headers?: Readonly<Record<string, string>>
      readonly title?: string
    } = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.faults = more.faults ?? []
    this.headers = more.headers ?? {}
    this.title = more.title
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'The question cannot be understood',
  401: 'A token is needed',
  403: 'Not from here',
  404: 'Nothing is here',
  405: 'Nothing here can be changed',
  406: 'Not in that format',
  410: 'The data have changed since',
  413: 'Too large',
  414: 'Too long',
  422: 'The question is beyond what this server computes',
  429: 'Too many requests',
  500: 'A fault of ours',
  503: 'Too much at once',
}

/** A problem as a response. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const { status, code, message, faults, headers } = problem
  const body = {
    type: `urn:chokepoint:problem:${code}`,
    title: problem.title ?? titles[status] ?? titles[500],
    status,
    detail: message,
    code,
    ...(faults.length > 0 ? { errors: faults } : {}),
    request_id: requestId,
  }
  return new Response(`${JSON.stringify(body, undefined, 2)}\n`, {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  })
}

/** As much of what was received as a message can show. */
export const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text)

/** A message written for the command line in the words of a URL, without folders of ours. */
export function inUrlWords(message: string, home: string): string {
  return message
    .replaceAll(home, 'CHOKEPOINT_HOME')
    .replace(/, or raise CHOKEPOINT_\w+( \(bytes\))?/, '')
    .replace(/--([a-z][a-z-]*)( (?=[\w"]))?/g, (_, flag: string, value?: string) =>
      value ? `${flag.replaceAll('-', '_')}=` : flag.replaceAll('-', '_'),
    )
}

/** Which parameter a refusal is about: the one whose value it quotes, whose flag it names, or that its code names. */
function faultBehind(
  refusal: Refusal,
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
  detail: string,
): readonly Fault[] {
  for (const [parameter, value] of Object.entries(given))
    for (const text of [value].flat().map(String))
      if ([text, ...text.split(/[:+]/)].some((part) => part !== '' && refusal.message.includes(`"${part}"`)))
        return [{ parameter, received: shortened(text), allowed: detail }]
  const flags = [...refusal.message.matchAll(/--([a-z][a-z-]*)/g)].map(([, flag]) => String(flag).replaceAll('-', '_'))
  const parameter = [...flags, refusal.code.split('/')[0] as string].find((one) => names.includes(one))
  if (parameter === undefined) return []
  return [{ parameter, received: shortened(String(given[parameter] ?? '')), allowed: detail }]
}

/** A refusal as a problem. Those of kind `no_data` are no errors, and are answered with no rows. */
export function refused(
  refusal: Refusal,
  home: string,
  given: Readonly<Record<string, unknown>> = {},
  names: readonly string[] = [],
): Problem {
  const detail = inUrlWords(refusal.message, home)
  if (refusal.kind !== 'wrong_use') return new Problem(422, refusal.code, detail)
  return new Problem(400, refusal.code, detail, { faults: faultBehind(refusal, given, names, detail) })
}
