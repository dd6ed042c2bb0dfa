import type { JsonWebKey, KeyObject } from 'node:crypto'
import { encodeBase64 } from '../asn1/index.ts'
import { AlgorithmError } from '../errors.ts'
import { needNodeCrypto } from './node-crypto.ts'

/** Imports bare key bytes into node:crypto. */
export function toKeyObject(key: Uint8Array, type: 'pkcs1' | 'spki'): KeyObject {
  const { createPublicKey } = needNodeCrypto('a KeyObject')
  return attempt(() => createPublicKey({ key: globalThis.Buffer.from(key), format: 'der', type }))
}

/** Imports a JSON Web Key into node:crypto. */
export function fromJwk(key: JsonWebKey): KeyObject {
  const { createPublicKey } = needNodeCrypto('a KeyObject')
  return attempt(() => createPublicKey({ key, format: 'jwk' }))
}

/** base64url without padding (RFC 4648 section 5), as JSON Web Keys have it. */
export function base64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function attempt(make: () => KeyObject): KeyObject {
  try {
    return make()
  } catch (cause) {
    throw invalidKey('the values make no valid public key', cause)
  }
}

/** A key that is none. */
export function invalidKey(message: string, cause?: unknown): AlgorithmError {
  return new AlgorithmError('ERR_KEY_INVALID', message, { cause })
}
