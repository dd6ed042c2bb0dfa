import { readRefusedAnswer } from '../../../src/auth/answer.ts'
import { apiError } from '../../../src/auth/api-error.ts'
import { HttpError } from '../../../src/errors.ts'
import type { Facts } from '../facts.ts'
import type { Answered, Asked, Host } from '../host.ts'
import { type Finding, known, type Step } from '../step.ts'
import { hostOf, type Server } from './network.ts'

/** Whether the server answers, and what its clock shows. */
export function answerSteps(server: Server, needs: readonly string[]): Step<Facts>[] {
  const { prefix, label } = server
  return [
    {
      name: `${prefix}answer`,
      title: `answer of the server${label}`,
      needs: [`${prefix}server-certificate`, ...needs],
      run: async (facts) => answer(await ask(facts, server)),
    },
    {
      name: `${prefix}clock`,
      title: `clock${label}`,
      needs: [`${prefix}answer`],
      run: async (facts) => clock(await ask(facts, server)),
    },
  ]
}

/** Asks the server for something that anyone may have, once. */
export async function ask(facts: Facts, server: Server): Promise<Asked> {
  const host = hostOf(facts, server)
  host.asked ??= await request(facts, host, server.path)
  return host.asked
}

async function request(facts: Facts, host: Host, path: string): Promise<Asked> {
  const { signal } = facts.options
  const url = new URL(path, host.url)
  const sent = facts.now()
  const began = performance.now()
  try {
    const response = await known(facts.http, 'the transport').fetch(
      url,
      signal === undefined ? {} : { signal },
    )
    const took = performance.now() - began
    const read = await readRefusedAnswer(response)
    return {
      status: response.status,
      took,
      skew: skewOf(response.headers, sent + took / 2),
      trouble: isTrouble(response.status)
        ? apiError(read, { request: `GET ${url.origin}${url.pathname}`, now: facts.now() })
        : undefined,
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof HttpError) return { error }
    throw error
  }
}

function isTrouble(status: number): boolean {
  return status >= 500 || status === 429
}

/** Date has whole seconds: on average half of one is cut off. */
function skewOf(headers: Headers, ours: number): number | undefined {
  const theirs = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(theirs) ? undefined : theirs + 500 - ours
}

/** A server that takes longer is worth a word. */
const SLOW = 3000

function answer(asked: Asked): Finding {
  const { status, took, trouble } = answered(asked)
  if (trouble !== undefined) throw trouble
  const seconds = (took / 1000).toFixed(1)
  if (took < SLOW) return { seen: [`HTTP status ${status}, in ${Math.round(took)} ms`] }
  const todo = 'the server, or the way to it, is slow: where requests run into time limits, raise `timeout`'
  return { outcome: 'warning', seen: [`HTTP status ${status}, after ${seconds} s`], todo }
}

function answered(asked: Asked): Answered {
  if (asked.error === undefined) return asked as Answered
  throw asked.error
}

/** Tokens allow for a minute. */
const TOLERATED = 60_000
/** Beyond that certificates and tokens are judged wrongly, here or there. */
const TOO_FAR = 5 * 60_000

function clock(asked: Asked): Finding {
  const { skew } = answered(asked)
  if (skew === undefined) return { seen: ['the server does not tell its time'] }
  const off = Math.abs(skew)
  if (off <= TOLERATED) return { seen: ["the server's clock and this machine's agree"] }
  const seen = [`this machine's clock is ${spoken(off)} ${skew > 0 ? 'behind' : 'ahead of'} the server's`]
  const todo =
    'set this machine by a time server (NTP): certificates and tokens are judged by the clock. Where it is right, the server is wrong: tell its support'
  return { outcome: off > TOO_FAR ? 'fail' : 'warning', seen, todo }
}

function spoken(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 120) return `${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
}
