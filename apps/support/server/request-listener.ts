import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { checkAccess, checkApiAccess } from './access.ts'
import type { Handler } from './api-handlers.ts'
import { SECURITY_HEADERS } from './headers.ts'
import type { PageFile } from './page-files.ts'
import { MAX_ASK, MAX_SIGN_ASK, readAsk } from './read-ask.ts'
import { Refusal } from './refusal.ts'
import type { Sessions } from './sessions.ts'
import { isSigning } from './sign-handlers.ts'

/** What a request is answered with. */
export interface ListenerOptions {
  /** `127.0.0.1:PORT` */
  host(): string
  readonly files: ReadonlyMap<string, PageFile>
  readonly handlers: Readonly<Record<string, Handler>>
  readonly sessions: Sessions
  /** Told of what is a fault of ours. */
  onFault(error: unknown): void
}

/** Answers one request, whatever comes of it. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: ListenerOptions,
): Promise<void> {
  try {
    checkAccess(request, options.host())
    const path = request.url ?? ''
    if (path.startsWith('/api/')) await answerCall(request, response, options)
    else answerFile(request, response, options.files.get(path.split('?')[0] ?? ''))
  } catch (error) {
    const refusal = error instanceof Refusal ? error : internal(error)
    if (refusal.status === 500) options.onFault(refusal.cause)
    const { status, problem, headers } = refusal
    send(response, status, JSON.stringify({ problem }), { ...headers, 'content-type': 'application/json' })
  } finally {
    request.resume()
  }
}

function answerFile({ method }: IncomingMessage, response: ServerResponse, file: PageFile | undefined): void {
  if (method !== 'GET' && method !== 'HEAD') throw notAllowed('GET, HEAD')
  if (file === undefined)
    throw new Refusal(404, { code: 'ERR_SUPPORT_PATH', message: 'There is nothing here.' })
  send(response, 200, file.bytes, { 'content-type': file.type }, method === 'HEAD')
}

async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  { handlers, sessions }: ListenerOptions,
): Promise<void> {
  const name = (request.url ?? '').slice('/api/'.length)
  if (request.method !== 'POST') throw notAllowed('POST')
  checkApiAccess(request)
  if (name !== 'session') sessions.check(request.headers.authorization)
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
  if (handler === undefined)
    throw new Refusal(404, { code: 'ERR_SUPPORT_PATH', message: 'There is nothing here.' })
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const answer = await handler(await readAsk(request, isSigning(name) ? MAX_SIGN_ASK : MAX_ASK), gone.signal)
  send(response, 200, JSON.stringify(answer), { 'content-type': 'application/json' })
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: OutgoingHttpHeaders,
  isHead = false,
): void {
  if (response.destroyed || response.headersSent) return
  const length = { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers, ...length })
  response.end(isHead ? undefined : body)
}

function notAllowed(allow: string): Refusal {
  return new Refusal(405, { code: 'ERR_SUPPORT_METHOD', message: `Only ${allow} does here.` }, { allow })
}

function internal(cause: unknown): Refusal {
  const message = 'A fault in sealkit itself. The terminal shows more.'
  return new Refusal(500, { code: 'ERR_SUPPORT_INTERNAL', message }, {}, cause)
}
