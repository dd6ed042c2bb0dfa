import type { ProtectionLayer } from '../contents.ts'
import type { PasswordBytes } from '../encryption/passwords.ts'
import type { KdfHash } from '../encryption/pkcs12-kdf.ts'
import { unsupported } from '../errors.ts'

/** How a MAC is computed: all but its value. */
export interface MacMethod {
  readonly layer: ProtectionLayer
  /** Length of the MAC in bytes. */
  readonly length: number
  /** Iterations of the key derivation in all. */
  readonly cost: number
  compute(content: Uint8Array, password: PasswordBytes): Promise<Uint8Array>
}

/** Length in bytes of what the hash functions give. */
export const HASH_LENGTH: Readonly<Record<KdfHash, number>> = {
  'SHA-1': 20,
  'SHA-224': 28,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
}

/** A MAC that is not known here. */
export function unknownMac(algorithm: string): Error {
  const hint = 'export the file again with a MAC of HMAC-SHA-256'
  return unsupported(`PKCS#12: a MAC with ${algorithm} is not supported`, hint)
}
