/** What page and server say to each other about signatures. Types only; bytes are base64. */
import type { Values } from './values.ts'

/** Questions and their answers, beside those of `api.ts`. */
export interface SignCalls {
  /** What a key in the page is to sign for a message over this content. The key stays in the page. */
  readonly 'sign-prepare': { readonly ask: PrepareAsk; readonly answer: PrepareAnswer }
  /** The message, with the signature that the page made. */
  readonly 'sign-complete': { readonly ask: CompleteAsk; readonly answer: SignAnswer }
  /** Signs with a key that the server opens: of a profile, a file, a token, Validata. */
  readonly sign: { readonly ask: SignAsk; readonly answer: SignAnswer }
  readonly verify: { readonly ask: VerifyAsk; readonly answer: SignatureReport }
}

export interface PrepareAsk {
  /** What is signed. */
  readonly content: string
  /** DER. */
  readonly certificate: string
  readonly chain: readonly string[]
  readonly detached: boolean
}

export interface PrepareAnswer {
  readonly toBeSigned: string
  /** AlgorithmIdentifier in DER. */
  readonly algorithm: string
  readonly state: string
}

export interface CompleteAsk {
  readonly state: string
  readonly signature: string
  /** Once more: the message is verified before it is handed out. */
  readonly content: string
}

export interface SignAsk {
  readonly content: string
  /** Of MOEX; else a key is named in `settings`. */
  readonly profile?: string | undefined
  /** `key`, `certificate`, `chain`, `module`. */
  readonly settings: Values
  /** `key-password`, `pin`. */
  readonly secrets: Values
}

export interface SignAnswer {
  /** The message in DER. */
  readonly message: string
  readonly report: SignatureReport
}

export interface VerifyAsk {
  /** DER, or the bytes of PEM or base64. */
  readonly signature: string
  /** Where it is detached. */
  readonly content?: string | undefined
  /** Files with the authorities that are trusted. Without any, no certificate is validated. */
  readonly authorities: readonly string[]
  /** The system's authorities are trusted too. */
  readonly system: boolean
  /** Whatever the certificate is for: extended key usage does not count. */
  readonly anyUse: boolean
}

/** What was checked. */
export interface SignatureReport {
  readonly verdict: 'valid' | 'certificate-not-validated' | 'invalid'
  /** A sentence against it. */
  readonly reason?: string | undefined
  readonly detached: boolean
  /** The content, where it is in the message and not too long. */
  readonly content?: string | undefined
  readonly signers: readonly SignerFacts[]
  /** Of the authorities' files. */
  readonly notes: readonly string[]
}

export interface SignerFacts {
  readonly verdict: SignatureReport['verdict']
  readonly reason?: string | undefined
  readonly name: string
  readonly algorithm?: string | undefined
  /** By the signer's own word. */
  readonly signingTime?: string | undefined
  readonly checks: readonly CheckFacts[]
  readonly timestamps: readonly TimestampFacts[]
  readonly countersignatures: readonly SignerFacts[]
  readonly notes: readonly string[]
  readonly chain: readonly ChainLink[]
  /** What is against the chain. */
  readonly chainProblem?: string | undefined
}

export interface CheckFacts {
  readonly check: string
  readonly outcome: 'passed' | 'failed' | 'not-done'
  readonly detail?: string | undefined
}

export interface TimestampFacts {
  readonly verdict: SignatureReport['verdict']
  readonly time?: string | undefined
  readonly authority?: string | undefined
  readonly reason?: string | undefined
}

/** A certificate of a chain, the leaf first. */
export interface ChainLink {
  readonly subject: string
  readonly issuer: string
  readonly notBefore: string
  readonly notAfter: string
  readonly role: 'leaf' | 'intermediate' | 'root'
  /** Trusted by what was given. */
  readonly trusted: boolean
  /** The chain is refused because of this certificate. */
  readonly problem?: string | undefined
}
