import { TokenError } from '../../../src/errors.ts'
import type { Cryptoki } from './interface.ts'

/** Makes a {@link Cryptoki}: pkcs11js's, or a stand-in of a test. */
export type CryptokiFactory = () => Promise<Cryptoki>

/**
 * Loads pkcs11js, an optional peer dependency with a native part, when it is first needed.
 *
 * @throws TokenError `ERR_TOKEN_LIBRARY_MISSING`
 */
export const pkcs11js: CryptokiFactory = async () => {
  try {
    const library = (await import('pkcs11js')) as unknown as Loaded
    const PKCS11 = library.PKCS11 ?? library.default?.PKCS11
    if (PKCS11 !== undefined) return new PKCS11()
  } catch (cause) {
    throw missing(cause)
  }
  throw missing(undefined)
}

interface Loaded {
  readonly PKCS11?: new () => Cryptoki
  readonly default?: { readonly PKCS11?: new () => Cryptoki }
}

function missing(cause: unknown): TokenError {
  const isBuilt = (cause as { code?: unknown } | undefined)?.code !== 'ERR_MODULE_NOT_FOUND'
  const hint = isBuilt
    ? 'build it: npm rebuild pkcs11js --ignore-scripts=false (needs a C++ compiler, make and python3)'
    : 'install it: npm install pkcs11js --ignore-scripts=false (needs a C++ compiler, make and python3)'
  const message = `keys in tokens need the package pkcs11js, which is not ${isBuilt ? 'built' : 'installed'}`
  return new TokenError('ERR_TOKEN_LIBRARY_MISSING', message, { hint, cause })
}
