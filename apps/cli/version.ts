import { createRequire } from 'node:module'

/** The package's own version. */
export function version(): string {
  const { version: own } = createRequire(import.meta.url)('sealkit/package.json') as { version: string }
  return own
}
