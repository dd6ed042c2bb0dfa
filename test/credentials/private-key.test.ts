import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contextTag, der, encode, encodePem } from '../../src/asn1/index.ts'
import { publicKeyOf, readPrivateKey } from '../../src/credentials/index.ts'
import { codeOf, failure, spkiOf, spkiOfVector, vector, vectorPath } from './support.ts'

const keyFiles = readdirSync(vectorPath('')).filter((name) =>
  /^(rsa|rsa-pss|p\d+|ed\d+)\..*(pem|der|base64)$/.test(name),
)
const encrypted = (name: string): boolean => /pbe|scrypt|traditional/.test(name)
const passwordOf = (name: string): string => (name.includes('empty-password') ? '' : 'test')
const text = (name: string): string => Buffer.from(vector(name)).toString('latin1')

describe('readPrivateKey', () => {
  it('has files of every class', () => {
    expect(keyFiles.length).toBeGreaterThanOrEqual(35)
  })

  it.each(keyFiles.filter((name) => name !== 'rsa.crt.der'))('reads %s', async (name) => {
    const key = await readPrivateKey(vector(name), encrypted(name) ? { password: passwordOf(name) } : {})
    expect(key.type).toBe('private')
    expect(spkiOf(key)).toBe(spkiOfVector(name))
  })

  it.each(keyFiles.filter(encrypted))('wants a password for %s', async (name) => {
    const bytes = vector(name)
    expect(await codeOf(() => readPrivateKey(bytes))).toBe('PASSWORD_REQUIRED')
    expect(await codeOf(() => readPrivateKey(bytes, { password: async () => undefined }))).toBe(
      'PASSWORD_REQUIRED',
    )
    expect(await codeOf(() => readPrivateKey(bytes, { password: 'Test' }))).toBe('PASSWORD_WRONG')
  })

  it('asks for the password once, and only where it is needed', async () => {
    let asked = 0
    const password = async (): Promise<string> => {
      asked++
      return 'test'
    }
    await readPrivateKey(vector('p256.pkcs8.pem'), { password })
    expect(asked).toBe(0)
    await readPrivateKey(vector('p256.scrypt-16384.pem'), { password })
    expect(asked).toBe(1)
    await codeOf(() =>
      readPrivateKey(vector('p256.scrypt-16384.pem'), { password: () => `wrong ${asked++}` }),
    )
    expect(asked).toBe(2)
  })

  it('takes a password as bytes, does not change them, and passes on what a callback throws', async () => {
    const password = Buffer.from('test')
    await readPrivateKey(vector('p256.pbes2-aes-256-cbc-hmacWithSHA256.pem'), { password })
    expect(password.toString()).toBe('test')
    const reason = new Error('the user pressed Ctrl-C')
    const callback = async (): Promise<string> => Promise.reject(reason)
    await expect(readPrivateKey(vector('p256.scrypt-16384.pem'), { password: callback })).rejects.toBe(reason)
    const wrongType = readPrivateKey(vector('p256.scrypt-16384.pem'), { password: 5 as never })
    await expect(wrongType).rejects.toThrow(TypeError)
  })

  it('does not change the input', async () => {
    for (const name of ['rsa.pkcs8.der', 'rsa.pbes2.der', 'rsa.pkcs1.pem', 'p256.sec1.der']) {
      const input = vector(name)
      await readPrivateKey(input, { password: 'test' })
      expect(Buffer.from(input).equals(vector(name)), name).toBe(true)
    }
  })

  it('takes text as it takes bytes, with other things around it', async () => {
    const key = text('p256.sec1.pem')
    const forms = [
      key,
      key.replaceAll('\n', '\r\n'),
      `﻿${key}`,
      text('rsa.crt') + key,
      `0 s:CN = from s_client\n${text('root.crt')}${key}`,
      text('refused.public-key.pem') + key,
      key.replaceAll(/^/gm, '   '),
    ]
    for (const form of forms) expect(spkiOf(await readPrivateKey(form))).toBe(spkiOfVector('p256'))
    const utf16 = Buffer.from(`﻿${key}`, 'utf16le')
    expect(spkiOf(await readPrivateKey(utf16))).toBe(spkiOfVector('p256'))
    expect(spkiOf(await readPrivateKey(text('rsa.pkcs8.base64')))).toBe(spkiOfVector('rsa'))
  })

  it('goes by content where the label of a block is wrong', async () => {
    const body = (name: string): string =>
      text(name)
        .replace(/-----[^-]*-----/g, '')
        .trim()
    for (const name of ['rsa.pkcs1.pem', 'rsa.pkcs8.pem', 'p256.sec1.pem', 'p256.pbe-sha1-3des.pem']) {
      for (const label of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']) {
        const pem = `-----BEGIN ${label}-----\n${body(name)}\n-----END ${label}-----\n`
        expect(spkiOf(await readPrivateKey(pem, { password: 'test' }))).toBe(spkiOfVector(name))
      }
    }
    const lie = `-----BEGIN PRIVATE KEY-----\n${body('rsa.crt')}\n-----END PRIVATE KEY-----\n`
    expect((await failure(() => readPrivateKey(lie))).message).toContain('it holds a certificate')
  })

  it('says where two keys are', async () => {
    const error = await failure(() => readPrivateKey(vector('refused.two-keys.pem')))
    expect(error.code).toBe('ERR_CREDENTIAL_AMBIGUOUS')
    expect(error.message).toBe('2 private keys, in lines 1, 6')
  })

  it('is not misled by an error that another call left in OpenSSL’s queue', async () => {
    const [rsa, ed25519] = [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ed25519'),
    ]
    expect(rsa.publicKey.equals(ed25519.publicKey)).toBe(false)
    expect(spkiOf(await readPrivateKey(vector('p256.pkcs8.der')))).toBe(spkiOfVector('p256'))
  })

  it('refuses arguments of another type', async () => {
    await expect(readPrivateKey(undefined as never)).rejects.toThrow(TypeError)
    await expect(readPrivateKey([1, 2] as never)).rejects.toThrow(TypeError)
    expect(() => publicKeyOf(generateKeyPairSync('ed25519').publicKey)).toThrow(TypeError)
  })
})

