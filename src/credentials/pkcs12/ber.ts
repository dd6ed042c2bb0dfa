import { type DerReader, readDer, toDefinite } from '../../asn1/index.ts'
import { Asn1Error, CredentialError } from '../../errors.ts'
import { reading } from '../errors.ts'

/**
 * Reads one element of a PKCS#12 file, BER of any kind; what is wrong with it becomes a `CredentialError`.
 *
 * @param field name of the structure, for the path of errors
 */
export function readBer<T>(bytes: Uint8Array, field: string, read: (reader: DerReader) => T): T {
  return readDefinite(definite(bytes), field, read)
}

/** As {@link readBer}, of what {@link definite} gave: for decrypted bytes, whose copies are wiped. */
export function readDefinite<T>(bytes: Uint8Array, field: string, read: (reader: DerReader) => T): T {
  return typed(() => readDer(bytes, field, read, { rules: 'definite' }))
}

/** BER made definite: the bytes themselves where they are so already. */
export function definite(bytes: Uint8Array): Uint8Array {
  return typed(() => toDefinite(bytes))
}

function typed<T>(read: () => T): T {
  return reading('PKCS#12', () => {
    try {
      return read()
    } catch (cause) {
      if (!(cause instanceof Asn1Error) || cause.code !== 'ERR_ASN1_LIMIT') throw cause
      const hint = 'no program writes such a file: it may have been made to do harm'
      throw new CredentialError('ERR_CREDENTIAL_LIMIT', `PKCS#12: ${cause.message}`, { hint, cause })
    }
  })
}
