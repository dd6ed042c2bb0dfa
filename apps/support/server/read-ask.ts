import type { IncomingMessage } from 'node:http'
import { badRequest, Refusal } from './refusal.ts'

/** Longest question: an API call with its body. */
export const MAX_ASK = 4 * 1024 * 1024

/** Longest question about a signature: content and message in base64. */
export const MAX_SIGN_ASK = 16 * 1024 * 1024

/**
 * Reads a question's JSON.
 *
 * @param most bytes
 * @throws Refusal 400, 413
 */
export async function readAsk(
  request: IncomingMessage,
  most = MAX_ASK,
): Promise<Readonly<Record<string, unknown>>> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > most) throw tooLarge(most)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > most) throw tooLarge(most)
    chunks.push(chunk as Buffer)
  }
  const value = parse(Buffer.concat(chunks))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw badRequest('The content must be a JSON object.')
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The parser's own words would repeat what was sent, secrets too.
    throw badRequest('The content is not JSON.')
  }
}

function tooLarge(most: number): Refusal {
  const message = `The content is longer than ${most} bytes.`
  return new Refusal(413, { code: 'ERR_SUPPORT_REQUEST', message }, { connection: 'close' })
}
