import { type HashAlgorithm, readHashAlgorithm } from '../algorithms/index.ts'
import { contextTag, type DerReader, readDer, Tag, toHex } from '../asn1/index.ts'
import { CmsError } from '../errors.ts'

/** TSTInfo (RFC 3161 section 2.4.2): what a timestamp authority vouches for. */
export interface TstInfo {
  /** OID of the authority's policy. */
  readonly policy: string
  readonly hash: HashAlgorithm
  /** Digest of what was stamped. */
  readonly hashedMessage: Uint8Array
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly genTime: Date
  /** Content octets of the nonce, where there is one. */
  readonly nonce: Uint8Array | undefined
}

/**
 * Parses TSTInfo strictly. A verdict hangs on it, so our own reader does it and not the library that makes
 * the query.
 *
 * @throws Asn1Error, AlgorithmError; CmsError `ERR_TIMESTAMP_INVALID` for an unknown critical extension
 */
export function parseTstInfo(bytes: Uint8Array): TstInfo {
  return readDer(bytes, 'TSTInfo', (r) => r.sequence('', readFields))
}

function readFields(r: DerReader): TstInfo {
  r.smallInteger('version', 1, 1)
  const policy = r.oid('policy')
  const imprint = r.sequence('messageImprint', (m) => ({
    hash: readHashAlgorithm(m, 'hashAlgorithm'),
    hashedMessage: m.octetString('hashedMessage'),
  }))
  const serialNumber = toHex(r.integerBytes('serialNumber'))
  const timeTag = r.nextTag
  if (timeTag !== Tag.GENERALIZED_TIME) r.fail('ERR_ASN1_UNEXPECTED_TAG', 'GeneralizedTime expected')
  const genTime = r.time('genTime', { fractions: true })
  r.optional(Tag.SEQUENCE, 'accuracy', readAccuracy)
  if (r.nextTag === Tag.BOOLEAN) r.boolean('ordering')
  const nonce = r.nextTag === Tag.INTEGER ? r.integerBytes('nonce') : undefined
  r.optional(contextTag(0, true), 'tsa', (tsa) => tsa.element('GeneralName'))
  r.optional(contextTag(1, true), 'extensions', readExtensions)
  return { policy, ...imprint, serialNumber, genTime, nonce }
}

function readAccuracy(r: DerReader): void {
  if (r.nextTag === Tag.INTEGER) r.smallInteger('seconds', 0, 0x7fffffff)
  for (const [number, name] of ['millis', 'micros'].entries()) {
    if (r.nextTag === contextTag(number, false)) r.smallInteger(name, 1, 999, contextTag(number, false))
  }
}

function readExtensions(r: DerReader): void {
  while (!r.done) {
    r.sequence('extension', (e) => {
      const oid = e.oid('extnID')
      if (e.nextTag === Tag.BOOLEAN && e.boolean('critical')) {
        throw new CmsError('ERR_TIMESTAMP_INVALID', `TSTInfo has the unknown critical extension ${oid}`)
      }
      e.octetString('extnValue')
    })
  }
}
