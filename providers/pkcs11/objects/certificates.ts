import { equalBytes } from '../../../src/asn1/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { CKA, CKC_X_509, CKO } from '../cryptoki/constants.ts'
import type { Cryptoki, Handle } from '../cryptoki/interface.ts'
import { toBoolean, toNumber } from '../cryptoki/ulong.ts'
import { findObjects, readAttribute } from './objects.ts'
import { labelOf } from './private-keys.ts'

/** A certificate in a token. */
export interface TokenCertificate {
  readonly handle: Handle
  readonly label: string
  readonly id: Uint8Array | undefined
  readonly certificate: Certificate
}

/**
 * The X.509 certificates of a token; those that cannot be read are left out. So are those that the module makes when it
 * is asked: YubiKey's attestations have the key's CKA_ID and public key, and are not its certificate.
 */
export function findCertificates(cryptoki: Cryptoki, session: Handle): TokenCertificate[] {
  const template = [{ type: CKA.CLASS, value: CKO.CERTIFICATE }]
  return findObjects(cryptoki, session, template).flatMap((handle) => {
    const type = readAttribute(cryptoki, session, handle, CKA.CERTIFICATE_TYPE)
    if (type !== undefined && toNumber(type) !== CKC_X_509) return []
    const isStored = readAttribute(cryptoki, session, handle, CKA.TOKEN)
    if (isStored !== undefined && !toBoolean(isStored)) return []
    const value = readAttribute(cryptoki, session, handle, CKA.VALUE)
    const certificate = value && parse(value)
    if (certificate === undefined) return []
    const id = readAttribute(cryptoki, session, handle, CKA.ID)
    return [{ handle, label: labelOf(cryptoki, session, handle), id, certificate }]
  })
}

/** Some tokens give more bytes than the certificate has: its own length counts. */
function parse(value: Uint8Array): Certificate | undefined {
  try {
    return Certificate.parse(new Uint8Array(value.subarray(0, wholeLength(value))))
  } catch (error) {
    if (error instanceof SealkitError) return undefined
    throw error
  }
}

/** Of a SEQUENCE with a length of two octets, as every certificate has. */
function wholeLength(value: Uint8Array): number {
  const [tag, form, high = 0, low = 0] = value
  return tag === 0x30 && form === 0x82 ? 4 + high * 256 + low : value.length
}

/** Those that may be a key's: by CKA_ID, else by label, which often differ. Whether one is, its public key says. */
export function certificatesFor(
  found: readonly TokenCertificate[],
  key: { readonly label: string; readonly id: Uint8Array | undefined },
): TokenCertificate[] {
  const { id, label } = key
  const byId =
    id === undefined ? [] : found.filter((each) => each.id !== undefined && equalBytes(each.id, id))
  return byId.length > 0 || label === '' ? byId : found.filter((each) => each.label === label)
}
