import { CmsError } from '../errors.ts'

const TIMEOUT_MS = 30_000
const MAX_RESPONSE = 1024 * 1024

/**
 * Sends a TimeStampReq over HTTP (RFC 3161 section 3.4). Plain http is usual and does no harm: the token is
 * signed, and only a digest is sent.
 */
export async function fetchTimestamp(
  source: string | URL,
  query: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { url, authorization } = toUrl(source)
  const limits = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])])
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/timestamp-query',
        accept: 'application/timestamp-reply',
        ...authorization,
      },
      body: Uint8Array.from(query),
      redirect: 'error',
      signal: limits,
    })
    if (!response.ok) {
      // An unread body would hold the connection, and with it the process.
      await response.body?.cancel()
      throw failed(response.status < 500 ? 'REFUSED' : 'INVALID', url, `HTTP status ${response.status}`)
    }
    return await readBody(response, url)
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof CmsError) throw cause
    const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError'
    const what = timedOut ? `no answer within ${TIMEOUT_MS / 1000} s` : 'no connection'
    throw failed('UNAVAILABLE', url, what, cause)
  }
}

/** The URL without name and password, which fetch would refuse and repeat in its error. */
function toUrl(source: string | URL): { url: URL; authorization?: { authorization: string } } {
  const url = URL.canParse(String(source)) ? new URL(source) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new TypeError('a timestamp source must be an http or https URL or a function')
  }
  if (url.username === '' && url.password === '') return { url }
  const pair = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`
  const authorization = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`
  url.username = ''
  url.password = ''
  return { url, authorization: { authorization } }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function readBody(response: Response, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_RESPONSE) throw failed('INVALID', url, `an answer of more than ${MAX_RESPONSE} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** 4xx: the authority says no; 5xx and nonsense: its server fails; else the network does. */
function failed(
  kind: 'REFUSED' | 'INVALID' | 'UNAVAILABLE',
  url: URL,
  what: string,
  cause?: unknown,
): CmsError {
  const hint = 'is the address right, and does a proxy stand between?'
  // Host only: a query or user part may hold a secret.
  return new CmsError(`ERR_TIMESTAMP_${kind}`, `timestamp authority ${url.host}: ${what}`, { cause, hint })
}
