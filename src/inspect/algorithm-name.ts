import {
  hashAlgorithm,
  readHashAlgorithm,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../algorithms/index.ts'
import { readDer } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import { oidName } from './public-key.ts'

/** `ECDSA with SHA-256`, `Ed25519`. */
export function signatureAlgorithmName({ scheme, hash }: SignatureAlgorithm): string {
  return hash === undefined ? scheme : `${scheme} with ${hash.name}`
}

/** Name of a hash function's AlgorithmIdentifier. */
export function hashName(algorithmIdentifier: Uint8Array): string {
  try {
    return readDer(algorithmIdentifier, '', (r) => readHashAlgorithm(r, '')).name
  } catch (error) {
    if (error instanceof SealkitError) return oidName(algorithmIdentifier)
    throw error
  }
}

/** Name of a signature's AlgorithmIdentifier in CMS, where RSA may stand without its hash. */
export function messageAlgorithmName(algorithmIdentifier: Uint8Array, digest: Uint8Array): string {
  try {
    const hash = readDer(digest, '', (r) => readHashAlgorithm(r, ''))
    const read = readDer(algorithmIdentifier, '', (r) =>
      readSignatureAlgorithm(r, '', hashAlgorithm(hash.name)),
    )
    return signatureAlgorithmName(read)
  } catch (error) {
    if (error instanceof SealkitError) return oidName(algorithmIdentifier)
    throw error
  }
}
