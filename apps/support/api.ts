/** What page and server say to each other: `POST /api/NAME` with JSON, answered with JSON. Types only. */

import type { SignCalls } from './sign-api.ts'
import type { Values } from './values.ts'

export type Platform = 'moex' | 'clearstream'

export type { Values }

/** Questions and their answers. */
export interface ApiCalls extends SignCalls {
  /** The token of the one-time address for a session. The only one that needs no session. */
  readonly session: {
    readonly ask: { readonly token: string }
    readonly answer: { readonly session: string }
  }
  /** Which profiles the configuration has. */
  readonly profiles: { readonly ask: Empty; readonly answer: Profiles }
  /** Looks at the credential of a profile, or of files: it opens, and closes again. */
  readonly open: { readonly ask: OpenAsk; readonly answer: OpenedCredential }
  /** Opens the credential and asks for a token. Both are kept for calls. */
  readonly token: { readonly ask: TokenAsk; readonly answer: TokenAnswer }
  /** Calls an API with that token. */
  readonly call: { readonly ask: CallAsk; readonly answer: CallAnswer }
  /** Forgets credential and token. */
  readonly close: { readonly ask: Empty; readonly answer: Empty }
  /** Says that the page is still there. */
  readonly alive: { readonly ask: Empty; readonly answer: Empty }
}

export type ApiName = keyof ApiCalls
export type Empty = Readonly<Record<string, never>>

export interface Profiles {
  /** Undefined where there is no configuration. */
  readonly file?: string | undefined
  readonly profiles: readonly { readonly name: string; readonly platform: Platform }[]
  /** The one that was asked for on the command line. */
  readonly chosen?: string | undefined
  /** Why the configuration cannot be read. */
  readonly problem?: Problem | undefined
}

export interface OpenAsk {
  readonly platform: Platform
  /** None where files are named. */
  readonly profile?: string | undefined
  readonly settings: Values
  readonly secrets: Values
}

/** A credential that was opened. */
export interface OpenedCredential {
  readonly platform: Platform
  readonly profile?: string | undefined
  /** Of mutual TLS, or the signer's. */
  readonly certificate?: CertificateFacts | undefined
  /** All settings that hold, secrets left out. */
  readonly settings: Values
  /** Secrets that the profile names: they need not be typed in. */
  readonly knownSecrets: readonly string[]
  readonly warnings: readonly string[]
}

export interface CertificateFacts {
  readonly subject: string
  readonly commonName?: string | undefined
  readonly issuer: string
  readonly serialNumber: string
  readonly notBefore: string
  readonly notAfter: string
  readonly key: string
}

export interface TokenAsk extends OpenAsk {
  /** Clearstream: the path of the token endpoint, where it is not the usual one. */
  readonly endpoint?: string | undefined
}

export interface TokenAnswer {
  readonly tokenType: string
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  readonly scope?: string | undefined
  readonly issuedAt: string
  readonly expiresAt: string
  readonly refreshExpiresAt?: string | undefined
  /** Undefined where the token is no JWT. */
  readonly claims?: Claims | undefined
  /** Where API calls may go with it. */
  readonly origins: readonly string[]
  readonly warnings: readonly string[]
  readonly milliseconds: number
  /** The exchange as curl -v would tell it, without secrets. */
  readonly trace: string
}

export interface Claims {
  readonly verified: boolean
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
}

export interface CallAsk {
  readonly method: string
  /** Whole, with its query. */
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | undefined
}

export interface CallAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Where it is text. */
  readonly text?: string | undefined
  /** Where it is not. */
  readonly base64?: string | undefined
  readonly bytes: number
  /** It was longer than is shown. */
  readonly isCut: boolean
  readonly milliseconds: number
  /** What a refusal means, and what to do. */
  readonly problem?: Problem | undefined
  readonly trace: string
}

/** What went wrong, for a person. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly hint?: string | undefined
  readonly status?: number | undefined
  readonly validScopes?: readonly string[] | undefined
  readonly requiredScopes?: readonly string[] | undefined
  /** The setting that it is about, where one can be named. */
  readonly setting?: string | undefined
  readonly trace?: string | undefined
}
