/** All the peers, opened together. */
import { BouncyCastle } from './bc.ts'
import { GnuTls } from './gnutls.ts'
import { Nss } from './nss.ts'
import { OpenSsl } from './openssl.ts'
import type { Peer } from './peer.ts'
import { openPki, type Pki } from './pki.ts'

export interface Peers extends AsyncDisposable {
  readonly pki: Pki
  readonly openssl: OpenSsl
  readonly bc: BouncyCastle
  readonly nss: Nss
  readonly gnutls: GnuTls
  /** The same, for loops */
  readonly all: readonly Peer[]
}

/** Opens the PKI and every peer. Dispose of it: Bouncy Castle is a process. */
export async function openPeers(): Promise<Peers> {
  const pki = await openPki()
  const [bc, nss] = await Promise.all([BouncyCastle.open(pki), Nss.open(pki)])
  const [openssl, gnutls] = [new OpenSsl(pki), new GnuTls(pki)]
  const dispose = () => bc[Symbol.asyncDispose]()
  return { pki, openssl, bc, nss, gnutls, all: [openssl, bc, nss, gnutls], [Symbol.asyncDispose]: dispose }
}
