import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, html, json } from './answer.ts'
import { type Faults, isHit } from './faults.ts'

const HUGE = 1024 ** 3
const PIECE = `"${'x'.repeat(65_533)}",`

/** What a fault answers in place of the right answer; undefined where there is none. */
export function faultyAnswer(
  faults: Faults,
  path: string,
  times: WeakMap<object, number>,
): Answer | undefined {
  if (!isHit(faults, path)) return undefined
  const { maintenance, rateLimited } = faults
  if (maintenance) return html(503, 'Maintenance', 'The platform is not available: scheduled maintenance.')
  if (rateLimited === undefined) return undefined
  const done = times.get(rateLimited) ?? 0
  if (done >= (rateLimited.times ?? Number.POSITIVE_INFINITY)) return undefined
  times.set(rateLimited, done + 1)
  const { retryAfter } = rateLimited
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
  return json(429, { status: 429, error: 'Too Many Requests' }, headers)
}

/** Sends an answer, in the way that the faults want. @returns false where the connection was closed before it */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  faults: Faults,
  signal: AbortSignal,
): Promise<boolean> {
  const { slow, drop, malformedJson, hugeAnswer } = faults
  if (slow !== undefined && slow.where !== 'body') await sleep(slow.milliseconds, undefined, { signal })
  if (drop === 'before-answer') {
    response.destroy()
    return false
  }
  const isJson = /^application\/json/.test(String(answer.headers['content-type']))
  // An answer without a body is cut in its place, so that there is something to cut.
  const text = answer.body === '' && drop === 'in-body' ? '{"cut":true}' : answer.body
  const whole = malformedJson && isJson ? text.slice(0, Math.ceil(text.length / 2)) : text
  const body = Buffer.from(whole)
  const endless = hugeAnswer === true && isJson
  response.writeHead(answer.status, {
    ...(answer.headers as Record<string, string | string[]>),
    ...(endless ? {} : { 'content-length': body.length }),
  })
  if (endless) return await sendEndless(response, signal)
  if (slow?.where !== 'body' && drop !== 'in-body') {
    response.end(body)
    return true
  }
  const half = Math.ceil(body.length / 2)
  await new Promise((resolve) => response.write(body.subarray(0, half), resolve))
  if (slow?.where === 'body') await sleep(slow.milliseconds, undefined, { signal })
  if (drop === 'in-body') response.destroy()
  else response.end(body.subarray(half))
  return true
}

async function sendEndless(response: ServerResponse, signal: AbortSignal): Promise<true> {
  response.write('{"filler":[')
  for (let sent = 0; sent < HUGE && !response.destroyed; sent += PIECE.length) {
    if (!response.write(PIECE)) await once(response, 'drain', { signal })
  }
  response.destroy()
  return true
}
