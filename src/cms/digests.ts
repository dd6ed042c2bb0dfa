import { type HashAlgorithm, type HashName, readHashAlgorithm } from '../algorithms/index.ts'
import { readDer } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import type { SignerInfo } from './signed-data.ts'

/**
 * The hashes that signers use. One that is not known is left out: its signer's own check will say so. So is a weak
 * one where it is not taken: GOST R 34.11-94 is slow enough to keep a verifier busy for nothing.
 */
export function hashesOf(signerInfos: readonly SignerInfo[], weakToo = true): Set<HashAlgorithm> {
  const hashes = new Set<HashAlgorithm>()
  for (const { digestAlgorithm } of signerInfos) {
    try {
      const hash = readDer(digestAlgorithm, 'digestAlgorithm', (r) => readHashAlgorithm(r, ''))
      if (weakToo || !hash.weak) hashes.add(hash)
    } catch (error) {
      if (!(error instanceof SealkitError)) throw error
    }
  }
  return hashes
}

/** A digest of bytes that are at hand, for each hash that the signers use. */
export function digestsFor(
  signerInfos: readonly SignerInfo[],
  compute: (hash: HashAlgorithm) => Uint8Array,
): Map<HashName, Uint8Array> {
  return new Map(Array.from(hashesOf(signerInfos), (hash) => [hash.name, compute(hash)]))
}
