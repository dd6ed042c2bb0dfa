import { encodeBytes, encodeText } from './percent.ts'
import type { Pkcs11Uri } from './uri.ts'

const NAMES = {
  token: 'token',
  manufacturer: 'manufacturer',
  model: 'model',
  serial: 'serial',
  libraryManufacturer: 'library-manufacturer',
  libraryDescription: 'library-description',
  libraryVersion: 'library-version',
  slotManufacturer: 'slot-manufacturer',
  slotDescription: 'slot-description',
  slotId: 'slot-id',
  object: 'object',
  id: 'id',
  type: 'type',
} as const satisfies Partial<Record<keyof Pkcs11Uri, string>>

const QUERY_NAMES = {
  modulePath: 'module-path',
  moduleName: 'module-name',
  pinSource: 'pin-source',
} as const satisfies Partial<Record<keyof Pkcs11Uri, string>>

/** Writes a `pkcs11:` URI; a PIN is never written. */
export function formatPkcs11Uri(uri: Pkcs11Uri): string {
  const path = parts(uri, NAMES).join(';')
  const query = parts(uri, QUERY_NAMES).join('&')
  return `pkcs11:${path}${query === '' ? '' : `?${query}`}`
}

function parts(uri: Pkcs11Uri, names: Partial<Record<keyof Pkcs11Uri, string>>): string[] {
  return Object.entries(names).flatMap(([field, name]) => {
    const value = uri[field as keyof Pkcs11Uri]
    if (value === undefined) return []
    return [`${name}=${value instanceof Uint8Array ? encodeBytes(value) : encodeText(`${value}`)}`]
  })
}
