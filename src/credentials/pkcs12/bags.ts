import { contextTag, type DerReader, Tag } from '../../asn1/index.ts'
import { type BagAttributes, readBagAttributes } from './attributes.ts'
import type { Budget } from './budget.ts'
import { type EncryptedBytes, readEncryptedBytes } from './encrypted.ts'
import { Pkcs12Oid } from './oids.ts'

/** A SafeBag (RFC 7292 4.2); bytes are views. */
export type Bag = { readonly attributes: BagAttributes } & (
  | { readonly kind: 'key'; readonly privateKeyInfo: Uint8Array }
  | ({ readonly kind: 'shroudedKey' } & EncryptedBytes)
  | { readonly kind: 'certificate'; readonly der: Uint8Array }
  | { readonly kind: 'crl'; readonly der: Uint8Array }
  | { readonly kind: 'other'; readonly what: string }
)

/** Safe contents within safe contents; more are a bomb. */
const MAX_NESTING = 10

/** Reads SafeContents (RFC 7292 4.2): the bags in their order, those of nested safe contents in their place. */
export function readSafeContents(r: DerReader, budget: Budget, depth = 0): Bag[] {
  if (depth > MAX_NESTING) r.fail('ERR_ASN1_LIMIT', `safe contents nested deeper than ${MAX_NESTING}`)
  return r.sequenceOf('', (bags, name) => bags.sequence(name, (bag) => readBag(bag, budget, depth))).flat()
}

function readBag(r: DerReader, budget: Budget, depth: number): Bag[] {
  budget.count()
  const bagId = r.oid('bagId')
  const read = (value: DerReader): Bag[] | BagValue =>
    bagId === Pkcs12Oid.safeContentsBag
      ? readSafeContents(value, budget, depth + 1)
      : readBagValue(bagId, value, budget)
  const value = r.constructed(contextTag(0, true), 'bagValue', read)
  const attributes = readBagAttributes(r)
  return Array.isArray(value) ? value : [{ ...value, attributes }]
}

type WithoutAttributes<T> = T extends unknown ? Omit<T, 'attributes'> : never
type BagValue = WithoutAttributes<Bag>

function readBagValue(bagId: string, r: DerReader, budget: Budget): BagValue {
  switch (bagId) {
    case Pkcs12Oid.keyBag:
      return { kind: 'key', privateKeyInfo: r.element('privateKeyInfo', Tag.SEQUENCE).bytes }
    case Pkcs12Oid.pkcs8ShroudedKeyBag:
      return { kind: 'shroudedKey', ...readShroudedKey(r, budget) }
    case Pkcs12Oid.certBag:
      return r.sequence('certBag', readCertBag)
    case Pkcs12Oid.crlBag:
      return r.sequence('crlBag', readCrlBag)
    case Pkcs12Oid.secretBag:
      r.element('secretBag', Tag.SEQUENCE)
      return { kind: 'other', what: 'secret bag' }
    default:
      r.element('')
      return { kind: 'other', what: `bag of type ${bagId}` }
  }
}

/** EncryptedPrivateKeyInfo (RFC 5958 section 3). */
function readShroudedKey(r: DerReader, budget: Budget): EncryptedBytes {
  return r.sequence('pkcs8ShroudedKeyBag', (s) =>
    readEncryptedBytes(s, 'a private key', budget, 'encryptedData', Tag.OCTET_STRING),
  )
}

/** CertBag (RFC 7292 4.2.3). */
function readCertBag(r: DerReader): BagValue {
  const certId = r.oid('certId')
  return r.constructed(contextTag(0, true), 'certValue', (value) => {
    if (certId === Pkcs12Oid.x509Certificate) return { kind: 'certificate', der: value.octetString('') }
    value.element('')
    const sdsi = certId === Pkcs12Oid.sdsiCertificate
    return { kind: 'other', what: sdsi ? 'SDSI certificate' : `certificate of type ${certId}` }
  })
}

/** CRLBag (RFC 7292 4.2.4). */
function readCrlBag(r: DerReader): BagValue {
  const crlId = r.oid('crlId')
  return r.constructed(contextTag(0, true), 'crlValue', (value) => {
    if (crlId === Pkcs12Oid.x509Crl) return { kind: 'crl', der: value.octetString('') }
    value.element('')
    return { kind: 'other', what: `revocation list of type ${crlId}` }
  })
}
