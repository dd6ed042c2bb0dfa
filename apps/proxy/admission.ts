import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Problem } from './problem.ts'

/** Whom the proxy serves, and what. */
export interface Rules {
  /** In lower case; undefined where any will do (a UNIX socket). */
  readonly hosts: ReadonlySet<string> | undefined
  readonly paths: readonly string[] | undefined
  /** SHA-256 of the secret: what is kept is not the secret. */
  readonly secret: Uint8Array | undefined
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Why a request is not passed on; undefined where it is. */
export function refusalOf(request: IncomingMessage, rules: Rules): Problem | undefined {
  const { method = '', url = '' } = request
  if (!METHODS.has(method)) {
    return { status: 405, title: 'Method Not Allowed', detail: `${method} is not passed on` }
  }
  // A name that resolves to this machine must not make a browser a caller (DNS rebinding).
  if (!isKnownHost(request, rules)) {
    const detail = 'the Host of the request is not one of this proxy'
    return {
      status: 421,
      title: 'Misdirected Request',
      detail,
      hint: 'use the address that the proxy prints',
    }
  }
  if (!isOwnSecret(request, rules)) {
    const hint = "send the proxy's secret as Authorization: Bearer"
    return {
      status: 401,
      title: 'Unauthorized',
      detail: 'the secret of this proxy is missing or wrong',
      hint,
    }
  }
  if (!isPlainPath(url)) {
    const detail = 'the target must be a path, without dot segments, encoded or not'
    return { status: 400, title: 'Bad Request', detail }
  }
  if (!isAllowedPath(pathOf(url), rules.paths)) {
    return { status: 403, title: 'Forbidden', detail: 'this path is not on the list of the proxy' }
  }
  return undefined
}

/** The path without its query, which may hold what is secret. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}

/** One Host only: of two a proxy and a server might each take another (RFC 9112 section 3.2). */
function isKnownHost({ rawHeaders, headers }: IncomingMessage, { hosts }: Rules): boolean {
  const given = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length
  return given === 1 && (hosts === undefined || hosts.has((headers.host ?? '').toLowerCase()))
}

function isOwnSecret({ headers }: IncomingMessage, { secret }: Rules): boolean {
  if (secret === undefined) return true
  const [, given = ''] = /^bearer (.+)$/i.exec(headers.authorization ?? '') ?? []
  return timingSafeEqual(digest(given), secret)
}

/** What is compared, so that the time tells nothing. */
export function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

/** Servers differ in what they make of the others, and so could a list of paths be gone round. */
function isPlainPath(url: string): boolean {
  if (!url.startsWith('/') || url.startsWith('//')) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f-\uffff\\#]/.test(url)) return false
  const path = pathOf(url)
  if (/%(?![0-9a-f]{2})|%(?:2e|2f|5c|00|25)/i.test(path)) return false
  return !path.split('/').some((segment) => /^\.{1,2}(;.*)?$/.test(segment))
}

function isAllowedPath(path: string, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined) return true
  return allowed.some((one) => (one.endsWith('/*') ? path.startsWith(one.slice(0, -1)) : path === one))
}
