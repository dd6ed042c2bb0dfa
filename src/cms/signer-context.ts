import type { AlgorithmPolicy, HashName, PublicKey, SignatureAlgorithm } from '../algorithms/index.ts'
import type { Effort } from './effort.ts'
import type { CertificatePool } from './find-certificate.ts'
import type { SignerInfo } from './signed-data.ts'

/** What verifying a signer depends on beside its SignerInfo. */
export interface SignerContext extends AlgorithmPolicy {
  readonly pool: CertificatePool
  /** The content's type, or undefined in a countersignature, which has no such attribute. */
  readonly contentType: string | undefined
  /** Digests of the content, by hash. */
  readonly digests: ReadonlyMap<HashName, Uint8Array>
  /** Takes signed attributes that are not in DER order, with a note. */
  readonly lenient: boolean
  /** Shared by all signatures of a message. */
  readonly effort: Effort
  /** Verifies a signature over the content itself; undefined where such signatures are not taken. */
  readonly direct: DirectVerifier | undefined
}

/** Verifies a signature without signed attributes over the content that has passed by. */
export type DirectVerifier = (info: SignerInfo, algorithm: SignatureAlgorithm, key: PublicKey) => boolean
