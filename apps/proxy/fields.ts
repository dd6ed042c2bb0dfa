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
  const left = leftOut(raw)
  left.add('host')
  if (dropAuthorization || accessToken !== undefined) left.add('authorization')
  const fields = kept(raw, left)
  if (accessToken !== undefined) fields.push('authorization', `Bearer ${accessToken}`)
  if (!raw.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'user-agent'))
    fields.push('user-agent', userAgent)
  return fields
}

/** The answer's fields for the caller. */
export function responseFields(raw: readonly string[]): string[] {
  return kept(raw, leftOut(raw))
}

function kept(raw: readonly string[], left: ReadonlySet<string>): string[] {
  const fields: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i], raw[i + 1]]
    if (!left.has(name.toLowerCase())) fields.push(name, value)
  }
  return fields
}

/** What Connection names is of the connection too. */
function leftOut(raw: readonly string[]): Set<string> {
  const left = new Set(HOP_BY_HOP)
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]?.toLowerCase() !== 'connection') continue
    for (const name of (raw[i + 1] ?? '').split(',')) left.add(name.trim().toLowerCase())
  }
  return left
}
