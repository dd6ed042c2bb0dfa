import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { der, readDer } from '../../../src/asn1/index.ts'
import {
  type Encrypted,
  encryptPbes1,
  encryptPbes2,
  type Pbes2Options,
} from '../../../src/credentials/encryption/encrypt.ts'
import { passwordCandidates } from '../../../src/credentials/encryption/passwords.ts'
import { readLock } from '../../../src/credentials/encryption/read-lock.ts'
import { readCredentials } from '../../../src/credentials/index.ts'
import { withDefaults } from '../../../src/credentials/limits.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { vector } from '../support.ts'

const PASSWORD = 'correct hörse €'
const [password] = passwordCandidates(PASSWORD)
if (password === undefined) throw new Error('no form of the password')

const KDFS: readonly Pbes2Options['kdf'][] = [
  ...(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const).map((prf) => ({
    name: 'PBKDF2' as const,
    prf,
    iterations: 2000,
  })),
  { name: 'scrypt', N: 4096, r: 8, p: 1 },
]
const CIPHERS = ['AES-256-CBC', 'AES-192-CBC', 'AES-128-CBC', '3DES-CBC'] as const
const PBES2 = CIPHERS.flatMap((cipher) =>
  KDFS.map((kdf) => ({ title: `${cipher}, ${'prf' in kdf ? kdf.prf : kdf.name}`, cipher, kdf })),
)

const keyOf = ({ algorithm, ciphertext }: Encrypted): Uint8Array =>
  der.sequence([algorithm, der.octetString(ciphertext)])
const lockOf = ({ algorithm }: Encrypted) => {
  const lock = readDer(algorithm, '', (r) => r.sequence('', (s) => readLock(s, withDefaults())))
  if ('unknown' in lock) throw new Error(lock.unknown)
  return lock
}

const plain = vector('p256.pkcs8.der')

describe('what is encrypted', () => {
  it.each(PBES2)('with PBES2 is opened again: $title', async (options) => {
    const made = await encryptPbes2(plain, password, options)
    const derived = await lockOf(made).derive(password)
    expect(await derived.decrypt(made.ciphertext)).toEqual(plain)
    const { keys } = await readCredentials(keyOf(made), { password: PASSWORD })
    expect(keys[0]?.key.curve).toBe('P-256')
  })

  it('with triple DES of PKCS#12 is opened again, and said to be weak', async () => {
    const made = await encryptPbes1(plain, password, { scheme: 'PBE-SHA1-3DES', iterations: 2000 })
    const lock = lockOf(made)
    expect(lock.layer).toMatchObject({ iterations: 2000, weak: true })
    expect(await (await lock.derive(password)).decrypt(made.ciphertext)).toEqual(plain)
  })

  it('has a salt and an IV of its own each time', async () => {
    const options: Pbes2Options = { cipher: 'AES-256-CBC', kdf: KDFS[1] as Pbes2Options['kdf'] }
    const made = await Promise.all([1, 2, 3].map(() => encryptPbes2(plain, password, options)))
    const texts = made.flatMap(({ algorithm, ciphertext }) => [algorithm, ciphertext])
    expect(new Set(texts.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(6)
    const [salt, iv] = saltAndIv((made[0] as Encrypted).algorithm)
    expect([salt?.length, iv?.length]).toEqual([16, 16])
    expect(Buffer.from(salt as Uint8Array).equals(iv as Uint8Array)).toBe(false)
  })

  it('leaves the default PRF out, and names others with NULL', async () => {
    const prfOf = async (prf: 'SHA-1' | 'SHA-512'): Promise<string[]> => {
      const kdf = { name: 'PBKDF2', prf, iterations: 2000 } as const
      const { algorithm } = await encryptPbes2(plain, password, { cipher: 'AES-128-CBC', kdf })
      return prfFields(algorithm)
    }
    expect(await prfOf('SHA-1')).toEqual([])
    expect(await prfOf('SHA-512')).toEqual(['1.2.840.113549.2.11', 'NULL'])
  })
})

/** Reads strictly as DER what PBES2's parameters hold. */
function saltAndIv(algorithm: Uint8Array): Uint8Array[] {
  return readDer(algorithm, '', (r) =>
    r.sequence('', (s) => {
      s.oid('PBES2')
      return s.sequence('parameters', (p) => {
        const salt = p.sequence('keyDerivationFunc', (f) => {
          f.oid('PBKDF2')
          return f.sequence('parameters', (q) => {
            const found = q.octetString('salt')
            while (!q.done) q.element('')
            return found
          })
        })
        const iv = p.sequence('encryptionScheme', (e) => {
          e.oid('cipher')
          return e.octetString('iv')
        })
        return [salt, iv]
      })
    }),
  )
}

function prfFields(algorithm: Uint8Array): string[] {
  return readDer(algorithm, '', (r) =>
    r.sequence('', (s) => {
      s.oid('PBES2')
      return s.sequence('parameters', (p) => {
        const prf = p.sequence('keyDerivationFunc', (f) => {
          f.oid('PBKDF2')
          return f.sequence('parameters', (q) => {
            q.octetString('salt')
            q.smallInteger('iterationCount', 1, 10_000)
            if (q.done) return []
            return q.sequence('prf', (a) => {
              const oid = a.oid('algorithm')
              a.null('parameters')
              return [oid, 'NULL']
            })
          })
        })
        p.element('encryptionScheme')
        return prf
      })
    }),
  )
}

describeWith('openssl', 'OpenSSL', () => {
  const dir = tempDir()
  const opened = (encrypted: Encrypted): Uint8Array => {
    writeFileSync(join(dir, 'key.der'), keyOf(encrypted), { mode: 0o600 })
    writeFileSync(join(dir, 'password'), PASSWORD, { mode: 0o600 })
    const args = 'pkcs8 -in key.der -inform DER -passin file:password -outform DER -topk8 -nocrypt'.split(' ')
    const found = execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
    return new Uint8Array(found)
  }

  it.each(PBES2)('opens PBES2: $title', async (options) => {
    expect(opened(await encryptPbes2(plain, password, options))).toEqual(plain)
  })

  it('opens triple DES of PKCS#12', async () => {
    const options = { scheme: 'PBE-SHA1-3DES', iterations: 2000 } as const
    expect(opened(await encryptPbes1(plain, password, options))).toEqual(plain)
  })
})
