/** What the matrix asks of every peer: can it, sign, verify. */
import type { Identity, LeafName } from './pki.ts'

export type Hash = 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SHAKE256'

/** A kind of key and what is done with it. PSS has MGF1 with the same hash and a salt as long as the hash. */
export interface Algorithm {
  readonly name: string
  readonly leaf: LeafName
  readonly scheme: 'PKCS1' | 'PSS' | 'ECDSA' | 'EdDSA'
  /** The message digest; for EdDSA the one that RFC 8419 asks for. */
  readonly hash: Hash
}

const algorithm = (leaf: LeafName, scheme: Algorithm['scheme'], hash: Hash): Algorithm => {
  return { name: `${leaf} ${scheme} ${hash}`, leaf, scheme, hash }
}
const sha2 = ['SHA-256', 'SHA-384', 'SHA-512'] as const

/** Every algorithm that sealkit signs with. */
export const algorithms: readonly Algorithm[] = [
  ...sha2.map((hash) => algorithm('rsa2048', 'PKCS1', hash)),
  algorithm('rsa3072', 'PKCS1', 'SHA-256'),
  algorithm('rsa4096', 'PKCS1', 'SHA-256'),
  ...sha2.map((hash) => algorithm('rsa2048', 'PSS', hash)),
  ...sha2.map((hash) => algorithm('rsapss', 'PSS', hash)),
  algorithm('rsapss-sha256', 'PSS', 'SHA-256'),
  ...(['p256', 'p384', 'p521'] as const).flatMap((leaf) =>
    sha2.map((hash) => algorithm(leaf, 'ECDSA', hash)),
  ),
  algorithm('ed25519', 'EdDSA', 'SHA-512'),
  algorithm('ed448', 'EdDSA', 'SHAKE256'),
]

export function algorithmNamed(name: string): Algorithm {
  const found = algorithms.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no algorithm ${name}`)
  return found
}

/** Left out: detached, with signed attributes, by issuer and serial, the signer's certificate, DER. */
export interface Options {
  readonly attached?: boolean
  readonly signedAttrs?: boolean
  readonly sid?: 'issuerAndSerialNumber' | 'subjectKeyIdentifier'
  readonly certificates?: 'none' | 'signer' | 'chain' | 'chain with root'
  /** signing-certificate-v2 (CAdES-BES) */
  readonly signingCertificate?: boolean
  /** CMSAlgorithmProtection (RFC 6211) */
  readonly algorithmProtection?: boolean
  /** Indefinite lengths */
  readonly ber?: boolean
}

export interface SignJob extends Options {
  readonly content: Uint8Array
  /** One, or several parallel signers */
  readonly signers: readonly Algorithm[]
}

export interface VerifyJob {
  readonly message: Uint8Array
  /** For a detached signature */
  readonly content?: Uint8Array
  /** The signers' certificates, when the message lacks them */
  readonly certificates?: readonly Identity[]
}

export interface Verdict {
  readonly ok: boolean
  /** The peer's own words */
  readonly detail: string
  /** The attached content, from peers that give it out */
  readonly content?: Uint8Array
}

/** `true`, or why not: the reasons are the table of docs/interop.md. */
export type Can = true | string

export interface Peer {
  readonly name: string
  canSign(algorithm: Algorithm, options: Options): Can
  canVerify(algorithm: Algorithm, options: Options): Can
  sign(job: SignJob): Promise<Uint8Array>
  verify(job: VerifyJob): Promise<Verdict>
}

/** SHA-256 -> sha256, the form of OpenSSL's and GnuTLS's options. */
export function shortHash(hash: Hash): string {
  return hash.toLowerCase().replace('-', '')
}
