import type { DerReader } from '../../asn1/index.ts'
import type { Bounds } from '../limits.ts'
import { wipe } from '../wipe.ts'
import { DES_EDE3 } from './cbc.ts'
import { readIterations } from './kdf.ts'
import type { Lock } from './lock.ts'
import { bmpPassword, pkcs12Kdf } from './pkcs12-kdf.ts'

/**
 * Reads pkcs-12PbeParams (RFC 7292 appendix C): SHA-1 and triple DES with two or three keys. Old programs write
 * it, and `openssl pkcs12 -legacy`.
 */
export function readPbeParameters(r: DerReader, keys: 2 | 3, bounds: Bounds): Lock {
  return r.sequence('parameters', (s) => {
    const salt = s.octetString('salt')
    const iterations = readIterations(s, bounds)
    return {
      cipher: DES_EDE3,
      derive: async (password) => {
        const bmp = bmpPassword(password)
        const key = await pkcs12Kdf(bmp, salt, iterations, 'key', keys * 8)
        const iv = await pkcs12Kdf(bmp, salt, iterations, 'iv', DES_EDE3.blockLength)
        wipe(bmp)
        if (keys === 3) return { key, iv }
        // Two keys K1 K2 are used as K1 K2 K1.
        const three = Buffer.concat([key, key.subarray(0, 8)])
        wipe(key)
        return { key: three, iv }
      },
    }
  })
}
