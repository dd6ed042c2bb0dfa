import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Hosts } from './hosts.ts'
import { isAllowedPath, isPlainTarget, pathOf } from './paths.ts'
import type { Problem } from './problem.ts'

/** Whom the proxy serves, and what. */
export interface Rules {
  /** Undefined where any will do (a UNIX socket). */
  readonly hosts: Hosts | undefined
  readonly paths: readonly string[] | undefined
  /** SHA-256 of the secret: what is kept is not the secret. */
  readonly secret: Uint8Array | undefined
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Names and values. */
const MOST_FIELDS = 2 * 200

/** Why a request is not passed on; undefined where it is. */
export function refusalOf(request: IncomingMessage, rules: Rules): Problem | undefined {
  const { method = '', url = '', rawHeaders } = request
  if (!METHODS.has(method)) {
    const detail = `${method} is not passed on`
    return { status: 405, title: 'Method Not Allowed', detail, allow: [...METHODS].join(', ') }
  }
  if (rawHeaders.length > MOST_FIELDS) {
    return { status: 431, title: 'Request Header Fields Too Large', detail: 'there are more than 200 fields' }
  }
  return (
    framingRefusal(request) ??
    hostRefusal(request, rules) ??
    secretRefusal(request, rules) ??
    pathRefusal(url, rules)
  )
}

/** What a second server might read otherwise (RFC 9112 section 6.1). Node refuses two lengths, and length with coding. */
function framingRefusal({ headers, httpVersion }: IncomingMessage): Problem | undefined {
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  if (coding.toLowerCase() !== 'chunked') {
    return { status: 501, title: 'Not Implemented', detail: 'of transfer codings only chunked is known' }
  }
  return httpVersion === '1.0' ? bad('HTTP/1.0 has no transfer codings') : undefined
}

function hostRefusal(
  { rawHeaders, headers, httpVersion }: IncomingMessage,
  { hosts }: Rules,
): Problem | undefined {
  // Of two a proxy and a server might each take another (RFC 9112 section 3.2).
  const given = countOf(rawHeaders, 'host')
  if (given > 1 || (given === 0 && httpVersion !== '1.0')) return bad('one field Host is needed')
  if (hosts === undefined) return undefined
  if (given === 1 && !hosts.has(headers.host ?? '')) {
    const detail = 'the Host of the request is not one of this proxy'
    return {
      status: 421,
      title: 'Misdirected Request',
      detail,
      hint: 'use the address that the proxy prints',
    }
  }
  // A page of another site may make a browser send requests here without reading the answers.
  const { origin } = headers
  const isForeign = origin !== undefined && !hosts.has(origin.replace(/^https?:\/\//i, ''))
  if (isForeign || headers['sec-fetch-site'] === 'cross-site') {
    return { status: 403, title: 'Forbidden', detail: 'pages of other sites are not served' }
  }
  return undefined
}

function secretRefusal(request: IncomingMessage, { secret }: Rules): Problem | undefined {
  if (secret === undefined) return undefined
  const { authorization, 'proxy-authorization': own = authorization } = request.headers
  const [, given = ''] = /^bearer +(.+)$/i.exec(own ?? '') ?? []
  if (timingSafeEqual(digest(given), secret)) return undefined
  return {
    status: 401,
    title: 'Unauthorized',
    detail: 'the secret of this proxy is missing or wrong',
    hint: "send the proxy's secret as Authorization: Bearer",
  }
}

function pathRefusal(target: string, { paths }: Rules): Problem | undefined {
  if (!isPlainTarget(target)) return bad('the target must be a path, without dot segments, encoded or not')
  if (isAllowedPath(pathOf(target), paths)) return undefined
  return { status: 403, title: 'Forbidden', detail: 'this path is not on the list of the proxy' }
}

/** What is compared, so that the time tells nothing. */
export function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

function countOf(raw: readonly string[], name: string): number {
  let count = 0
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]?.length === name.length && raw[i]?.toLowerCase() === name) count++
  }
  return count
}

function bad(detail: string): Problem {
  return { status: 400, title: 'Bad Request', detail }
}
