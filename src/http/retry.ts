import { setTimeout as sleep } from 'node:timers/promises'
import { HttpError, type HttpErrorCode } from '../errors.ts'
import { retryAfterOf } from './retry-after.ts'

/** What may be sent twice (RFC 9110 section 9.2.1): a password never is. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** What may be gone the next time. A proxy, a certificate or a name that is wrong is told at once. */
const PASSING: ReadonlySet<HttpErrorCode> = new Set(['ERR_HTTP_CONNECT', 'ERR_HTTP_CLOSED'])

/** Statuses that say when to come back (RFC 9110 section 10.2.3, RFC 6585 section 4). */
const BUSY: ReadonlySet<number> = new Set([429, 503])

const FIRST_PAUSE = 200
const LONGEST_WAIT = 30_000

/** How often, and what is told of it. */
export interface RetryOptions {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly retries: number
  readonly signal: AbortSignal
  tell(line: string): void
}

/** Makes a request, and where that does no harm makes it again after a failure that may pass. */
export async function withRetries(
  attempt: () => Promise<Response>,
  { method, headers, retries, signal, tell }: RetryOptions,
): Promise<Response> {
  // A lost answer may have been a refusal, and so many refusals lock an account.
  const isLogin = /^basic\b/i.test(headers['authorization'] ?? '')
  const most = SAFE.has(method) && !isLogin ? retries : 0
  for (let made = 0; ; made++) {
    const outcome = await attempt().catch((error: unknown) => error)
    const pause = made < most ? pauseAfter(outcome, made) : undefined
    if (pause === undefined) {
      if (outcome instanceof Response) return outcome
      throw outcome
    }
    if (outcome instanceof Response) await outcome.body?.cancel()
    tell(`${made + 2}. attempt in ${pause} ms`)
    await sleep(pause, undefined, { signal })
  }
}

function pauseAfter(outcome: unknown, made: number): number | undefined {
  if (outcome instanceof HttpError) return PASSING.has(outcome.code) ? backOff(made) : undefined
  if (!(outcome instanceof Response) || !BUSY.has(outcome.status)) return undefined
  const now = Date.now()
  const until = retryAfterOf(outcome.headers, now)
  return until === undefined || +until - now > LONGEST_WAIT ? undefined : +until - now
}

/** Twice as long each time, and not the same for all clients of a server that came back. */
function backOff(made: number): number {
  return Math.round(FIRST_PAUSE * 2 ** made * (0.5 + Math.random()))
}
