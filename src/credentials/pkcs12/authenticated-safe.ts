import { contextTag, type DerReader } from '../../asn1/index.ts'
import { unsupported } from '../errors.ts'
import { type Bag, readSafeContents } from './bags.ts'
import { readBer } from './ber.ts'
import type { Budget } from './budget.ts'
import { type EncryptedBytes, readEncryptedBytes } from './encrypted.ts'
import { Pkcs12Oid } from './oids.ts'

/** One ContentInfo of an AuthenticatedSafe: its bags, or what they are encrypted with. */
export type Safe = { readonly bags: readonly Bag[] } | EncryptedBytes

/** Reads AuthenticatedSafe (RFC 7292 4.1), and the bags of those safes that are not encrypted. */
export function readAuthenticatedSafe(bytes: Uint8Array, budget: Budget): Safe[] {
  return readBer(bytes, 'AuthenticatedSafe', (r) =>
    r.sequenceOf('', (safes, name) => safes.sequence(name, (safe) => readSafe(safe, budget))),
  )
}

function readSafe(r: DerReader, budget: Budget): Safe {
  budget.count()
  const contentType = r.oid('contentType')
  switch (contentType) {
    case Pkcs12Oid.data: {
      const content = r.constructed(contextTag(0, true), 'content', (c) => c.octetString(''))
      return { bags: readBer(content, 'SafeContents', (contents) => readSafeContents(contents, budget)) }
    }
    case Pkcs12Oid.encryptedData:
      return r.constructed(contextTag(0, true), 'content', (c) =>
        c.sequence('', (data) => readEncryptedData(data, budget)),
      )
    case Pkcs12Oid.envelopedData:
      throw publicKeyMode('encrypted for a certificate (envelopedData), not with a password')
    default:
      throw publicKeyMode(`of contents of type ${contentType}`)
  }
}

/** EncryptedData (RFC 5652 section 8; RFC 2315 section 13). */
function readEncryptedData(r: DerReader, budget: Budget): EncryptedBytes {
  r.smallInteger('version', 0, 2)
  const encrypted = r.sequence('encryptedContentInfo', (info) => {
    const at = info.offset
    const contentType = info.oid('contentType')
    if (contentType !== Pkcs12Oid.data)
      info.fail('ERR_ASN1_VALUE', `data expected, found ${contentType}`, at, 'contentType')
    return readEncryptedBytes(info, 'a safe', budget, 'encryptedContent', contextTag(0, false))
  })
  if (r.nextTag === contextTag(1, true)) r.element('unprotectedAttrs')
  return encrypted
}

/** What only a private key opens or only a certificate proves (RFC 7292 section 3.1). */
export function publicKeyMode(how: string): Error {
  const hint = 'export the file again, protected by a password'
  return unsupported(`PKCS#12: the file is ${how}, which is not supported`, hint)
}
