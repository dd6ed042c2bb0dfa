import { contextTag, type DerReader, decodeString, der, encode, readDer, Tag } from '../asn1/index.ts'
import { CertificateError } from '../errors.ts'
import { ipAddressText } from './ip-address.ts'
import { Name } from './name.ts'

/**
 * GeneralName (RFC 5280 4.2.1.6). Its `type` is the choice's name in the ASN.1 type; what has no use here is kept
 * as the DER of the whole element.
 */
export type GeneralName =
  | { readonly type: 'rfc822Name' | 'dNSName' | 'uniformResourceIdentifier'; readonly value: string }
  | { readonly type: 'iPAddress'; readonly value: Uint8Array }
  | { readonly type: 'directoryName'; readonly value: Name }
  | { readonly type: 'registeredID'; readonly value: string }
  | { readonly type: 'otherName'; readonly typeId: string; readonly value: Uint8Array }
  | { readonly type: 'x400Address' | 'ediPartyName'; readonly value: Uint8Array }

/** What is read: a name, or a base of name constraints (RFC 5280 4.2.1.10), which has other rules. */
export interface GeneralNameRules {
  readonly constraint?: boolean
}

const OTHER_NAME = contextTag(0, true)
const RFC822_NAME = contextTag(1, false)
const DNS_NAME = contextTag(2, false)
const X400_ADDRESS = contextTag(3, true)
const DIRECTORY_NAME = contextTag(4, true)
const EDI_PARTY_NAME = contextTag(5, true)
const URI = contextTag(6, false)
const IP_ADDRESS = contextTag(7, false)
const REGISTERED_ID = contextTag(8, false)

/** Reads GeneralNames: one at least (RFC 5280 4.2.1.6). */
export function readGeneralNames(r: DerReader, field: string, tag: number = Tag.SEQUENCE): GeneralName[] {
  const names = r.sequenceOf(field, (list, name) => readGeneralName(list, name), tag)
  return names.length > 0 ? names : r.fail('ERR_ASN1_VALUE', 'GeneralNames without a name', undefined, field)
}

/** Parses subjectAltName or issuerAltName (RFC 5280 4.2.1.6, 4.2.1.7). */
export function parseGeneralNames(value: Uint8Array, field: string): GeneralName[] {
  return readDer(value, field, (r) => readGeneralNames(r, ''))
}

/** Reads one GeneralName, by the rules of RFC 5280. */
export function readGeneralName(r: DerReader, field: string, rules: GeneralNameRules = {}): GeneralName {
  switch (r.nextTag) {
    case OTHER_NAME:
      return r.constructed(OTHER_NAME, field, (o) => {
        const typeId = o.oid('type-id')
        return { type: 'otherName', typeId, value: o.constructed(contextTag(0, true), 'value', anyValue) }
      })
    case RFC822_NAME:
      return { type: 'rfc822Name', value: text(r, RFC822_NAME, field, rules, isMailbox) }
    case DNS_NAME:
      return { type: 'dNSName', value: text(r, DNS_NAME, field, rules, isDnsName) }
    case X400_ADDRESS:
      return { type: 'x400Address', value: r.element(field, X400_ADDRESS).bytes }
    case DIRECTORY_NAME:
      return {
        type: 'directoryName',
        value: r.constructed(DIRECTORY_NAME, field, (d) => Name.read(d, '')),
      }
    case EDI_PARTY_NAME:
      return { type: 'ediPartyName', value: r.element(field, EDI_PARTY_NAME).bytes }
    case URI:
      return { type: 'uniformResourceIdentifier', value: text(r, URI, field, rules, isAbsoluteUri) }
    case IP_ADDRESS:
      return { type: 'iPAddress', value: ipAddress(r, field, rules) }
    case REGISTERED_ID:
      return { type: 'registeredID', value: r.oid(field, REGISTERED_ID) }
    default:
      return r.fail('ERR_ASN1_UNEXPECTED_TAG', 'no GeneralName', undefined, field)
  }
}

const anyValue = (r: DerReader): Uint8Array => r.element('').bytes

function text(
  r: DerReader,
  tag: number,
  field: string,
  { constraint = false }: GeneralNameRules,
  isRight: (value: string) => boolean,
): string {
  const at = r.offset
  const value = decodeString(Tag.IA5_STRING, r.primitive(tag, field))
  if (value === undefined) return r.fail('ERR_ASN1_VALUE', 'no valid IA5String', at, field)
  // Nothing that could cut a name short or leave its line, where it is compared or shown. Windows' CAs write spaces
  // into the LDAP names of their distribution points.
  const wrong = tag === DNS_NAME ? /[^\x21-\x7e]/ : /[^\x20-\x7e]/
  if (wrong.test(value)) {
    r.fail('ERR_ASN1_VALUE', 'a space or control character', at, field)
  }
  if (!constraint && !isRight(value))
    r.fail('ERR_ASN1_VALUE', 'not of the form that RFC 5280 asks for', at, field)
  return value
}

// RFC 5321 4.1.2: what stands before the @ has none of its own, unless it is quoted.
const isMailbox = (value: string): boolean => /^(?:"(?:[^"\\]|\\.)*"|[^"@]+)@[^@]+$/.test(value)
// Wildcards and underscores are common; RFC 5280 leaves the former to the application.
const isDnsName = (value: string): boolean => value !== '' && !/^\.|\.\./.test(value)
const isAbsoluteUri = (value: string): boolean => /^[a-z][a-z0-9+.-]*:./i.test(value)

function ipAddress(r: DerReader, field: string, { constraint = false }: GeneralNameRules): Uint8Array {
  const at = r.offset
  const bytes = r.primitive(IP_ADDRESS, field)
  if (!(constraint ? [8, 32] : [4, 16]).includes(bytes.length)) {
    r.fail('ERR_ASN1_VALUE', `an IP address of ${bytes.length} bytes`, at, field)
  }
  return bytes
}

/**
 * Writes a GeneralName in DER.
 *
 * @throws CertificateError `ERR_CERTIFICATE_EXTENSION` where the value is none of its type
 */
export function encodeGeneralName(name: GeneralName): Uint8Array<ArrayBuffer> {
  switch (name.type) {
    case 'rfc822Name':
      return ia5(RFC822_NAME, name, isMailbox)
    case 'dNSName':
      return ia5(DNS_NAME, name, isDnsName)
    case 'uniformResourceIdentifier':
      return ia5(URI, name, isAbsoluteUri)
    case 'directoryName':
      return encode(DIRECTORY_NAME, [name.value.der])
    case 'iPAddress':
      if (![4, 16].includes(name.value.length)) throw wrong(name.type, ipAddressText(name.value) ?? '')
      return encode(IP_ADDRESS, [name.value])
    case 'registeredID':
      return der.implicit(8, der.oid(name.value))
    case 'otherName':
      return encode(OTHER_NAME, [der.oid(name.typeId), der.explicit(0, name.value)])
    default:
      return new Uint8Array(name.value)
  }
}

function ia5(tag: number, name: { type: string; value: string }, isRight: (value: string) => boolean) {
  if (/[^\x21-\x7e]/.test(name.value) || !isRight(name.value)) throw wrong(name.type, name.value)
  return encode(tag, [new TextEncoder().encode(name.value)])
}

function wrong(type: string, value: string): CertificateError {
  const hint = 'a name with other letters is written in its ASCII form, as xn--…'
  const message = `${JSON.stringify(value)} is no ${type}`
  return new CertificateError('ERR_CERTIFICATE_EXTENSION', message, { hint })
}
