/** The peers that know GOST, opened before the tests of a suite. */
import { afterAll, beforeAll } from 'vitest'
import type { ToolName } from '../../../support/tools.ts'
import { GostBouncyCastle } from './bc.ts'
import { GostGnuTls } from './gnutls.ts'
import type { GostPeer } from './job.ts'
import { GostOpenSsl } from './openssl.ts'

export const gostNeeds: readonly ToolName[] = ['gost-engine', 'bouncycastle', 'gnutls']

export interface GostPeers {
  readonly openssl: GostOpenSsl
  readonly bc: GostBouncyCastle
  readonly gnutls: GostGnuTls
  readonly all: readonly GostPeer[]
}

/** The fields can be read in the tests, not while they are listed. */
export function useGostPeers(): GostPeers {
  const opened: Partial<{ -readonly [Field in keyof GostPeers]: GostPeers[Field] }> = {}
  beforeAll(async () => {
    opened.openssl = new GostOpenSsl()
    opened.bc = await GostBouncyCastle.open()
    opened.gnutls = new GostGnuTls()
    opened.all = [opened.openssl, opened.bc, opened.gnutls]
  }, 120_000)
  afterAll(() => opened.bc?.[Symbol.asyncDispose]())
  return opened as GostPeers
}
