import type { Cipher } from './cbc.ts'

/** How something is locked: its cipher, and key and IV from a password. */
export interface Lock {
  readonly cipher: Cipher
  /** Key and IV, in bytes that the caller wipes. */
  derive(password: Uint8Array): Promise<{ key: Uint8Array; iv: Uint8Array }>
}

/** What is read of an encryption algorithm: the lock, or the OID that is not known. */
export type FoundLock = Lock | { readonly unknown: string }
