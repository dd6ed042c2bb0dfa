import type { KeyType } from '../algorithms/index.ts'
import type { CredentialForm, ProtectionLayer, SkippedEntry } from '../credentials/contents.ts'

/**
 * What a file holds, as `inspect` finds it: values that JSON can carry, under stable names. What is unknown or not
 * there is null. Texts are as the file has them, with whatever characters stand there: `formatInspection` makes
 * them fit for a terminal, who shows them otherwise must do so too.
 */
export interface Inspection {
  readonly form: CredentialForm | 'CMS'
  /** Something could not be looked into without a password. */
  readonly locked: boolean
  readonly protection: InspectedProtection
  readonly keys: readonly InspectedKey[]
  readonly certificates: readonly InspectedCertificate[]
  /** How the certificates hang together, drawn as a tree, line by line. */
  readonly chains: readonly string[]
  readonly requests: readonly InspectedRequest[]
  readonly revocationLists: readonly InspectedRevocationList[]
  readonly publicKeys: readonly InspectedPublicKey[]
  readonly messages: readonly InspectedMessage[]
  /** What is there and was not read. */
  readonly skipped: readonly { readonly what: string; readonly why: string | null }[]
  /** Sentences for the user. */
  readonly notes: readonly string[]
}

/** What protects a file: see `Protection` of `sealkit/credentials`. */
export interface InspectedProtection {
  readonly mac: ProtectionLayer | null
  readonly encryption: readonly ProtectionLayer[]
  readonly plainKeys: boolean
}

/** A public key, wherever it stands. */
export interface InspectedPublicKey {
  /** `RSA 2048`, `EC P-256`, `Ed25519`, or the OID. */
  readonly name: string
  /** Null for a kind that sealkit does not sign or verify with. */
  readonly type: KeyType | null
  readonly bits: number | null
  readonly curve: string | null
  /** SHA-256 of SubjectPublicKeyInfo, in lower-case hexadecimal; null where the public side is not known. */
  readonly spkiSha256: string | null
}

/** A private key: its public side. */
export interface InspectedKey extends InspectedPublicKey {
  /** Encrypted, and not opened: all but the protection is unknown. */
  readonly locked: boolean
  readonly friendlyName: string | null
  /** SHA-256 of the key's certificate, one of those in `certificates`. */
  readonly certificateSha256: string | null
}

/** A certificate. */
export interface InspectedCertificate {
  /** RFC 4514. */
  readonly subject: string
  readonly issuer: string
  /** Lower-case hexadecimal. */
  readonly serialNumber: string
  readonly version: number
  /** `DNS:api.example`, `IP:192.0.2.1`. */
  readonly subjectAltNames: readonly string[]
  /** Null where the certificate does not say. */
  readonly keyUsage: readonly string[] | null
  /** Names of purposes, or OIDs; null where the certificate does not say. */
  readonly extendedKeyUsage: readonly string[] | null
  readonly publicKey: InspectedPublicKey
  readonly signatureAlgorithm: string
  /** Fingerprints in lower-case hexadecimal. */
  readonly sha256: string
  readonly sha1: string
  /** ISO 8601, UTC. */
  readonly notBefore: string
  readonly notAfter: string
  readonly validity: 'valid' | 'expired' | 'not-yet-valid'
  /** Whole days until `notAfter`; negative where it has passed. */
  readonly daysLeft: number
  readonly ca: boolean
  /** Most CA certificates that may follow; null: no limit, or no CA. */
  readonly pathLength: number | null
  /** Issuer and subject are the same name, and its own key verifies the signature. */
  readonly selfSigned: boolean
  readonly friendlyName: string | null
  /** Java takes it as trusted (trustedCertEntry). */
  readonly trusted: boolean
  /** What in it cannot be read. */
  readonly problems: readonly string[]
}

/** A PKCS#10 certificate request. */
export interface InspectedRequest {
  readonly subject: string
  readonly subjectAltNames: readonly string[]
  readonly keyUsage: readonly string[] | null
  readonly extendedKeyUsage: readonly string[] | null
  readonly publicKey: InspectedPublicKey
  readonly signatureAlgorithm: string
  /** Signed by its own key; null where that cannot be found out. */
  readonly signatureValid: boolean | null
  readonly problems: readonly string[]
}

/** A certificate revocation list. */
export interface InspectedRevocationList {
  readonly issuer: string
  /** Lower-case hexadecimal. */
  readonly number: string | null
  readonly delta: boolean
  readonly signatureAlgorithm: string
  readonly thisUpdate: string
  readonly nextUpdate: string | null
  /** `nextUpdate` has passed: a newer list is to be had. */
  readonly outdated: boolean
  readonly entryCount: number
  readonly sha256: string
  readonly problems: readonly string[]
}

/** A CMS SignedData. Its signatures are not verified here. */
export interface InspectedMessage {
  /** Name, where it is known, or OID of the content's type. */
  readonly contentType: string
  readonly detached: boolean
  /** Bytes of the content, where it is in the message. */
  readonly contentLength: number | null
  readonly digestAlgorithms: readonly string[]
  readonly signers: readonly InspectedSigner[]
}

/** A signer of a message. */
export interface InspectedSigner {
  /** How the message names the certificate. */
  readonly identifier: string
  /** SHA-256 of the certificate, where the message has it: one of those in `certificates`. */
  readonly certificateSha256: string | null
  readonly digestAlgorithm: string
  readonly signatureAlgorithm: string
  /** By the signer's own word. */
  readonly signingTime: string | null
  readonly signedAttributes: readonly string[]
  readonly timestamps: readonly InspectedTimestamp[]
  readonly countersignatures: number
}

/** An RFC 3161 timestamp, not verified. */
export interface InspectedTimestamp {
  readonly time: string | null
  readonly policy: string | null
}

/** JSON has no undefined. */
export function skippedForJson({ what, why }: SkippedEntry): Inspection['skipped'][number] {
  return { what, why: why ?? null }
}
