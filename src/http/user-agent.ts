import { createRequire } from 'node:module'

let own: string | undefined

/** `sealkit/` and its version; a program that was bundled has the name alone. */
export function ownUserAgent(): string {
  own ??= `sealkit${version()}`
  return own
}

function version(): string {
  try {
    const { version: own } = createRequire(import.meta.url)('sealkit/package.json') as { version: string }
    return `/${own}`
  } catch {
    return ''
  }
}
