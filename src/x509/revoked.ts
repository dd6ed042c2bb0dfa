import { emptyHeader, readHeader } from '../asn1/header.ts'
import { readDer, Tag, toHex } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { type Extension, ExtensionOid } from './extensions.ts'
import type { Name } from './name.ts'
import { type CrlFields, readEntry } from './read-crl.ts'

/** Why a certificate is revoked (RFC 5280 5.3.1). */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'removeFromCRL'
  | 'privilegeWithdrawn'
  | 'aACompromise'

/** By number; 7 is not used. */
const REASONS: readonly (RevocationReason | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
]

/** An entry of a revocation list (RFC 5280 5.1.2.6 and 5.3). */
export interface RevokedCertificate {
  /** Content octets of the serial number INTEGER. */
  readonly serial: Uint8Array
  readonly revocationDate: Date
  /** Undefined where the list does not say. */
  readonly reason: RevocationReason | undefined
  /** When the key was known or suspected to be lost, where the list says so. */
  readonly invalidityDate: Date | undefined
  /** Issuer of the certificate: the list's own, unless the list is indirect. */
  readonly certificateIssuer: Name
  readonly extensions: readonly Extension[]
}

/** The entries of a list: read one at a time, found by their serial number without going through them all. */
export class RevokedCertificates {
  readonly #fields: CrlFields
  /** Indexes of the entries with a serial number. */
  #bySerial: Map<string, number | number[]> | undefined

  constructor(fields: CrlFields) {
    this.#fields = fields
  }

  get size(): number {
    return Math.max(0, this.#fields.entries.bounds.length - 1)
  }

  /** The entry for a certificate of this issuer, the first one where there are several. */
  find(serial: Uint8Array, issuer: Name): RevokedCertificate | undefined {
    this.#bySerial ??= this.#index()
    const found = [this.#bySerial.get(toHex(serial)) ?? []].flat()
    const index = found.find((i) => this.#issuerOf(i).equals(issuer))
    return index === undefined ? undefined : this.at(index)
  }

  /** The entry at an index, read anew. */
  at(i: number): RevokedCertificate {
    const { der, entries } = this.#fields
    const bytes = der.subarray(entries.bounds[i], entries.bounds[i + 1])
    const raw = readDer(bytes, `revokedCertificates[${i}]`, (r) => readEntry(r, ''))
    const extensionValue = (oid: string) => raw.extensions.find((extension) => extension.oid === oid)?.value
    const reason = extensionValue(ExtensionOid.reasonCode)
    const invalidityDate = extensionValue(ExtensionOid.invalidityDate)
    return {
      ...raw,
      reason: reason && parseReason(reason),
      invalidityDate: invalidityDate && parseInvalidityDate(invalidityDate),
      certificateIssuer: this.#issuerOf(i),
    }
  }

  /** RFC 5280 5.3.3: an entry without the extension has the issuer of the one before. */
  #issuerOf(i: number): Name {
    const { entries, issuer } = this.#fields
    let [low, high] = [0, entries.issuers.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((entries.issuers[middle]?.from ?? 0) <= i) low = middle + 1
      else high = middle
    }
    return entries.issuers[low - 1]?.issuer ?? issuer
  }

  #index(): Map<string, number | number[]> {
    const { der, entries } = this.#fields
    const index = new Map<string, number | number[]>()
    const header = emptyHeader()
    for (let i = 0; i < this.size; i++) {
      // Every entry has been checked: a SEQUENCE that starts with the INTEGER.
      readHeader(der, entries.bounds[i] as number, der.length, header)
      readHeader(der, header.contentStart, der.length, header)
      const serial = toHex(der.subarray(header.contentStart, header.end))
      const others = index.get(serial)
      if (others === undefined) index.set(serial, i)
      else if (typeof others === 'number') index.set(serial, [others, i])
      else others.push(i)
    }
    return index
  }
}

function parseReason(value: Uint8Array): RevocationReason {
  return revocationReason(
    readDer(value, 'reasonCode', (r) => r.smallInteger('', 0, REASONS.length - 1, Tag.ENUMERATED)),
  )
}

/** The reason of a CRLReason's number (RFC 5280 5.3.1). */
export function revocationReason(code: number): RevocationReason {
  const reason = REASONS[code]
  if (reason !== undefined) return reason
  throw new CertificateError('ERR_CERTIFICATE_EXTENSION', `reasonCode ${code} means nothing`)
}

/** RFC 5280 5.3.2: GeneralizedTime always. */
function parseInvalidityDate(value: Uint8Array): Date {
  return readDer(value, 'invalidityDate', (r) =>
    r.nextTag === Tag.GENERALIZED_TIME
      ? r.time('')
      : r.fail('ERR_ASN1_UNEXPECTED_TAG', 'GeneralizedTime expected'),
  )
}
