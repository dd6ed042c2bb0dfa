import { contextTag, type DerReader } from '../../asn1/index.ts'
import { CredentialError } from '../../errors.ts'
import { unsupported } from '../errors.ts'
import { publicKeyMode, readAuthenticatedSafe, type Safe } from './authenticated-safe.ts'
import { readBer } from './ber.ts'
import type { Budget } from './budget.ts'
import { type Mac, readMacData } from './mac.ts'
import { Pkcs12Oid } from './oids.ts'

/** A PFX (RFC 7292 section 4) as far as it can be read without a password. */
export interface Pfx {
  /** What the MAC is over. */
  readonly content: Uint8Array
  readonly mac: Mac | undefined
  readonly safes: readonly Safe[]
}

/** Reads a PFX. All that it visibly asks for has been counted when this returns. */
export function readPfx(bytes: Uint8Array, budget: Budget): Pfx {
  const { content, mac } = readBer(bytes, 'PFX', (r) => r.sequence('', (s) => readFields(s, budget)))
  return { content, mac, safes: readAuthenticatedSafe(content, budget) }
}

function readFields(r: DerReader, budget: Budget): Omit<Pfx, 'safes'> {
  const version = r.integerBytes('version')
  if (version.length !== 1 || version[0] !== 3) {
    const hint = 'PKCS#12 has version 3 since 1999: export the file again'
    throw unsupported('PKCS#12: the version of the file is not 3', hint)
  }
  const content = r.sequence('authSafe', (authSafe) => {
    const at = authSafe.offset
    const contentType = authSafe.oid('contentType')
    if (contentType === Pkcs12Oid.signedData)
      throw publicKeyMode('signed (public-key integrity mode), not protected by a password')
    if (contentType !== Pkcs12Oid.data)
      authSafe.fail('ERR_ASN1_VALUE', `data expected, found ${contentType}`, at, 'contentType')
    return authSafe.constructed(contextTag(0, true), 'content', (c) => c.octetString(''))
  })
  const mac = r.done ? undefined : readMac(r, content, budget)
  return { content, mac }
}

function readMac(r: DerReader, content: Uint8Array, budget: Budget): Mac {
  try {
    return r.sequence('macData', (macData) => readMacData(macData, budget))
  } catch (error) {
    throw isUnsupported(error) ? (unknownCipher(content, budget) ?? error) : error
  }
}

/** What a file with a MAC that is not known is encrypted with, where that is not known either: it says more of it. */
function unknownCipher(content: Uint8Array, budget: Budget): unknown {
  try {
    readAuthenticatedSafe(content, budget)
  } catch (error) {
    if (isUnsupported(error)) return error
  }
  return undefined
}

function isUnsupported(error: unknown): boolean {
  return error instanceof CredentialError && error.code === 'ERR_CREDENTIAL_UNSUPPORTED'
}
