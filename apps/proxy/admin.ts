import type { RequestListener } from 'node:http'
import type { Metrics } from './metrics.ts'
import type { Upstream } from './upstream.ts'

/** Answers `/healthz` (the process lives), `/readyz` (its files can be read) and `/metrics`. */
export function adminHandler(
  upstream: Upstream,
  metrics: Metrics,
  isStopping: () => boolean,
): RequestListener {
  const isReady = async () => {
    if (isStopping()) return false
    return await upstream.connections().then(
      () => true,
      () => false,
    )
  }
  const pages: Readonly<Record<string, () => Promise<{ status: number; type: string; text: string }>>> = {
    '/healthz': async () => ({ status: 200, type: 'text/plain', text: 'ok\n' }),
    '/readyz': async () => {
      const ready = await isReady()
      return { status: ready ? 200 : 503, type: 'text/plain', text: ready ? 'ready\n' : 'not ready\n' }
    },
    '/metrics': async () => {
      const ready = await isReady()
      return {
        status: 200,
        type: 'text/plain; version=0.0.4; charset=utf-8',
        text: metrics.text(upstream.certificate, ready),
      }
    },
  }
  return async (request, response) => {
    const page = request.method === 'GET' ? pages[request.url ?? ''] : undefined
    const { status, type, text } = (await page?.()) ?? {
      status: 404,
      type: 'text/plain',
      text: 'not found\n',
    }
    response.writeHead(status, { 'content-type': type }).end(text)
  }
}
