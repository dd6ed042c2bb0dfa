/** What the GOST suites ask of a peer. */
import type { Options, Verdict, VerifyJob } from '../../support/peer.ts'
import type { Identity } from '../../support/pki.ts'
import type { GostSet } from './pki.ts'

export interface GostSignJob extends Options {
  readonly content: Uint8Array
  readonly set: GostSet
  /** The key and certificate: the leaf of the set by default. */
  readonly identity?: Identity
}

export interface GostVerifyJob extends VerifyJob {
  /** The set of the signer's key: GnuTLS is given the certificate */
  readonly set: GostSet
}

export interface GostPeer {
  readonly name: string
  /** `true`, or why not: the reasons are those of docs/interop.md. */
  canSign(set: GostSet, options: Options): true | string
  canVerify(set: GostSet, options: Options): true | string
  sign(job: GostSignJob): Promise<Uint8Array>
  verify(job: GostVerifyJob): Promise<Verdict>
}
