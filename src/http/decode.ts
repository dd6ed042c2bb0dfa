import { type Duplex, type Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { HttpError } from '../errors.ts'

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * Decodes a body (RFC 9110 section 8.4), and bounds what it grows to; undici bounds only what comes over the wire.
 * Nothing compressed was asked for, so there is nearly never anything to do.
 *
 * @returns undefined where the body stands as it is
 * @throws HttpError `ERR_HTTP_PROTOCOL` for a coding that is not known
 */
export function decoded(body: Readable, encoding: string | null, most: number): Readable | undefined {
  const codings = (encoding ?? '').split(',').map((coding) => coding.trim().toLowerCase())
  const wanted = codings.filter((coding) => coding !== '' && coding !== 'identity')
  if (wanted.length === 0) return undefined
  const [coding = ''] = wanted
  const decoder = DECODERS[coding]?.()
  if (wanted.length > 1 || decoder === undefined) throw unknownCoding(body)
  return chain(chain(body, decoder), counter(most))
}

function counter(most: number): Transform {
  let length = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      length += chunk.length
      if (length > most) done(tooLarge(most))
      else done(null, chunk)
    },
  })
}

/** Like `pipe`, with the errors too; and what ends behind ends before. Who reads later still gets the error. */
function chain(from: Readable, to: Duplex): Duplex {
  from.once('error', (error) => to.destroy(error))
  // Without a listener an answer that is not compressed as it says would end the process.
  to.on('error', () => {})
  to.once('close', () => from.destroy())
  return from.pipe(to)
}

function unknownCoding(body: Readable): HttpError {
  body.on('error', () => {}).destroy()
  return new HttpError('ERR_HTTP_PROTOCOL', 'the answer is compressed in a way that was not asked for', {
    phase: 'body',
    hint: 'something between may have changed it: ask who runs the server or the proxy',
  })
}

function tooLarge(most: number): HttpError {
  return new HttpError('ERR_HTTP_TOO_LARGE', `the answer is larger than ${most} bytes`, {
    phase: 'body',
    hint: 'ask for less at a time, or raise maxResponseBytes',
  })
}
