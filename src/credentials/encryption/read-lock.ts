import type { DerReader } from '../../asn1/index.ts'
import type { Bounds } from '../limits.ts'
import { DES, RC4_40, RC4_128, rc2, TRIPLE_DES } from './ciphers.ts'
import type { FoundLock } from './lock.ts'
import { EncryptionOid } from './oids.ts'
import { readPbes1Parameters } from './pbes1.ts'
import { readPbes2Parameters } from './pbes2.ts'
import { readPkcs12PbeParameters } from './pkcs12-pbe.ts'

type Reader = (r: DerReader, bounds: Bounds) => FoundLock

/** Schemes of password-based encryption by OID: RFC 8018 appendix A, RFC 7292 appendix C. */
const SCHEMES: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [EncryptionOid.pbes2, readPbes2Parameters],
  [EncryptionOid.pbeWithMD5AndDES, (r, bounds) => readPbes1Parameters(r, 'MD5', DES, bounds)],
  [EncryptionOid.pbeWithMD5AndRC2, (r, bounds) => readPbes1Parameters(r, 'MD5', rc2(8, 64), bounds)],
  [EncryptionOid.pbeWithSHA1AndDES, (r, bounds) => readPbes1Parameters(r, 'SHA-1', DES, bounds)],
  [EncryptionOid.pbeWithSHA1AndRC2, (r, bounds) => readPbes1Parameters(r, 'SHA-1', rc2(8, 64), bounds)],
  [EncryptionOid.pbeWithSHAAnd128BitRC4, (r, bounds) => readPkcs12PbeParameters(r, RC4_128, 16, bounds)],
  [EncryptionOid.pbeWithSHAAnd40BitRC4, (r, bounds) => readPkcs12PbeParameters(r, RC4_40, 5, bounds)],
  [
    EncryptionOid.pbeWithSHAAnd3KeyTripleDES,
    (r, bounds) => readPkcs12PbeParameters(r, TRIPLE_DES, 24, bounds),
  ],
  [
    EncryptionOid.pbeWithSHAAnd2KeyTripleDES,
    (r, bounds) => readPkcs12PbeParameters(r, TRIPLE_DES, 16, bounds),
  ],
  [EncryptionOid.pbeWithSHAAnd128BitRC2, (r, bounds) => readPkcs12PbeParameters(r, rc2(16, 128), 16, bounds)],
  [EncryptionOid.pbeWithSHAAnd40BitRC2, (r, bounds) => readPkcs12PbeParameters(r, rc2(5, 40), 5, bounds)],
])

/**
 * Reads how something is encrypted, and checks what it asks for against the limits; nothing is derived.
 *
 * @param r inside the AlgorithmIdentifier
 */
export function readLock(r: DerReader, bounds: Bounds): FoundLock {
  const oid = r.oid('algorithm')
  const read = SCHEMES.get(oid)
  if (read !== undefined) return read(r, bounds)
  while (!r.done) r.element('parameters')
  return { unknown: oid }
}