describe('PKCS#8 version 2 (RFC 5958)', () => {
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
  const point = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')
  const attribute = der.sequence([
    der.oid('1.2.840.113549.1.9.9.20'),
    der.set([der.utf8String('Curdle Chairs')]),
  ])
  const parts = (version: number, ...more: Uint8Array[]): Uint8Array =>
    der.sequence([
      der.integer(version),
      der.sequence([der.oid('1.3.101.112')]),
      der.octetString(der.octetString(seed)),
      ...more,
    ])
  const attributes = encode(contextTag(0, true), [attribute])
  const implicit = encode(contextTag(1, false), [Uint8Array.of(0), point])
  const explicit = encode(contextTag(1, true), [der.bitString(point)])

  it.each([
    ['without anything optional', parts(0)],
    ['attributes', parts(0, attributes)],
    ['attributes and public key, the example of RFC 8410 10.3', parts(1, attributes, implicit)],
    ['public key alone', parts(1, implicit)],
    ["the public key with an explicit tag, as Rust's ring writes it", parts(1, explicit)],
  ])('%s', async (_, bytes) => {
    const jwk = (await readPrivateKey(bytes)).export({ format: 'jwk' })
    expect(jwk).toMatchObject({ d: seed.toString('base64url'), x: point.toString('base64url') })
  })

  it.each([
    ['a public key in version 1', parts(0, implicit)],
    [
      'another public key',
      parts(1, encode(contextTag(1, false), [Uint8Array.of(0), Buffer.from(point).reverse()])),
    ],
    ['version 3', parts(2)],
    ['public key before attributes', parts(1, implicit, attributes)],
  ])('refuses %s', async (_, bytes) => {
    expect(await codeOf(() => readPrivateKey(bytes))).toBe('FORMAT')
  })
})

