import type { ProtectionLayer } from '../contents.ts'
import { wipe } from '../wipe.ts'
import { type Cipher, decrypt } from './ciphers.ts'
import type { PasswordBytes } from './passwords.ts'

/** How something is locked with a password. */
export interface Lock {
  /** What it is, for people. */
  readonly layer: ProtectionLayer
  /** Work of the key derivation in iterations; they add up over a file. */
  readonly cost: number
  /** What is locked is whole blocks of so many bytes; 1 for a stream cipher. */
  readonly blockLength: number
  /** Derives the key. */
  derive(password: PasswordBytes): Promise<DerivedLock>
}

/** A lock whose key is there. */
export interface DerivedLock {
  /**
   * @param data whole blocks, one at least
   * @returns bytes that the caller wipes; undefined where the padding is wrong, as a wrong key makes it
   */
  decrypt(data: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined>
  wipe(): void
}

/** What is read of an encryption algorithm: the lock, or the OID that is not known. */
export type FoundLock = Lock | { readonly unknown: string }

/** Makes a lock of a cipher and what derives its key and IV. */
export function lockOf(
  cipher: Cipher,
  layer: ProtectionLayer,
  cost: number,
  derive: (password: PasswordBytes) => Promise<{ key: Uint8Array; iv: Uint8Array }>,
): Lock {
  return {
    layer,
    cost,
    blockLength: cipher.blockLength,
    derive: async (password) => {
      const { key, iv } = await derive(password)
      return { decrypt: (data) => decrypt(cipher, key, iv, data), wipe: () => wipe(key) }
    },
  }
}
