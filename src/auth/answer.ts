import { mapSocketError } from '../http/connect/map-error.ts'
import { redactAnswer } from './redact-answer.ts'

/** How much of a refusal is kept. */
const KEPT = 64 * 1024

/** An answer that is not what was asked for, read and without what is secret. */
export interface RefusedAnswer {
  readonly status: number
  readonly headers: Headers
  /** The first 64 KiB, with what is secret left out. May hold any character. */
  readonly text: string
  /** In lower case, without parameters; empty where there is none. */
  readonly contentType: string
  /** What `text` holds, where it is whole and JSON; else undefined. */
  readonly json: unknown
}

/**
 * Reads a refusal: its first 64 KiB, the rest is not waited for.
 *
 * @param hide texts that may not be in it, as the password that was sent
 * @example
 * ```ts
 * import { readRefusedAnswer } from 'sealkit/auth'
 * const response = new Response('{"error":"Forbidden"}', { status: 403 })
 * const { status, json } = await readRefusedAnswer(response)
 * console.log(status, json)
 * ```
 */
export async function readRefusedAnswer(
  response: Response,
  hide: readonly string[] = [],
): Promise<RefusedAnswer> {
  const { text } = await readText(response, KEPT)
  return refusedAnswer(response, text, hide)
}

/** The same of a text that is already read. */
export function refusedAnswer(response: Response, text: string, hide: readonly string[]): RefusedAnswer {
  const contentType = contentTypeOf(response.headers)
  const redacted = redactAnswer(text.slice(0, KEPT), contentType, hide)
  return {
    status: response.status,
    headers: response.headers,
    text: redacted,
    contentType,
    json: json(redacted),
  }
}

/** The answer's text, up to a number of bytes; what comes after is not read. */
export async function readText(response: Response, limit: number): Promise<{ text: string; whole: boolean }> {
  const decoder = new TextDecoder()
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader()
  let text = ''
  let left = limit
  for (;;) {
    const chunk = await reader
      ?.read()
      .catch((error: unknown) => Promise.reject(readingFailed(error, response)))
    if (chunk?.value === undefined) return { text: text + decoder.decode(), whole: true }
    text += decoder.decode(chunk.value.subarray(0, left), { stream: true })
    left -= chunk.value.length
    if (left < 0) {
      // Not awaited: a server that never ends would hold it up.
      reader?.cancel().catch(() => {})
      return { text, whole: false }
    }
  }
}

/** fetch hides what happened to the connection behind `TypeError: terminated`. */
function readingFailed(error: unknown, { url }: Response): unknown {
  if (!(error instanceof TypeError && error.cause instanceof Error)) return error
  return mapSocketError(error, { phase: 'body', host: URL.canParse(url) ? new URL(url).host : 'the server' })
}

function contentTypeOf(headers: Headers): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
