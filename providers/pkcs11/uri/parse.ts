import { SignerError } from '../../../src/errors.ts'
import { decodeBytes, decodeText, type Place } from './percent.ts'
import { SecretText } from './secret-text.ts'
import { OBJECT_TYPES, type ObjectType, type Pkcs11Uri } from './uri.ts'

/** What a part of the URI becomes. */
type Reader = (value: string, name: string) => Partial<Pkcs11Uri>

const text =
  (field: keyof Pkcs11Uri, place: Place = 'path'): Reader =>
  (value, name) => ({ [field]: decodeText(value, name, place) })

/** Attributes of the path, between semicolons. */
const PATH: Readonly<Record<string, Reader>> = {
  token: text('token'),
  manufacturer: text('manufacturer'),
  model: text('model'),
  serial: text('serial'),
  'library-manufacturer': text('libraryManufacturer'),
  'library-description': text('libraryDescription'),
  'library-version': (value, name) => ({ libraryVersion: version(decodeText(value, name, 'path')) }),
  'slot-manufacturer': text('slotManufacturer'),
  'slot-description': text('slotDescription'),
  'slot-id': (value, name) => ({ slotId: slotNumber(decodeText(value, name, 'path')) }),
  object: text('object'),
  id: (value, name) => ({ id: decodeBytes(value, name, 'path') }),
  type: (value, name) => ({ type: objectType(decodeText(value, name, 'path')) }),
}

/** Attributes of the query, between ampersands. */
const QUERY: Readonly<Record<string, Reader>> = {
  'module-path': text('modulePath', 'query'),
  'module-name': (value, name) => ({ moduleName: moduleName(decodeText(value, name, 'query')) }),
  'pin-source': text('pinSource', 'query'),
  'pin-value': (value, name) => ({ pinValue: new SecretText(decodeText(value, name, 'query')) }),
}

/** Longer than any URI of use. */
const MAX_LENGTH = 8192

/**
 * Parses a `pkcs11:` URI. The URI is never repeated in an error: it may hold a PIN.
 *
 * Unknown attributes of the path are refused, since what they would narrow down is not looked at (RFC 7512 section
 * 2.3); vendors' attributes of the query are passed over.
 *
 * @throws SignerError `ERR_SIGNER_URI`
 * @see RFC 7512 section 2.3
 */
export function parsePkcs11Uri(uri: string): Pkcs11Uri {
  if (uri.length > MAX_LENGTH) throw malformed(`it is longer than ${MAX_LENGTH} characters`)
  const scheme = /^pkcs11:/i.exec(uri)
  if (scheme === null) throw malformed('it does not begin with pkcs11:')
  const rest = uri.slice(scheme[0].length)
  const at = rest.indexOf('?')
  const path = at < 0 ? rest : rest.slice(0, at)
  const query = at < 0 ? '' : rest.slice(at + 1)
  const parsed = { ...read(path, ';', PATH, unknownInPath), ...read(query, '&', QUERY, unknownInQuery) }
  if (parsed.pinSource !== undefined && parsed.pinValue !== undefined) {
    throw malformed(
      'it has both pin-source and pin-value',
      'keep pin-source: a PIN in a URI is seen by others',
    )
  }
  return parsed
}

function read(
  part: string,
  separator: ';' | '&',
  readers: Readonly<Record<string, Reader>>,
  unknown: (name: string) => void,
): Pkcs11Uri {
  if (part === '') return {}
  const seen = new Set<string>()
  const fields = part.split(separator).map((attribute) => {
    const equals = attribute.indexOf('=')
    const name = equals < 0 ? attribute : attribute.slice(0, equals)
    if (!/^[A-Za-z0-9_-]+$/.test(name))
      throw malformed(`an attribute before or after a "${separator}" has no name`)
    if (equals < 0) throw malformed(`the attribute ${shown(name)} has no value`)
    if (seen.has(name)) throw malformed(`the attribute ${shown(name)} is there twice`)
    seen.add(name)
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (reader === undefined) unknown(name)
    return reader?.(attribute.slice(equals + 1), name) ?? {}
  })
  return Object.assign({}, ...fields)
}

/** A name may be a PIN with a misplaced sign before it: only names of the standard are shown. */
function shown(name: string): string {
  return Object.hasOwn(PATH, name) || Object.hasOwn(QUERY, name) ? name : '(not shown)'
}

function unknownInPath(name: string): never {
  const hint = Object.hasOwn(QUERY, name)
    ? `${name} belongs behind a "?"`
    : `known are ${Object.keys(PATH).join(', ')}; behind a "?": ${Object.keys(QUERY).join(', ')}`
  throw malformed(`unknown attribute ${shown(name)}`, hint)
}

function unknownInQuery(name: string): void {
  if (Object.hasOwn(PATH, name)) throw malformed(`${name} is in the query`, `${name} belongs before the "?"`)
}

function version(value: string): string {
  if (/^\d{1,3}(\.\d{1,3})?$/.test(value)) return value
  throw malformed('library-version is not MAJOR.MINOR')
}

function slotNumber(value: string): number {
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw malformed('slot-id is not a decimal number')
}

function objectType(value: string): ObjectType {
  const found = OBJECT_TYPES.find((type) => type === value)
  if (found !== undefined) return found
  throw malformed('unknown type of object', `type is one of ${OBJECT_TYPES.join(', ')}`)
}

/** RFC 7512: without path, `lib` before and `.so` after. */
function moduleName(value: string): string {
  if (/^[\w.+-]+$/.test(value)) return value
  throw malformed('module-name is no bare name', 'give the whole path by module-path')
}

/** A URI that is none. */
function malformed(what: string, hint?: string): SignerError {
  return new SignerError('ERR_SIGNER_URI', `not a pkcs11: URI (RFC 7512): ${what}`, {
    hint:
      hint ??
      'write pkcs11:token=LABEL;object=LABEL, with %20 for a blank; sealkit pkcs11 objects prints URIs',
  })
}
