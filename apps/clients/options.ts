import type { OpenSignerOptions } from '../../providers/index.ts'
import type { TokenStore } from '../../src/auth/store/token-store.ts'
import type { HttpTransport, Trace } from '../../src/http/index.ts'
import type { Signer } from '../../src/signer/index.ts'

/** What a profile cannot say: who is asked, who is told. */
export interface OpenOptions {
  /**
   * Asks the user for a secret; gets what is asked for, as `password of profile moex-test`. It is also asked for secrets
   * that the profile does not name.
   */
  prompt?: ((what: string) => Promise<string>) | undefined
  /** Asks for the PIN of a token where neither profile nor URI has it. */
  pin?: OpenSignerOptions['pin']
  /** Takes the events of the transport. */
  trace?: Trace | undefined
  /** Ends the reading of secrets and the opening of keys with its reason; calls have signals of their own. */
  signal?: AbortSignal | undefined
  /** Default: `process.env`. */
  env?: NodeJS.ProcessEnv | undefined
  /** In place of the profile's. */
  store?: TokenStore | undefined
  /** MOEX: in place of the profile's key; called for each login, and what it gives is disposed of afterwards. */
  signer?: (() => Promise<Signer>) | undefined
  /** Told in a sentence: files that others can read, a certificate that ends soon. */
  onWarning?: ((warning: string) => void) | undefined
  /** Told each secret that is read, so that it can be left out of what is shown. */
  onSecret?: ((secret: string) => void) | undefined
  /** Longest body of an answer, in bytes. Default 16 MiB. */
  maxResponseBytes?: number | undefined
}

/** A client with what was opened for it. Disposing ends its connections. */
export interface Opened<Client> extends AsyncDisposable {
  readonly client: Client
  readonly http: HttpTransport
  /** Where the tokens are kept. */
  readonly store: TokenStore
}
