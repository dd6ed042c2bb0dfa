import type { Certificate } from '../x509/index.ts'
import type { PrivateKey } from './key/private-key.ts'

/** What a key or certificate file holds: PKCS#12, PEM, DER, PKCS#7. The same shape for all of them. */
export interface Credentials {
  /** What the file is. */
  readonly form: CredentialForm
  /** Each private key with its certificate and chain, in the order of the file. */
  readonly keys: readonly KeyEntry[]
  /** Every certificate of the file, in its order; those of {@link keys} too. */
  readonly certificates: readonly CertificateEntry[]
  /** Certificate revocation lists in DER. */
  readonly crls: readonly Uint8Array[]
  /** What was passed over: secret bags, unknown bags, other PEM blocks, certificates that are not X.509 or damaged. */
  readonly skipped: readonly SkippedEntry[]
  /** What protects the file. */
  readonly protection: Protection
  /** Sentences for the user: weak encryption, no MAC, a key and a certificate that do not belong together. */
  readonly notes: readonly string[]
}

/** Forms of credential files. */
export type CredentialForm = 'PKCS#12' | 'PEM' | 'DER' | 'PKCS#7'

/** A private key with what belongs to it. */
export interface KeyEntry {
  readonly key: PrivateKey
  /** The certificate for the key's public key: by localKeyId first, and always by the public key itself. */
  readonly certificate: Certificate | undefined
  /** The issuers of the certificate that the file has, in order: nearest first. */
  readonly chain: readonly Certificate[]
  /** As the file has it, of the key or else of its certificate: may hold any character. Never print it unescaped. */
  readonly friendlyName: string | undefined
  /** localKeyId (RFC 2985 5.5.2). */
  readonly localKeyId: Uint8Array | undefined
}

/** A certificate of a file. */
export interface CertificateEntry {
  readonly certificate: Certificate
  /** As the file has it: may hold any character. Never print it unescaped. */
  readonly friendlyName: string | undefined
  readonly localKeyId: Uint8Array | undefined
  /** Java's attribute trustedKeyUsage (2.16.840.1.113894.746875.1.1) is there: a trustedCertEntry. */
  readonly trusted: boolean
}

/** Something in a file that is not read. */
export interface SkippedEntry {
  /** For people: `secret bag`, `bag 1.2.3.4`, `certificate that cannot be read`. */
  readonly what: string
  /** Why, where there is more to say. */
  readonly why: string | undefined
}

/** What protects a file. */
export interface Protection {
  /** The integrity check of a PKCS#12; undefined where there is none, and for other forms. */
  readonly mac: ProtectionLayer | undefined
  /** The encryptions in the file, each once. Empty where nothing is encrypted. */
  readonly encryption: readonly ProtectionLayer[]
  /** Something private lies unencrypted in the file. */
  readonly plainKeys: boolean
}

/** One algorithm that protects a file, with its key derivation. */
export interface ProtectionLayer {
  /** `PBES2 AES-256-CBC`, `PBE SHA-1 RC2-40`, `HMAC-SHA-256`, `PBMAC1 HMAC-SHA-256`. */
  readonly algorithm: string
  /** `PBKDF2 HMAC-SHA-256`, `scrypt`, `PKCS#12 KDF SHA-1`, `MD5` for traditional PEM. */
  readonly keyDerivation: string
  /** Iterations, where the derivation has them; N for scrypt. */
  readonly iterations: number
  /** Broken or far below today's strength: RC2, RC4, DES, triple DES, MD5, under 1,000 iterations. */
  readonly weak: boolean
}
