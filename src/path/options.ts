import type { Certificate, CertificateRevocationList } from '../x509/index.ts'
import type { PathLimits } from './budget.ts'
import type { PolicyInput } from './policies.ts'
import type { CertificatePool } from './pool.ts'
import type { Profile } from './profiles.ts'
import type { Purpose } from './purposes.ts'
import type { RevocationMode } from './revocation/status.ts'
import type { TrustStore } from './trust-store.ts'

/** Options of {@link validatePath}. */
export interface ValidatePathOptions {
  /** The roots. */
  readonly trust: TrustStore
  /**
   * Intermediate certificates, in any order; others may be among them, and the target itself. For many validations with
   * many certificates a {@link CertificatePool}, which is indexed once.
   */
  readonly untrusted?: CertificatePool | Iterable<Certificate> | undefined
  /** What the certificate is to be used for. */
  readonly purpose: Purpose
  /** The server's name that must be one of the certificate's: a DNS name in ASCII, or an IP address (RFC 9525). */
  readonly host?: string | undefined
  /** The e-mail address that must be one of the certificate's (rfc822Name). */
  readonly email?: string | undefined
  /** The moment at which the path must be valid. Default: now. */
  readonly time?: Date | undefined
  /** What is asked for beyond RFC 5280 section 6. Default `default`. */
  readonly profile?: Profile | undefined
  /**
   * Purposes as OIDs, one of which the certificate and each CA must allow where they restrict themselves, or `any`.
   * Default: those of `purpose`. Not for `timestamping`, whose rule is fixed (RFC 3161 2.3).
   */
  readonly extendedKeyUsage?: readonly string[] | 'any' | undefined
  /** What is asked of certificate policies (RFC 5280 6.1.1). Default: nothing. */
  readonly policies?: PolicyInput | undefined
  /** Whether and by what revocation is checked. Default: by what is given. */
  readonly revocation?: RevocationOptions | undefined
  /** Smallest RSA modulus in bits. Default 2048. */
  readonly minRsaBits?: number | undefined
  /** Bounds on the work. */
  readonly limits?: PathLimits | undefined
  /** Ends the validation with its reason: between responders that are asked. */
  readonly signal?: AbortSignal | undefined
}

/** How revocation is checked. */
export interface RevocationOptions {
  /** Default `if-given`. */
  readonly mode?: RevocationMode | undefined
  /** Revocation lists, complete and delta ones, in any order. */
  readonly crls?: readonly CertificateRevocationList[] | undefined
  /** OCSP responses in DER (RFC 6960), such as one that a server stapled. */
  readonly ocspResponses?: readonly Uint8Array[] | undefined
  /** Asks a responder: sealkit has no network of its own. Called for each certificate that no response given is about. */
  readonly fetchOcsp?: FetchOcsp | undefined
  /**
   * The moment at which lists and responses must be current. Default: `time`. Later than `time`, for an old signature:
   * what was revoked after `time` counts as good then, unless its key is said to have been lost before.
   */
  readonly time?: Date | undefined
}

/** What a responder is asked. */
export interface OcspQuery {
  /** OCSPRequest in DER, to be sent as `application/ocsp-request`. */
  readonly request: Uint8Array
  /** Responders that the certificate names (authorityInfoAccess): not checked, and not to be trusted. */
  readonly urls: readonly string[]
  readonly certificate: Certificate
  readonly issuer: Certificate
  readonly signal: AbortSignal | undefined
}

/**
 * Asks a responder. What it throws, `validatePath` throws.
 *
 * @returns an OCSPResponse in DER, or undefined where there is none
 */
export type FetchOcsp = (query: OcspQuery) => Promise<Uint8Array | undefined>
