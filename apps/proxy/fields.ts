/** Fields of one connection, never passed on (RFC 9110 section 7.6.1), and those of proxies. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
])

/** Where a request's fields change on their way. */
export interface RequestFields {
  /** Whether `Authorization` is the proxy's own, to be left out. */
  readonly dropAuthorization: boolean
  /** Put in its place. */
  readonly accessToken: string | undefined
  readonly userAgent: string
}

/** The request's fields for the upstream: names and values by turns, as they came; Host is the upstream's own. */
export function requestFields(
  raw: readonly string[],
  { dropAuthorization, accessToken, userAgent }: RequestFields,
): string[] {
  const named = namedByConnection(raw)
  const isOwn = dropAuthorization || accessToken !== undefined
  const fields: string[] = []
  let hasUserAgent = false
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase()
    if (HOP_BY_HOP.has(name) || name === 'host' || (isOwn && name === 'authorization')) continue
    // The length belongs to the message, whatever Connection says.
    if (named?.has(name) && name !== 'content-length') continue
    if (name === 'user-agent') hasUserAgent = true
    fields.push(name, raw[i + 1] as string)
  }
  if (accessToken !== undefined) fields.push('authorization', `Bearer ${accessToken}`)
  if (!hasUserAgent) fields.push('user-agent', userAgent)
  return fields
}

/** The answer's fields for the caller. */
export interface ResponseFields {
  readonly fields: string[]
  /** Whether the message says itself where it ends; if not, the connection's end is its end. */
  readonly isFramed: boolean
}

/** @param raw names and values by turns, as bytes */
export function responseFields(
  raw: readonly Uint8Array[],
  method: string | undefined,
  status: number,
): ResponseFields {
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304
  const texts = raw.map(textOf)
  const named = namedByConnection(texts)
  const fields: string[] = []
  let isFramed = !hasBody
  for (let i = 0; i + 1 < texts.length; i += 2) {
    const name = (texts[i] as string).toLowerCase()
    if (name === 'transfer-encoding' || name === 'content-length') isFramed = true
    if (HOP_BY_HOP.has(name) || (status === 204 && name === 'content-length')) continue
    if (named?.has(name) && name !== 'content-length') continue
    fields.push(texts[i] as string, texts[i + 1] as string)
  }
  return { fields, isFramed }
}

/** Fields are bytes, one for a character (RFC 9110 section 5.5). */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** What Connection names is of the connection too. */
function namedByConnection(raw: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue
    const value = (raw[i + 1] as string).toLowerCase()
    if (value === 'keep-alive' || value === 'close') continue
    named ??= new Set()
    for (const each of value.split(',')) named.add(each.trim())
  }
  return named
}