describe('keys whose numbers do not belong together', () => {
  const rsa = createPrivateKey(Buffer.from(vector('rsa.pkcs8.pem'))).export({ format: 'jwk' })
  const number = (base64url: string | undefined): Uint8Array =>
    der.integer(Buffer.from(base64url ?? '', 'base64url'))
  const pkcs1 = (jwk: typeof rsa): Uint8Array =>
    der.sequence([der.integer(0), ...[jwk.n, jwk.e, jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].map(number)])
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })

  it('takes the numbers as they were', async () => {
    expect(spkiOf(await readPrivateKey(pkcs1(rsa)))).toBe(spkiOfVector('rsa'))
  })

  it.each([
    ['the modulus of another key', { ...rsa, n: other.n }],
    ['all private numbers of another key', { ...other, n: rsa.n }],
    ['another public exponent', { ...rsa, e: 'Aw' }],
    ['an even modulus', { ...rsa, n: `${rsa.n?.slice(0, -1)}A` }],
  ])('refuses %s', async (_, jwk) => {
    expect(await codeOf(() => readPrivateKey(pkcs1(jwk as typeof rsa)))).toBe('FORMAT')
  })

  it('refuses more than 16,384 bits, negative numbers, zero, and several primes', async () => {
    const huge = Buffer.alloc(2049, 0xff).toString('base64url')
    expect(await codeOf(() => readPrivateKey(pkcs1({ ...rsa, n: huge })))).toBe('FORMAT')
    expect(await codeOf(() => readPrivateKey(pkcs1({ ...rsa, p: '' })))).toBe('FORMAT')
    const negative = der.sequence([der.integer(0), ...[3, 3, 3, 3, -3, 3, 3, 3].map((n) => der.integer(n))])
    expect(await codeOf(() => readPrivateKey(negative))).toBe('FORMAT')
    const multiprime = der.sequence([der.integer(1), ...new Array(8).fill(der.integer(3)), der.sequence([])])
    const pkcs8 = der.sequence([
      der.integer(0),
      der.sequence([der.oid('1.2.840.113549.1.1.1'), der.null()]),
      der.octetString(multiprime),
    ])
    expect(await codeOf(() => readPrivateKey(pkcs8))).toBe('UNSUPPORTED')
  })

  const ec = (d: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
    der.sequence([
      der.integer(1),
      der.octetString(d),
      der.explicit(0, der.oid('1.2.840.10045.3.1.7')),
      ...more,
    ])
  const scalar = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')

  it('refuses an EC key with another public key, zero, or a number too long for the curve', async () => {
    const [one, two] = ['P-256', 'P-256'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve }))
    const point = two?.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65) as Buffer
    const mixed = ec(scalar(one?.privateKey as KeyObject), der.explicit(1, der.bitString(point)))
    expect(await codeOf(() => readPrivateKey(mixed))).toBe('FORMAT')
    expect(await codeOf(() => readPrivateKey(ec(new Uint8Array(32))))).toBe('FORMAT')
    expect(await codeOf(() => readPrivateKey(ec(new Uint8Array(33).fill(1))))).toBe('FORMAT')
    expect(await codeOf(() => readPrivateKey(ec(new Uint8Array(0))))).toBe('FORMAT')
  })

  it('reads an EC key with its leading zeros left out, as old programs write it', async () => {
    const short = await readPrivateKey(ec(Uint8Array.of(5)))
    expect(scalar(short)).toEqual(Buffer.concat([Buffer.alloc(31), Buffer.of(5)]))
  })

  it('wants an EC key to name its curve, once', async () => {
    const bare = der.sequence([der.integer(1), der.octetString(Uint8Array.of(5))])
    expect(await codeOf(() => readPrivateKey(bare))).toBe('FORMAT')
    const p256 = encodePem('EC PARAMETERS', der.oid('1.2.840.10045.3.1.7'))
    const p384 = encodePem('EC PARAMETERS', der.oid('1.3.132.0.34'))
    const block = encodePem('EC PRIVATE KEY', bare)
    expect(publicKeyOf(await readPrivateKey(p256 + block)).curve).toBe('P-256')
    expect(publicKeyOf(await readPrivateKey(p384 + block)).curve).toBe('P-384')
    const both = encodePem('EC PRIVATE KEY', ec(Uint8Array.of(5)))
    expect(await codeOf(() => readPrivateKey(p384 + both))).toBe('FORMAT')
  })
})
