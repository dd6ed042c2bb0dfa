import { describeOid } from '../../algorithms/known-names.ts'
import { Oid } from '../../algorithms/oids.ts'
import type { DerReader } from '../../asn1/index.ts'
import type { ProtectionLayer } from '../contents.ts'
import { hmac } from '../encryption/hmac.ts'
import { FEW_ITERATIONS, readIterations } from '../encryption/kdf.ts'
import type { PasswordBytes } from '../encryption/passwords.ts'
import { type KdfHash, pkcs12Kdf } from '../encryption/pkcs12-kdf.ts'
import { damaged } from '../errors.ts'
import { wipe } from '../wipe.ts'
import type { Budget } from './budget.ts'
import { MD5_COST, MD5_LENGTH, macByMd5 } from './mac-md5.ts'
import { HASH_LENGTH, type MacMethod, unknownMac } from './mac-method.ts'
import { Pkcs12Oid } from './oids.ts'
import { readPbmac1 } from './pbmac1.ts'

/** The integrity check of a file (RFC 7292 4, MacData). */
export interface Mac {
  readonly layer: ProtectionLayer
  /** Whether the MAC over `content` is right. */
  verify(content: Uint8Array, password: PasswordBytes): Promise<boolean>
}

const HASHES: ReadonlyMap<string, KdfHash | 'MD5'> = new Map<string, KdfHash | 'MD5'>([
  [Oid.md5, 'MD5'],
  [Oid.sha1, 'SHA-1'],
  ['2.16.840.1.101.3.4.2.4', 'SHA-224'],
  [Oid.sha256, 'SHA-256'],
  [Oid.sha384, 'SHA-384'],
  [Oid.sha512, 'SHA-512'],
])

/** Reads the inside of MacData and counts its work. */
export function readMacData(r: DerReader, budget: Budget): Mac {
  const { readMethod, digest } = r.sequence('mac', (mac) => ({
    readMethod: mac.sequence('digestAlgorithm', (algorithm) => readAlgorithm(algorithm, budget)),
    digest: mac.octetString('digest'),
  }))
  const method = readMethod(r)
  // A MAC that is cut short would be quickly guessed.
  if (digest.length !== method.length) {
    throw damaged(`PKCS#12: the MAC has ${digest.length} bytes where ${method.length} are right`)
  }
  budget.spend(method.cost)
  return {
    layer: method.layer,
    verify: async (content, password) => equalInConstantTime(digest, await method.compute(content, password)),
  }
}

/** Gives the reader of what follows: macSalt and iterations, which PBMAC1 does not use. */
function readAlgorithm(r: DerReader, budget: Budget): (r: DerReader) => MacMethod {
  const oid = r.oid('algorithm')
  if (oid === Pkcs12Oid.pbmac1) {
    const method = readPbmac1(r, budget)
    return (fields) => {
      fields.octetString('macSalt')
      if (!fields.done) fields.integerBytes('iterations')
      return method
    }
  }
  const hash = HASHES.get(oid)
  if (hash === undefined) throw unknownMac(describeOid(oid))
  if (!r.done) r.null('parameters')
  return (fields) => readClassicMac(fields, hash, budget)
}

/** HMAC with a key of PKCS#12's own derivation (RFC 7292 appendix B.4). */
function readClassicMac(r: DerReader, hash: KdfHash | 'MD5', budget: Budget): MacMethod {
  const at = r.offset
  const salt = r.octetString('macSalt')
  if (salt.length === 0) r.fail('ERR_ASN1_VALUE', 'empty salt', at, 'macSalt')
  const iterations = r.done ? 1 : readIterations(r, budget.bounds)
  const weak = iterations < FEW_ITERATIONS || hash === 'MD5'
  const layer = { algorithm: `HMAC-${hash}`, keyDerivation: `PKCS#12 KDF ${hash}`, iterations, weak }
  if (hash === 'MD5') {
    const compute: MacMethod['compute'] = (content, { bmp }) => macByMd5(content, bmp, salt, iterations)
    return { layer, length: MD5_LENGTH, cost: iterations * MD5_COST, compute }
  }
  const length = HASH_LENGTH[hash]
  return {
    layer,
    length,
    cost: iterations,
    compute: async (content, { bmp }) => {
      const key = await pkcs12Kdf(hash, bmp, salt, iterations, 'mac', length)
      const mac = await hmac(hash, key, content)
      wipe(key)
      return mac
    },
  }
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0)
  return difference === 0
}
