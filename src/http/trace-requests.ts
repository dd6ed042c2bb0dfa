import { subscribe } from 'node:diagnostics_channel'
import type { Redactor } from './redact.ts'
import { currentRequest, type RequestState } from './request-state.ts'

/** Of a body that is shown. */
const MOST_SHOWN = 64 * 1024

interface Traced {
  readonly redactor: Redactor
  /** What is sent, where it is no stream. */
  readonly sent: { readonly text: string; readonly contentType: string | undefined } | undefined
}

interface Watched extends Traced {
  readonly state: RequestState
  contentType: string | undefined
  readonly chunks: Uint8Array[]
  length: number
}

/** undici's own Request, of which nothing is asked. */
type UndiciRequest = object

const watched = new WeakMap<UndiciRequest, Watched>()
const traced = new WeakMap<RequestState, Traced>()
let isListening = false

/** From now on the request's heads and bodies are told. */
export function traceRequest(
  state: RequestState,
  redactor: Redactor,
  given: string | undefined,
  body: unknown,
): void {
  const contentType = given ?? (body instanceof URLSearchParams ? FORM : undefined)
  const text = textOf(body)
  traced.set(state, { redactor, sent: text === undefined ? undefined : { text, contentType } })
  if (isListening) return
  isListening = true
  // Channels are the process's: what belongs to no transport of ours, with a trace, is passed over.
  on('undici:request:create', ({ request }) => {
    const state = currentRequest()
    const known = state === undefined ? undefined : traced.get(state)
    if (state === undefined || known === undefined) return
    watched.set(request, { ...known, state, contentType: undefined, chunks: [], length: 0 })
  })
  on('undici:client:sendHeaders', ({ request, headers }) => {
    const known = watched.get(request)
    known?.state.tell('request', ...head(String(headers), known.redactor))
  })
  on('undici:request:bodySent', ({ request }) => {
    const { state, redactor, sent } = watched.get(request) ?? {}
    if (sent !== undefined) state?.tell('request-body', ...shownLines(redactor as Redactor, sent))
  })
  on('undici:request:headers', ({ request, response }) => {
    const known = watched.get(request)
    if (known !== undefined) tellResponse(known, response as RawResponse)
  })
  on('undici:request:bodyChunkReceived', ({ request, chunk }) => {
    const known = watched.get(request)
    if (known !== undefined) keep(known, chunk as Uint8Array)
  })
  for (const end of ['undici:request:trailers', 'undici:request:error']) {
    on(end, ({ request }) => {
      const known = watched.get(request)
      if (known !== undefined) tellBody(known)
    })
  }
}

function on(
  name: string,
  listener: (message: { request: UndiciRequest } & Record<string, unknown>) => void,
): void {
  subscribe(name, (message) => listener(message as Parameters<typeof listener>[0]))
}

interface RawResponse {
  readonly statusCode: number
  readonly statusText: string
  readonly headers: readonly Uint8Array[]
}

function tellResponse(known: Watched, { statusCode, statusText, headers }: RawResponse): void {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < headers.length; i += 2) pairs.push([latin1(headers[i]), latin1(headers[i + 1])])
  known.contentType = pairs.find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  const lines = known.redactor.headers(pairs).map(([name, value]) => `${name}: ${value}`)
  known.state.tell('response', `HTTP/1.1 ${statusCode} ${statusText}`.trimEnd(), ...lines, '')
}

/** The head as it went out, with the secrets of its fields left out. */
function head(text: string, redactor: Redactor): string[] {
  const [first = '', ...fields] = text.trimEnd().split('\r\n')
  const pairs = fields.map((field): [string, string] => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon), field.slice(colon + 1).trim()]
  })
  const lines = redactor.headers(pairs).map(([name, value]) => `${name}: ${value}`)
  const [method = '', target = '', version = ''] = first.split(' ')
  return [`${method} ${redactor.url(target)} ${version}`, ...lines, '']
}

function keep(known: Watched, chunk: Uint8Array): void {
  if (known.length < MOST_SHOWN) known.chunks.push(chunk.slice(0, MOST_SHOWN - known.length))
  known.length += chunk.length
}

function tellBody({ state, redactor, chunks, length, contentType }: Watched): void {
  if (length === 0) return
  const text = new TextDecoder().decode(Buffer.concat(chunks))
  state.tell('response-body', ...shownLines(redactor, { text, contentType }, length))
}

const FORM = 'application/x-www-form-urlencoded'
const TEXT = /json|text|xml|html|urlencoded|javascript/i

function shownLines(
  redactor: Redactor,
  { text, contentType }: NonNullable<Traced['sent']>,
  length = text.length,
): string[] {
  const isText = contentType === undefined || TEXT.test(contentType)
  const lines = isText ? redactor.body(text.slice(0, MOST_SHOWN), contentType).split(/\r\n|\r|\n/) : []
  return length > MOST_SHOWN || !isText ? [...lines, `[${length} bytes]`] : lines
}

/** A stream is not touched. */
function textOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return body.toString()
  if (body instanceof ArrayBuffer || body instanceof Uint8Array) return new TextDecoder().decode(body)
  return undefined
}

function latin1(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('latin1')
}
