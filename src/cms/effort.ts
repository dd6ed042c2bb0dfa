import { Refusal } from './checks.ts'

/** Searches for certificates and attempts with their keys that one message gets. */
const MOST = 512
/** Bytes that count as one attempt more. */
const MIB = 1024 * 1024

/**
 * What verifying one message may cost: signers, timestamps and countersignatures together. A message can name
 * thousands of them and thousands of certificates, each with the largest key.
 */
export class Effort {
  #left = MOST

  /**
   * @param bytes what this attempt alone hashes or compares
   * @throws Refusal `too-many-signatures`
   */
  spend(bytes = 0): void {
    this.#left -= 1 + Math.floor(bytes / MIB)
    if (this.#left < 0) throw new Refusal('too-many-signatures')
  }
}
