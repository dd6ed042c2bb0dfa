import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { Certificate } from '../../src/x509/index.ts'

/** Of a request's body. */
const MAX_BODY = 1024 * 1024
/** Read and forgotten, so that the client gets to hear of it. Of what is longer the connection is closed. */
const MAX_READ = 16 * MAX_BODY

/** A request, read whole. */
export interface SimulatorRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The client's certificate, where it presented one that its authority issued. */
  readonly client: Certificate | undefined
  /** Fields of an `application/x-www-form-urlencoded` body; undefined for another one, or where a field comes twice. */
  form(): ReadonlyMap<string, string> | undefined
}

/** Reads a request. @returns undefined where its body is too long */
export async function readRequest(
  message: IncomingMessage,
  origin: string,
): Promise<SimulatorRequest | undefined> {
  const url = urlOf(message.url, origin)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_READ) throw new RangeError('the body is too long')
    if (length <= MAX_BODY) chunks.push(chunk)
  }
  if (length > MAX_BODY) return undefined
  const body = Buffer.concat(chunks).toString('utf8')
  return {
    method: message.method ?? 'GET',
    url,
    headers: message.headers,
    body,
    client: clientOf(message.socket as TLSSocket),
    form: () => formOf(message.headers['content-type'], body),
  }
}

/** Path and query alone count: `//other.example/` is a path here. */
export function urlOf(target: string | undefined, origin: string): URL {
  const url = new URL(origin)
  const [path = '/', query = ''] = (target ?? '/').split('#', 1)[0]?.split(/\?(.*)/s) ?? []
  url.pathname = path.startsWith('/') ? path : '/'
  url.search = query
  return url
}

function formOf(contentType: string | undefined, body: string): ReadonlyMap<string, string> | undefined {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? '')) return undefined
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(body)) {
    // RFC 6749 section 3.2: parameters must not be included more than once.
    if (fields.has(name)) return undefined
    fields.set(name, value)
  }
  return fields
}

function clientOf(socket: TLSSocket): Certificate | undefined {
  const raw = socket.authorized ? socket.getPeerCertificate()?.raw : undefined
  return raw === undefined ? undefined : Certificate.parse(raw)
}

/** The token of `Authorization: Bearer` (RFC 6750 section 2.1). */
export function bearerOf({ headers }: SimulatorRequest): string | undefined {
  return /^Bearer +([\w~+./-]+=*)$/i.exec(headers.authorization ?? '')?.[1]
}

/** Name and password of `Authorization: Basic` (RFC 7617). */
export function basicOf(header: string | undefined): { name: string; password: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  return name === undefined || password === undefined ? undefined : { name, password }
}
