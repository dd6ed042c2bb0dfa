/** Other packages with GOST. */
import { createRequire, register } from 'node:module'

/**
 * `@li0ard/streebog` imports its own files without their extensions, which Node does not find: a hook adds them.
 */
const HOOK = `export async function resolve(specifier, context, next) {
  const isOwn = specifier.startsWith('./') && context.parentURL?.includes('/@li0ard/streebog/')
  return await next(isOwn && !specifier.endsWith('.js') ? specifier + '.js' : specifier, context)
}`

/** Gives `streebog256` and `streebog512`. */
export async function li0ard() {
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`)
  return await import('@li0ard/streebog')
}

const require = createRequire(import.meta.url)
const CURVES = { 256: 'S-256-A', 512: 'T-512-A' }

/** node-gost-crypto: its functions take and give ArrayBuffers. */
export function nodeGostCrypto(bits) {
  const { gostEngine } = require('node-gost-crypto')
  const algorithm = { version: 2012, length: bits }
  return {
    digest: gostEngine.getGostDigest({ name: 'GOST R 34.11', ...algorithm }),
    signature: gostEngine.getGostSign({ name: 'GOST R 34.10', ...algorithm, namedCurve: CURVES[bits] }),
  }
}
