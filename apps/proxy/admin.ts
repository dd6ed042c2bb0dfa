import type { RequestListener } from 'node:http'
import type { Hosts } from './hosts.ts'
import type { Metrics } from './metrics.ts'
import { pathOf } from './paths.ts'
import type { Upstream } from './upstream.ts'

interface Admin {
  readonly upstream: Upstream
  readonly metrics: Metrics
  isStopping(): boolean
  /** Undefined where any name will do. */
  hosts(): Hosts | undefined
}

interface Page {
  readonly status: number
  readonly text: string
  readonly type?: string
}

const METRICS = 'text/plain; version=0.0.4; charset=utf-8'

/** Answers `/healthz` (the process lives), `/readyz` (its files can be read) and `/metrics`. */
export function adminHandler({ upstream, metrics, isStopping, hosts }: Admin): RequestListener {
  const isReady = async () => {
    if (isStopping()) return false
    return await upstream.connections().then(
      () => true,
      () => false,
    )
  }
  const page = async (path: string): Promise<Page> => {
    if (path === '/healthz') return { status: 200, text: 'ok\n' }
    if (path === '/readyz') {
      return (await isReady()) ? { status: 200, text: 'ready\n' } : { status: 503, text: 'not ready\n' }
    }
    if (path !== '/metrics') return { status: 404, text: 'not found\n' }
    const ready = await isReady()
    return { status: 200, type: METRICS, text: metrics.text(upstream.certificate, ready) }
  }
  return async (request, response) => {
    const { method = '', url = '', headers } = request
    const isRead = method === 'GET' || method === 'HEAD'
    const isKnown = hosts()?.has(headers.host ?? '') ?? true
    const { status, text, type } = !isRead
      ? { status: 405, text: 'method not allowed\n' }
      : isKnown
        ? await page(pathOf(url))
        : { status: 421, text: 'misdirected request\n' }
    response.writeHead(status, {
      'content-type': type ?? 'text/plain',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    })
    response.end(method === 'HEAD' ? undefined : text)
    request.resume()
  }
}
