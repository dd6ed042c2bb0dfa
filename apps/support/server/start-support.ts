import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { apiHandlers } from './api-handlers.ts'
import { IdleClock } from './idle-clock.ts'
import type { SupportOptions, SupportServer } from './options.ts'
import { readPage } from './page-files.ts'
import { answerRequest, type ListenerOptions } from './request-listener.ts'
import { Sessions } from './sessions.ts'
import { WorkDesk } from './work-desk.ts'

const QUARTER_OF_AN_HOUR = 900_000

/** Of the listener: one person's browser needs no more. */
const LIMITS = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 60_000 }
const MOST_CONNECTIONS = 64

/**
 * Serves the support page on 127.0.0.1 until it is disposed of, or nobody has used it for a while.
 *
 * The address opens one session, for the tab that shows it first; a reload keeps it. Every call of the page's script
 * needs that session, and must come from this very page: Host, Origin and Sec-Fetch-Site are checked. Passwords that the
 * page sends are used for the request that they come with.
 *
 * @throws what listening throws (`EADDRINUSE`); Error where the page is not built
 */
export async function startSupport(options: SupportOptions = {}): Promise<SupportServer> {
  const { port = 0, file, profile, env = process.env, idle = QUARTER_OF_AN_HOUR, page } = options
  const { onFault = () => {} } = options
  const files = await readPage(page)
  const sessions = new Sessions()
  const configuration = { file, env }
  const desk = new WorkDesk(configuration)
  const handlers = apiHandlers({ sessions, desk, configuration, profile })

  let host = ''
  const listener: ListenerOptions = { host: () => host, files, handlers, sessions, onFault }
  let clock: IdleClock | undefined
  const server = createServer(LIMITS, (request, response) => {
    const going = clock?.begin()
    response.once('close', () => going?.[Symbol.dispose]())
    void answerRequest(request, response, listener)
  })
  server.maxConnections = MOST_CONNECTIONS
  host = `127.0.0.1:${await listen(server, port)}`

  let resolveEnded: (why: 'idle' | 'closed') => void = () => {}
  const ended = new Promise<'idle' | 'closed'>((resolve) => {
    resolveEnded = resolve
  })
  let ending: Promise<void> | undefined
  const end = (why: 'idle' | 'closed'): Promise<void> => {
    ending ??= close(server, desk, clock).then(() => resolveEnded(why))
    return ending
  }
  clock = new IdleClock(idle, () => void end('idle'))
  return {
    origin: `http://${host}`,
    // A fragment: browsers send it nowhere.
    address: `http://${host}/#token=${sessions.token}`,
    ended,
    [Symbol.asyncDispose]: () => end('closed'),
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function close(server: Server, desk: WorkDesk, clock: IdleClock | undefined): Promise<void> {
  clock?.[Symbol.dispose]()
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await desk.close()
  await closed
}
