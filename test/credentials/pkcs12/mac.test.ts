/** The integrity check: MacData (RFC 7292 section 4) and PBMAC1 (RFC 9579). */
import { createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { der } from '../../../src/asn1/index.ts'
import type { Credentials } from '../../../src/credentials/contents.ts'
import { readPkcs12 } from '../../../src/credentials/index.ts'
import { codeOf, failure } from '../support.ts'
import {
  authenticatedSafe,
  certBag,
  encryptedSafe,
  macData,
  macFields,
  makePair,
  makePfx,
  pfxOf,
  plainSafe,
  SALT,
  shroudedBag,
  usualSafes,
} from './make-pkcs12.ts'

const pair = makePair()
const password = 'test'
const read = (bytes: Uint8Array): Promise<Credentials> => readPkcs12(bytes, { password })
const plain = authenticatedSafe(plainSafe(certBag(pair)))
const usual = authenticatedSafe(...usualSafes(pair))

describe('MAC', () => {
  it.each(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const)(
    'with %s is verified',
    async (hash) => {
      const { protection } = await read(
        makePfx([plainSafe(certBag(pair))], { password, hash, iterations: 3 }),
      )
      const name = hash.toUpperCase().replace('SHA', 'SHA-')
      expect(protection.mac).toMatchObject({
        algorithm: `HMAC-${name}`,
        keyDerivation: `PKCS#12 KDF ${name}`,
      })
      expect(protection.mac?.iterations).toBe(3)
    },
  )

  it('of one iteration need not say so', async () => {
    const right = macData(plain, { password })
    const mac = createHmacOf(right)
    expect((await read(pfxOf(plain, macFields(SHA_256, mac)))).protection.mac?.iterations).toBe(1)
  })

  it('without NULL parameters is verified', async () => {
    const mac = createHmacOf(macData(plain, { password }))
    const fields = macFields(der.sequence([der.oid('2.16.840.1.101.3.4.2.1')]), mac, der.integer(1))
    expect((await read(pfxOf(plain, fields))).certificates).toHaveLength(1)
  })

  it('of few iterations gives a note', async () => {
    const notes = async (iterations: number): Promise<string> =>
      (await read(makePfx([plainSafe(certBag(pair))], { password, iterations }))).notes.join()
    expect(await notes(999)).toContain('The MAC is weak')
    expect(await notes(1000)).not.toContain('MAC')
  })

  it.each([0, 1, 20, 31, 33, 64])('of %i bytes where 32 are right is damaged', async (length) => {
    const whole = Buffer.concat([createHmacOf(macData(plain, { password })), Buffer.alloc(32)])
    const fields = macFields(SHA_256, whole.subarray(0, length), der.integer(1))
    expect(await codeOf(() => read(pfxOf(plain, fields)))).toBe('FORMAT')
  })

  it.each([0, -1])('of %i iterations is damaged', async (iterations) => {
    const mac = createHmac('sha256', Buffer.alloc(32)).update(plain).digest()
    expect(await codeOf(() => read(pfxOf(plain, macFields(SHA_256, mac, der.integer(iterations)))))).toBe(
      'FORMAT',
    )
  })

  it.each([
    ['an empty SEQUENCE', der.sequence([])],
    ['NULL', der.null()],
    ['one with a field too many', macFields(SHA_256, new Uint8Array(32), der.integer(1), der.integer(1))],
  ])('that is %s is damaged, not missing', async (_, mac) => {
    const options = { password, allowMissingMac: true }
    expect(await codeOf(() => readPkcs12(pfxOf(plain, mac), options))).toBe('FORMAT')
  })

  it('of another hash is not supported, and named', async () => {
    const md4 = der.sequence([der.oid('1.2.840.113549.2.4'), der.null()])
    const error = await failure(() => read(pfxOf(plain, macFields(md4, new Uint8Array(16), der.integer(1)))))
    expect(error.code).toBe('ERR_CREDENTIAL_UNSUPPORTED')
    expect(error.message).toContain('1.2.840.113549.2.4')
  })

  it('with MD5 is weak', async () => {
    const { protection } = await read(
      makePfx([plainSafe(certBag(pair))], { password, hash: 'md5', iterations: 5000 }),
    )
    expect(protection.mac?.weak).toBe(true)
  })

  it('that is missing is an error, unless it is allowed: then a note', async () => {
    const bytes = makePfx(usualSafes(pair), null)
    expect(await codeOf(() => read(bytes))).toBe('MAC_MISSING')
    const contents = await readPkcs12(bytes, { password, allowMissingMac: true })
    expect(contents.keys).toHaveLength(1)
    expect(contents.protection.mac).toBeUndefined()
    expect(contents.notes).toContain('The file has no MAC: nothing proves that it is unchanged.')
  })

  it('that is missing is told before the password is asked for', async () => {
    const ask = (): never => {
      throw new Error('asked')
    }
    expect(await codeOf(() => readPkcs12(makePfx(usualSafes(pair), null), { password: ask }))).toBe(
      'MAC_MISSING',
    )
  })
})

describe('a MAC that does not fit', () => {
  const mac = macData(usual, { password })

  it('is a changed file where the password opens what is encrypted', async () => {
    const safes = usualSafes(pair)
    const more = authenticatedSafe(...safes, plainSafe(certBag(makePair())))
    expect(await codeOf(() => read(pfxOf(more, mac)))).toBe('MAC_WRONG')
    const keyOnly = authenticatedSafe(plainSafe(shroudedBag(pair, password)))
    expect(await codeOf(() => read(pfxOf(keyOnly, mac)))).toBe('MAC_WRONG')
  })

  it('is a wrong password where that opens nothing', async () => {
    expect(await codeOf(() => readPkcs12(pfxOf(usual, mac), { password: 'Test' }))).toBe('PASSWORD_WRONG')
  })

  it('cannot be told from a wrong password where nothing is encrypted, which the hint says', async () => {
    const error = await failure(() => read(pfxOf(plain, mac)))
    expect(error.code).toBe('ERR_CREDENTIAL_PASSWORD_WRONG')
    expect(error.hint).toContain('changed')
  })

  it('in any byte of the contents or the MAC is noticed', async () => {
    const bytes = makePfx(usualSafes(pair))
    const good = JSON.stringify((await read(bytes)).notes)
    const accepted: number[] = []
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = bytes.slice()
      changed[at] = (changed[at] as number) ^ 1
      const opened = await read(changed).then(
        ({ notes }) => JSON.stringify(notes) === good,
        () => false,
      )
      if (opened) accepted.push(at)
    }
    expect(accepted).toEqual([])
  })
})

