import type { RefusedAnswer, TokenSet } from '../../../src/auth/index.ts'
import type { AuthError } from '../../../src/errors.ts'
import type { HttpTransport, Trace } from '../../../src/http/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { Claims, TokenAsk, Values } from '../api.ts'
import type { PageProfile } from './platform-profile.ts'

/** A credential that is open, with the ways of its platform. Disposing ends its connections. */
export interface Desk extends AsyncDisposable {
  readonly http: HttpTransport
  /** Settings as they come out: addresses of the environment, files found in a folder. */
  readonly settings: Values
  /** Reads the files; gives the certificate of mutual TLS, or the signer's. */
  certificate(): Promise<Certificate | undefined>
  /** Asks for a new token. */
  token(signal: AbortSignal): Promise<DeskToken>
  /** What the platform knows of a refused call; undefined where it knows nothing. */
  explain(answer: RefusedAnswer, token: TokenSet): AuthError | undefined
}

/** A token, with what is known of it. */
export interface DeskToken {
  readonly set: TokenSet
  readonly claims: Claims | undefined
  /** Where it may be sent. */
  readonly origins: readonly string[]
}

/** How a desk is opened. */
export interface DeskOptions {
  readonly page: PageProfile
  readonly ask: TokenAsk
  readonly trace: Trace
  readonly signal: AbortSignal
  onWarning(warning: string): void
}
