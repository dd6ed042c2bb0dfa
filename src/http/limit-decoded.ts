import { Response as UndiciResponse } from 'undici'
import { HttpError } from '../errors.ts'

/**
 * Bounds what a compressed body grows to; undici bounds only what comes over the wire. Nothing compressed was asked for,
 * so nearly every answer is given back as it is.
 */
export function limitDecoded(response: UndiciResponse, most: number): UndiciResponse {
  const encoding = response.headers.get('content-encoding')
  if (response.body === null || encoding === null || encoding.trim().toLowerCase() === 'identity')
    return response
  let length = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      length += chunk.length
      if (length > most) controller.error(tooLarge(most))
      else controller.enqueue(chunk)
    },
  })
  const { status, statusText, headers, url } = response
  const body = response.body.pipeThrough(counter)
  const limited = new UndiciResponse(body, { status, statusText, headers })
  return Object.defineProperty(limited, 'url', { value: url })
}

function tooLarge(most: number): HttpError {
  return new HttpError('ERR_HTTP_TOO_LARGE', `the answer is larger than ${most} bytes`, {
    phase: 'body',
    hint: 'ask for less at a time, or raise maxResponseBytes',
  })
}
