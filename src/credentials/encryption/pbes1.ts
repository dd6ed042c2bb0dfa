import { portableDigest } from '../../algorithms/compression.ts'
import type { DerReader } from '../../asn1/index.ts'
import type { Bounds } from '../limits.ts'
import { wipe } from '../wipe.ts'
import type { Cipher } from './ciphers.ts'
import { readIterations } from './kdf.ts'
import { type Lock, lockOf } from './lock.ts'
import { md5 } from './md5.ts'
import { otherWork } from './other-work.ts'

/** Reads PBEParameter (RFC 8018 A.3): MD5 or SHA-1 with DES or RC2 of 64 bits. */
export function readPbes1Parameters(
  r: DerReader,
  hash: 'MD5' | 'SHA-1',
  cipher: Cipher,
  bounds: Bounds,
): Lock {
  return r.sequence('parameters', (s) => {
    const at = s.offset
    const salt = s.octetString('salt')
    if (salt.length !== 8) s.fail('ERR_ASN1_VALUE', 'must have 8 bytes', at, 'salt')
    const iterations = readIterations(s, bounds)
    const layer = {
      algorithm: `PBES1 ${hash} ${cipher.name.replace('-CBC', '')}`,
      keyDerivation: `PBKDF1 ${hash}`,
      iterations,
      weak: true,
    }
    return lockOf(cipher, layer, iterations, async ({ utf8 }) => {
      const derived = await pbkdf1(hash, utf8, salt, iterations)
      return { key: derived.subarray(0, 8), iv: derived.subarray(8, 16) }
    })
  })
}

/** About 10 ms of work: other work has its turn in between. */
const ITERATIONS_A_TURN = 10_000

/** PBKDF1 (RFC 8018 5.1). */
async function pbkdf1(
  hash: 'MD5' | 'SHA-1',
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
): Promise<Uint8Array> {
  const digest = hash === 'MD5' ? await md5() : (data: Uint8Array) => portableDigest('SHA-1', data)
  const first = new Uint8Array(password.length + salt.length)
  first.set(password)
  first.set(salt, password.length)
  let block = digest(first)
  wipe(first)
  for (let i = 1; i < iterations; i++) {
    if (i % ITERATIONS_A_TURN === 0) await otherWork()
    const next = digest(block)
    wipe(block)
    block = next
  }
  return block
}
