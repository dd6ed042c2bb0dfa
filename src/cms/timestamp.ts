import { randomBytes } from 'node:crypto'
import { digest, hashAlgorithm } from '../algorithms/index.ts'
import { type DerReader, readDer, Tag, toDefinite } from '../asn1/index.ts'
import { CmsError, SealkitError } from '../errors.ts'
import { encodeAttribute } from './attributes.ts'
import { Effort } from './effort.ts'
import { fetchTimestamp } from './fetch-timestamp.ts'
import { CmsOid } from './oids.ts'
import { verifyToken } from './verify-token.ts'

/**
 * Where timestamps come from: an http(s) URL of an RFC 3161 authority, or a function that takes the query
 * (TimeStampReq in DER) and gives the response (TimeStampResp in DER).
 */
export type TimestampSource =
  | string
  | URL
  | ((query: Uint8Array, options: { signal: AbortSignal | undefined }) => Promise<Uint8Array>)

/** Gets a timestamp over a signature, verifies it, and gives the unsigned attribute that holds it. */
export async function signatureTimeStamp(
  signature: Uint8Array,
  source: TimestampSource,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const token = await requestTimestamp(signature, source, { signal })
  return encodeAttribute(CmsOid.signatureTimeStampToken, [token])
}

/**
 * Gets an RFC 3161 timestamp token over bytes and verifies all of it but the trust in its authority: status,
 * imprint, nonce, signature, and a certificate for timestamping alone.
 *
 * @param stamped the bytes to stamp; only their SHA-256 is sent
 * @returns the token: ContentInfo with SignedData over TSTInfo
 * @throws CmsError `ERR_TIMESTAMP_REFUSED` where the authority says no, `ERR_TIMESTAMP_INVALID` where what came
 *   back is not a good token over these bytes, `ERR_TIMESTAMP_UNAVAILABLE` where nothing came back
 * @see RFC 3161 section 2.4
 * @example
 * ```ts
 * import { requestTimestamp } from 'sealkit/cms'
 * const stamp = (source: string) => requestTimestamp(new TextEncoder().encode('bytes'), source)
 * // const token = await stamp('http://timestamp.example/')
 * ```
 */
export async function requestTimestamp(
  stamped: Uint8Array,
  source: TimestampSource,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<Uint8Array> {
  const { signal } = options
  const nonce = randomBytes(8)
  // Positive and without a leading zero byte: the same octets in every encoding.
  nonce[0] = ((nonce[0] as number) & 0x3f) | 0x40
  const query = await encodeQuery(digest(hashAlgorithm('SHA-256'), stamped), nonce)
  const response =
    typeof source === 'function'
      ? await source(query, { signal })
      : await fetchTimestamp(source, query, signal)
  const token = await readResponse(response)
  const { failure } = verifyToken(
    token,
    stamped,
    [],
    { effort: new Effort(), lenient: false, minRsaBits: undefined, allowWeakHashes: false },
    nonce,
  )
  if (failure !== undefined) {
    const message =
      `the timestamp authority sent no good token: ${failure.reason} ${failure.detail ?? ''}`.trim()
    throw new CmsError('ERR_TIMESTAMP_INVALID', message, { hint: 'ask another authority' })
  }
  return token
}

/** TimeStampReq (RFC 3161 2.4.1), with the certificate asked for. pkijs is loaded only where it is used. */
async function encodeQuery(hashedMessage: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> {
  const [{ AlgorithmIdentifier, MessageImprint, TimeStampReq }, { Integer, OctetString }] = await Promise.all(
    [import('pkijs'), import('asn1js')],
  )
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: hashAlgorithm('SHA-256').oid }),
      hashedMessage: new OctetString({ valueHex: Uint8Array.from(hashedMessage).buffer }),
    }),
    nonce: new Integer({ valueHex: Uint8Array.from(nonce).buffer }),
    certReq: true,
  })
  return new Uint8Array(request.toSchema().toBER())
}

const FAILURES = [
  [0, 'unrecognized or unsupported algorithm'],
  [2, 'transaction not permitted or supported'],
  [5, 'the data submitted has the wrong format'],
  [14, "the authority's time source is not available"],
  [15, 'the requested policy is not supported'],
  [16, 'the requested extension is not supported'],
  [17, 'the additional information requested is not understood or available'],
  [25, 'the request cannot be handled: system failure'],
] as const

/** Takes TimeStampResp apart (RFC 3161 2.4.2); the token keeps its bytes. */
async function readResponse(response: Uint8Array): Promise<Uint8Array> {
  try {
    return readDer(toDefinite(response), 'TimeStampResp', readToken, { rules: 'definite' })
  } catch (cause) {
    if (!(cause instanceof SealkitError) || cause instanceof CmsError) throw cause
    throw new CmsError('ERR_TIMESTAMP_INVALID', 'the authority did not answer with a TimeStampResp', {
      cause,
    })
  }
}

const MAX_TEXTS = 4
const MAX_TEXT = 200

function readToken(reader: DerReader): Uint8Array {
  return reader.sequence('', (r) => {
    const { status, text, failure } = r.sequence('status', (s) => ({
      status: s.smallInteger('status', 0, 5),
      text: s.nextTag === Tag.SEQUENCE ? s.sequenceOf('statusString', (t, i) => t.string(i)) : [],
      failure: s.nextTag === Tag.BIT_STRING ? s.bitString('failInfo').bytes : new Uint8Array(),
    }))
    const token = r.done ? undefined : r.element('timeStampToken', Tag.SEQUENCE).bytes
    if (status <= 1 && token !== undefined) return token
    const named = FAILURES.filter(([bit]) => (((failure[bit >> 3] ?? 0) << (bit & 7)) & 0x80) !== 0)
    const why =
      [...named.map(([, name]) => name), ...text.slice(0, MAX_TEXTS).map(printable)].join('; ') ||
      `status ${status}`
    throw new CmsError('ERR_TIMESTAMP_REFUSED', `the timestamp authority refused: ${why}`)
  })
}

/** What an authority says is a stranger's text: short, and without control characters for a log. */
function printable(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`)
}
