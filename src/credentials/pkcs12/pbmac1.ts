import { describeOid } from '../../algorithms/known-names.ts'
import type { DerReader } from '../../asn1/index.ts'
import { hmac } from '../encryption/hmac.ts'
import { FEW_ITERATIONS, readIterations } from '../encryption/kdf.ts'
import { EncryptionOid } from '../encryption/oids.ts'
import { pbkdf2 } from '../encryption/pbkdf2.ts'
import type { KdfHash } from '../encryption/pkcs12-kdf.ts'
import { wipe } from '../wipe.ts'
import type { Budget } from './budget.ts'
import { HASH_LENGTH, type MacMethod, unknownMac } from './mac-method.ts'

const HMACS: ReadonlyMap<string, KdfHash> = new Map([
  [EncryptionOid.hmacWithSHA1, 'SHA-1'],
  [EncryptionOid.hmacWithSHA224, 'SHA-224'],
  [EncryptionOid.hmacWithSHA256, 'SHA-256'],
  [EncryptionOid.hmacWithSHA384, 'SHA-384'],
  [EncryptionOid.hmacWithSHA512, 'SHA-512'],
])

/** RFC 9579 section 5: shorter keys are refused; a key longer than the block of SHA-512 adds nothing. */
const KEY_LENGTH = { min: 20, max: 128 }

/** Reads PBMAC1-params (RFC 8018 A.5) as RFC 9579 restricts them: PBKDF2 with its key length, and HMAC. */
export function readPbmac1(r: DerReader, budget: Budget): MacMethod {
  return r.sequence('parameters', (s) => {
    const { salt, iterations, keyLength, prf } = s.sequence('keyDerivationFunc', (kdf) => {
      const oid = kdf.oid('algorithm')
      if (oid !== EncryptionOid.pbkdf2) throw unknownMac(`PBMAC1 and a key from ${describeOid(oid)}`)
      return kdf.sequence('parameters', (p) => readPbkdf2(p, budget))
    })
    const hash = s.sequence('messageAuthScheme', readHmac)
    return {
      layer: {
        algorithm: `PBMAC1 HMAC-${hash}`,
        keyDerivation: `PBKDF2 HMAC-${prf}`,
        iterations,
        weak: iterations < FEW_ITERATIONS,
      },
      length: HASH_LENGTH[hash],
      cost: iterations * Math.ceil(keyLength / HASH_LENGTH[prf]),
      compute: async (content, { utf8 }) => {
        const key = await pbkdf2(prf, utf8, salt, iterations, keyLength)
        const mac = await hmac(hash, key, content)
        wipe(key)
        return mac
      },
    }
  })
}

interface Pbkdf2 {
  readonly salt: Uint8Array
  readonly iterations: number
  readonly keyLength: number
  readonly prf: KdfHash
}

function readPbkdf2(r: DerReader, budget: Budget): Pbkdf2 {
  const at = r.offset
  const salt = r.octetString('salt.specified')
  if (salt.length === 0) r.fail('ERR_ASN1_VALUE', 'empty salt', at, 'salt.specified')
  const iterations = readIterations(r, budget.bounds)
  const keyLength = r.smallInteger('keyLength', KEY_LENGTH.min, KEY_LENGTH.max)
  const prf = r.done ? 'SHA-1' : r.sequence('prf', readHmac)
  return { salt, iterations, keyLength, prf }
}

function readHmac(r: DerReader): KdfHash {
  const oid = r.oid('algorithm')
  const hash = HMACS.get(oid)
  if (hash === undefined) throw unknownMac(`PBMAC1 and ${describeOid(oid)}`)
  if (!r.done) r.null('parameters')
  return hash
}
