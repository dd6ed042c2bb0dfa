import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

/**
 * Who may ask at all: this machine's browser, for this page, by this very address. A name that somebody else makes
 * resolve to 127.0.0.1 (DNS rebinding) is another Host; a page of somebody else has another Origin.
 *
 * @throws Refusal 421, 403
 */
export function checkAccess({ headers, headersDistinct }: IncomingMessage, host: string): void {
  const hosts = headersDistinct['host'] ?? []
  if (hosts.length !== 1 || hosts[0] !== host) {
    throw new Refusal(421, { code: 'ERR_SUPPORT_HOST', message: 'This server goes by another name.' })
  }
  const origins = headersDistinct['origin'] ?? []
  if (origins.some((origin) => origin !== `http://${host}`)) throw foreign()
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin') return
  // Typed in, or opened out of a file: without its token the page is only a shell.
  if (headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document') return
  throw foreign()
}

/**
 * What changes something or tells something must come from a script of the page.
 *
 * @throws Refusal 403 for a request without an Origin, 415 for one that a form could make
 */
export function checkApiAccess({ headers }: IncomingMessage): void {
  if (headers.origin === undefined) throw foreign()
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return
  throw new Refusal(415, { code: 'ERR_SUPPORT_REQUEST', message: 'The content must be application/json.' })
}

function foreign(): Refusal {
  const message = 'The request comes from another page.'
  return new Refusal(403, { code: 'ERR_SUPPORT_ORIGIN', message })
}
