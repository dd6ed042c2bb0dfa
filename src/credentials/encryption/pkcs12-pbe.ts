import type { DerReader } from '../../asn1/index.ts'
import type { Bounds } from '../limits.ts'
import { wipe } from '../wipe.ts'
import type { Cipher } from './ciphers.ts'
import { readIterations } from './kdf.ts'
import { type Lock, lockOf } from './lock.ts'
import type { PasswordBytes } from './passwords.ts'
import { pkcs12Kdf } from './pkcs12-kdf.ts'

/** Bytes that SHA-1 gives at a time. */
const SHA1_LENGTH = 20

/**
 * Reads pkcs-12PbeParams (RFC 7292 appendix C): SHA-1 with an old cipher. Old programs write it, and
 * `openssl pkcs12 -legacy`.
 *
 * @param derived length of the key that is derived: two keys of triple DES make its three
 */
export function readPkcs12PbeParameters(r: DerReader, cipher: Cipher, derived: number, bounds: Bounds): Lock {
  return r.sequence('parameters', (s) => {
    const at = s.offset
    const salt = s.octetString('salt')
    if (salt.length === 0) s.fail('ERR_ASN1_VALUE', 'empty', at, 'salt')
    const iterations = readIterations(s, bounds)
    const layer = {
      algorithm: `PBE SHA-1 ${cipher.name.replace('-CBC', '')}`,
      keyDerivation: 'PKCS#12 KDF SHA-1',
      iterations,
      weak: true,
    }
    const ivLength = cipher.blockLength === 1 ? 0 : cipher.blockLength
    const rounds = Math.ceil(derived / SHA1_LENGTH) + Math.ceil(ivLength / SHA1_LENGTH)
    return lockOf(cipher, layer, iterations * rounds, async (password) => {
      const { key, iv } = await derivePkcs12Pbe(password, salt, iterations, derived, ivLength)
      return { key: cipher.keyLength === 24 && derived === 16 ? threeKeys(key) : key, iv }
    })
  })
}

/** Key and IV of the PKCS#12 schemes, in bytes that the caller wipes. */
export async function derivePkcs12Pbe(
  { bmp }: PasswordBytes,
  salt: Uint8Array,
  iterations: number,
  keyLength: number,
  ivLength: number,
): Promise<{ key: Uint8Array; iv: Uint8Array }> {
  const key = await pkcs12Kdf('SHA-1', bmp, salt, iterations, 'key', keyLength)
  return { key, iv: await pkcs12Kdf('SHA-1', bmp, salt, iterations, 'iv', ivLength) }
}

/** Two keys K1 K2 of triple DES are used as K1 K2 K1. */
function threeKeys(two: Uint8Array): Uint8Array {
  const three = new Uint8Array(24)
  three.set(two)
  three.set(two.subarray(0, 8), 16)
  wipe(two)
  return three
}
