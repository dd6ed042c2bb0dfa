import { createCipheriv, createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { der, readDer } from '../../../src/asn1/index.ts'
import type { Lock } from '../../../src/credentials/encryption/lock.ts'
import { passwordCandidates } from '../../../src/credentials/encryption/passwords.ts'
import { readLock } from '../../../src/credentials/encryption/read-lock.ts'
import { withDefaults } from '../../../src/credentials/limits.ts'

const SALT = Buffer.from('0102030405060708', 'hex')
const DATA = Buffer.from('what is locked with one of the oldest schemes')
const OIDS = { md5: '1.2.840.113549.1.5.3', sha1: '1.2.840.113549.1.5.10' }

function lockOf(hash: keyof typeof OIDS, iterations: number): Lock {
  const parameters = der.sequence([der.octetString(SALT), der.integer(iterations)])
  const algorithm = der.sequence([der.oid(OIDS[hash]), parameters])
  const lock = readDer(algorithm, '', (r) => r.sequence('', (s) => readLock(s, withDefaults())))
  if ('unknown' in lock) throw new Error(lock.unknown)
  return lock
}

/** PBKDF1 and DES of node:crypto; single DES is triple DES with one key three times. */
function locked(hash: keyof typeof OIDS, password: string, iterations: number): Buffer {
  let block: Buffer = Buffer.concat([Buffer.from(password), SALT])
  for (let i = 0; i < iterations; i++) block = createHash(hash).update(block).digest()
  const key = block.subarray(0, 8)
  const cipher = createCipheriv('des-ede3-cbc', Buffer.concat([key, key, key]), block.subarray(8, 16))
  return Buffer.concat([cipher.update(DATA), cipher.final()])
}

async function opened(lock: Lock, text: string, data: Uint8Array): Promise<string | undefined> {
  const [password] = passwordCandidates(text)
  if (password === undefined) throw new Error('no form of the password')
  const derived = await lock.derive(password)
  const plain = await derived.decrypt(data)
  derived.wipe()
  return plain && Buffer.from(plain).toString()
}

describe.each(['md5', 'sha1'] as const)('PBES1 with %s (RFC 8018 6.1)', (hash) => {
  // Around the turns that other work has.
  it.each([1, 2, 2048, 10_000, 10_001, 20_001])('%i iterations', async (iterations) => {
    const data = locked(hash, 'pässword', iterations)
    expect(await opened(lockOf(hash, iterations), 'pässword', data)).toBe(`${DATA}`)
    expect(await opened(lockOf(hash, iterations + 1), 'pässword', data)).not.toBe(`${DATA}`)
  })

  it('gives way to other work', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await opened(lockOf(hash, 100_001), 'x', new Uint8Array(8))
    clearInterval(timer)
    expect(turns).toBeGreaterThanOrEqual(2)
  })
})
