import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { AlgorithmError } from '../errors.ts'

/** Imports bare key bytes into node:crypto. */
export function toKeyObject(key: Uint8Array, type: 'pkcs1' | 'spki'): KeyObject {
  return attempt(() => createPublicKey({ key: Buffer.from(key), format: 'der', type }))
}

/** Imports a JSON Web Key into node:crypto. */
export function fromJwk(key: JsonWebKey): KeyObject {
  return attempt(() => createPublicKey({ key, format: 'jwk' }))
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
