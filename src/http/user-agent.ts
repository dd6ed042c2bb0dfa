import { createRequire } from 'node:module'

let own: string | undefined

/** `sealkit/` and its version. */
export function ownUserAgent(): string {
  own ??= `sealkit/${(createRequire(import.meta.url)('sealkit/package.json') as { version: string }).version}`
  return own
}