describe('PBMAC1', () => {
  const HMAC = { sha1: 7, sha224: 8, sha256: 9, sha384: 10, sha512: 11 }
  type Hash = keyof typeof HMAC
  const hmac = (hash: Hash): Uint8Array =>
    der.sequence([der.oid(`1.2.840.113549.2.${HMAC[hash]}`), der.null()])

  interface Options {
    readonly prf?: Hash
    readonly hash?: Hash
    readonly keyLength?: number
    readonly iterations?: number
    /** Fields of PBKDF2-params behind the iterations. */
    readonly rest?: readonly Uint8Array[]
    readonly kdf?: string
    readonly scheme?: Uint8Array
    readonly salt?: Uint8Array
  }

  function pbmac1(content: Uint8Array, options: Options = {}): Uint8Array {
    const { prf = 'sha256', hash = 'sha256', keyLength = 32, iterations = 2 } = options
    const key = pbkdf2Sync(password, SALT, iterations, Math.max(keyLength, 1), prf)
    const rest = options.rest ?? [der.integer(keyLength), hmac(prf)]
    const salt = options.salt ?? der.octetString(SALT)
    const kdf = der.oid(options.kdf ?? '1.2.840.113549.1.5.12')
    const kdfParameters = der.sequence([salt, der.integer(iterations), ...rest])
    const parameters = der.sequence([der.sequence([kdf, kdfParameters]), options.scheme ?? hmac(hash)])
    const algorithm = der.sequence([der.oid('1.2.840.113549.1.5.14'), parameters])
    return macFields(algorithm, createHmac(hash, key).update(content).digest(), der.integer(1))
  }

  it.each([
    ['sha256', 'sha256', 32],
    ['sha256', 'sha512', 64],
    ['sha512', 'sha512', 64],
    ['sha1', 'sha384', 48],
    ['sha384', 'sha1', 20],
    ['sha224', 'sha224', 28],
    ['sha256', 'sha256', 128],
  ] as const)(
    'with PBKDF2 of %s, HMAC of %s and a key of %i bytes is verified',
    async (prf, hash, keyLength) => {
      const { protection } = await read(pfxOf(plain, pbmac1(plain, { prf, hash, keyLength })))
      const name = (of: string): string => of.toUpperCase().replace('SHA', 'SHA-')
      expect(protection.mac).toEqual({
        algorithm: `PBMAC1 HMAC-${name(hash)}`,
        keyDerivation: `PBKDF2 HMAC-${name(prf)}`,
        iterations: 2,
        weak: true,
      })
    },
  )

  it('takes SHA-1 where the PRF is left out', async () => {
    const mac = pbmac1(plain, { prf: 'sha1', rest: [der.integer(32)] })
    expect((await read(pfxOf(plain, mac))).certificates).toHaveLength(1)
  })

  it('tells a changed file from a wrong password', async () => {
    const mac = pbmac1(usual)
    expect(await codeOf(() => readPkcs12(pfxOf(usual, mac), { password: 'Test' }))).toBe('PASSWORD_WRONG')
    const other = authenticatedSafe(encryptedSafe(password, certBag(pair)))
    expect(await codeOf(() => read(pfxOf(other, mac)))).toBe('MAC_WRONG')
  })

  it.each([0, 1, 19, 129, 256, 65_536])('with a key of %i bytes is damaged', async (keyLength) => {
    expect(await codeOf(() => read(pfxOf(plain, pbmac1(plain, { keyLength }))))).toBe('FORMAT')
  })

  it('must have the length of the key', async () => {
    const mac = pbmac1(plain, { rest: [hmac('sha256')] })
    expect(await codeOf(() => read(pfxOf(plain, mac)))).toBe('FORMAT')
  })

  it.each([
    ['no iterations', { iterations: 0 }],
    ['an empty salt', { salt: der.octetString(new Uint8Array()) }],
    ['a salt from elsewhere', { salt: der.sequence([der.oid('1.2.3')]) }],
  ])('with %s is damaged', async (_, options) => {
    const { iterations = 1 } = options as Options
    const mac = pbmac1(plain, { ...options, iterations: Math.max(iterations, 1) })
    const bytes = iterations === 0 ? withZeroIterations() : pfxOf(plain, mac)
    expect(await codeOf(() => read(bytes))).toBe('FORMAT')
  })

  function withZeroIterations(): Uint8Array {
    const kdfParameters = der.sequence([
      der.octetString(SALT),
      der.integer(0),
      der.integer(32),
      hmac('sha256'),
    ])
    const kdf = der.sequence([der.oid('1.2.840.113549.1.5.12'), kdfParameters])
    const algorithm = der.sequence([der.oid('1.2.840.113549.1.5.14'), der.sequence([kdf, hmac('sha256')])])
    return pfxOf(plain, macFields(algorithm, new Uint8Array(32), der.integer(1)))
  }

  it.each([
    ['derivation', { kdf: '1.3.6.1.4.1.11591.4.11' }],
    ['PRF', { rest: [der.integer(32), der.sequence([der.oid('1.2.840.113549.2.13'), der.null()])] }],
    ['HMAC', { scheme: der.sequence([der.oid('1.2.840.113549.2.13'), der.null()]) }],
  ])('with another %s is not supported', async (_, options) => {
    expect(await codeOf(() => read(pfxOf(plain, pbmac1(plain, options))))).toBe('UNSUPPORTED')
  })
})

const SHA_256 = der.sequence([der.oid('2.16.840.1.101.3.4.2.1'), der.null()])

/** The MAC's value out of a MacData with SHA-256. */
function createHmacOf(mac: Uint8Array): Uint8Array {
  const at = Buffer.from(mac).indexOf(Buffer.from('0420', 'hex'))
  return mac.slice(at + 2, at + 34)
}
