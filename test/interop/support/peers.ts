/** The peers by name, each with what it needs; a suite opens those it uses. */
import { afterAll, beforeAll } from 'vitest'
import type { ToolName } from '../../support/tools.ts'
import { BouncyCastle } from './bc.ts'
import { GnuTls } from './gnutls.ts'
import { Nss } from './nss.ts'
import { OpenSsl } from './openssl.ts'
import type { Peer } from './peer.ts'
import { openPki, type Pki } from './pki.ts'

export const peerNames = ['OpenSSL', 'Bouncy Castle', 'NSS', 'GnuTLS'] as const
export type PeerName = (typeof peerNames)[number]

/** For `describeWith`. OpenSSL makes the keys and certificates of all. */
export const peerNeeds: Record<PeerName, readonly ToolName[]> = {
  OpenSSL: ['openssl'],
  'Bouncy Castle': ['openssl', 'bouncycastle'],
  NSS: ['openssl', 'nss'],
  GnuTLS: ['openssl', 'gnutls'],
}
export const allNeeds: readonly ToolName[] = ['openssl', 'bouncycastle', 'nss', 'gnutls']

async function openPeer(name: PeerName, pki: Pki): Promise<Peer> {
  switch (name) {
    case 'OpenSSL':
      return new OpenSsl(pki)
    case 'Bouncy Castle':
      return BouncyCastle.open(pki)
    case 'NSS':
      return Nss.open(pki)
    case 'GnuTLS':
      return new GnuTls(pki)
  }
}

export interface OpenedPeer {
  readonly pki: Pki
  readonly peer: Peer
}

/** Opens one peer before the tests of a suite. The fields can be read in the tests, not while they are listed. */
export function usePeer(name: PeerName): OpenedPeer {
  const opened: { pki?: Pki; peer?: Peer } = {}
  beforeAll(async () => {
    opened.pki = await openPki()
    opened.peer = await openPeer(name, opened.pki)
  }, 120_000)
  afterAll(async () => {
    if (opened.peer instanceof BouncyCastle) await opened.peer[Symbol.asyncDispose]()
  })
  return opened as OpenedPeer
}

export interface Peers {
  readonly pki: Pki
  readonly openssl: OpenSsl
  readonly bc: BouncyCastle
  /** OpenSSL, Bouncy Castle, NSS, GnuTLS; or the first two where a suite needs no more */
  readonly all: readonly Peer[]
}

/** Opens every peer before the tests of a suite that needs them at once. */
export function usePeers(names: readonly PeerName[] = peerNames): Peers {
  const opened: Partial<{ -readonly [Field in keyof Peers]: Peers[Field] }> = {}
  beforeAll(async () => {
    const pki = await openPki()
    opened.pki = pki
    opened.all = await Promise.all(names.map((name) => openPeer(name, pki)))
    for (const peer of opened.all) {
      if (peer instanceof OpenSsl) opened.openssl = peer
      if (peer instanceof BouncyCastle) opened.bc = peer
    }
  }, 120_000)
  afterAll(() => opened.bc?.[Symbol.asyncDispose]())
  return opened as Peers
}
