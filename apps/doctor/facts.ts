import type { SecureContext } from 'node:tls'
import type { TokenStore } from '../../src/auth/store/token-store.ts'
import type { TokenSet } from '../../src/auth/token-set.ts'
import type { Profile } from '../../src/config/index.ts'
import type { Identity } from '../../src/http/identity.ts'
import type { HttpTransport } from '../../src/http/index.ts'
import type { LoadedTrust } from '../../src/trust/index.ts'
import type { OpenOptions } from '../clients/index.ts'
import type { Secrets } from '../clients/secrets.ts'
import type { Host } from './host.ts'
import type { DoctorOptions } from './options.ts'

/** What steps tell those behind them. */
export interface Facts {
  readonly options: DoctorOptions
  /** For what is opened. */
  readonly open: OpenOptions
  readonly now: () => number
  /** What is to be done at the end, the last first. */
  readonly cleanUp: (() => void | PromiseLike<void>)[]
  profile?: Profile
  secrets?: Secrets
  store?: TokenStore
  http?: HttpTransport
  trust?: LoadedTrust
  /** The file of authorities that goes with the credentials, where the profile names none. */
  ownCa?: string | undefined
  /** Certificate and key of mutual TLS. */
  identity?: Identity
  /** Of the connections that steps make. */
  secureContext?: SecureContext
  readonly hosts: Map<string, Host>
  token?: TokenSet
}
