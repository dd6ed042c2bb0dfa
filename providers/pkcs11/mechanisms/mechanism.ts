import type { PublicKey, SignatureAlgorithm } from '../../../src/algorithms/index.ts'
import type { Mechanism } from '../cryptoki/interface.ts'

/** A way to have a token make a signature. */
export interface SigningMechanism {
  readonly mechanism: Mechanism
  /** What the token is given: the data, its hash, or the hash in its DigestInfo. */
  input(data: Uint8Array): Uint8Array
  /**
   * What the token's answer may mean as a signature of X.509: r and s side by side may have lost leading zeros, and
   * byte orders differ. The one that verifies is taken.
   *
   * @param data that was signed
   */
  readings(raw: Uint8Array, data: Uint8Array): readonly Uint8Array[]
}

/** What a way to sign is chosen by. */
export interface SigningNeeds {
  readonly algorithm: SignatureAlgorithm
  readonly publicKey: PublicKey
}

/** The token's answer is the signature. */
export const asItIs = (raw: Uint8Array): readonly Uint8Array[] => [raw]

/** The token hashes: it is given the data. */
export const wholeData = (data: Uint8Array): Uint8Array => data
