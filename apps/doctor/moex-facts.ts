import type { MoexClient } from '../../src/auth/moex/client.ts'
import type { Signer } from '../../src/signer/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import type { Facts } from './facts.ts'
import type { WatchedLogin } from './watched-login.ts'

/** What is known of MOEX beside what all have. */
export interface MoexFacts extends Facts {
  passportUrl?: URL
  tokenUrl?: URL
  client?: MoexClient
  signer?: Signer
  /** Of the signer, as its test signature has it. */
  signerCertificate?: Certificate
  login?: WatchedLogin
}
