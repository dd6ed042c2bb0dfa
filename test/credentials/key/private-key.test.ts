import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nodeCrypto } from '../../../src/algorithms/node-crypto.ts'
import { contextTag, der, encode, encodePem, readDer } from '../../../src/asn1/index.ts'
import { PrivateKey, readCredentials } from '../../../src/credentials/index.ts'
import { codeOf, spkiOf, vector } from '../support.ts'

const nodeKey = (name: string): KeyObject => createPrivateKey(Buffer.from(vector(name)))
const pkcs8Of = (key: KeyObject): Uint8Array => key.export({ format: 'der', type: 'pkcs8' })
const base64 = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('base64')

/** Version, algorithm and octets of a PrivateKeyInfo, and the number of fields behind them. */
const fieldsOf = (pkcs8: Uint8Array) =>
  readDer(pkcs8, '', (r) =>
    r.sequence('', (s) => {
      const version = s.smallInteger('version', 0, 1)
      const algorithm = s.element('privateKeyAlgorithm').bytes
      const octets = s.octetString('privateKey')
      let more = 0
      for (; !s.done; more++) s.element('')
      return { version, algorithm, octets, more }
    }),
  )

afterEach(() => vi.restoreAllMocks())

describe('a key that is signed with', () => {
  it.each([
    ['rsa.pkcs8.pem', 'RSA 2048', 'RSA', 2048, undefined],
    ['rsa-pss.pkcs8.pem', 'RSA-PSS 2048', 'RSA-PSS', 2048, undefined],
    ['p256.pkcs8.pem', 'EC P-256', 'EC', 256, 'P-256'],
    ['p384.pkcs8.pem', 'EC P-384', 'EC', 384, 'P-384'],
    ['p521.pkcs8.pem', 'EC P-521', 'EC', 521, 'P-521'],
    ['ed25519.pkcs8.pem', 'Ed25519', 'Ed25519', 256, undefined],
    ['ed448.pkcs8.pem', 'Ed448', 'Ed448', 456, undefined],
  ])('%s is %s', async (file, name, type, bits, curve) => {
    const key = await PrivateKey.fromKeyObject(nodeKey(file))
    expect([key.name, key.type, key.bits, key.curve]).toEqual([name, type, bits, curve])
    expect(base64(key.subjectPublicKeyInfo)).toBe(spkiOf(nodeKey(file)))
    expect(spkiOf(await key.toKeyObject())).toBe(spkiOf(nodeKey(file)))
    const written = createPrivateKey({ key: Buffer.from(key.pkcs8()), format: 'der', type: 'pkcs8' })
    expect(written.equals(nodeKey(file))).toBe(true)
    expect(fieldsOf(key.pkcs8())).toMatchObject({ version: 0, more: 0 })
  })

  it('keeps the restrictions of RSA-PSS', async () => {
    const hashes = { hashAlgorithm: 'sha384', mgf1HashAlgorithm: 'sha384', saltLength: 48 }
    // The types take the length of the salt for a text.
    const options = { modulusLength: 2048, ...hashes, saltLength: 48 as never }
    const { privateKey } = generateKeyPairSync('rsa-pss', options)
    const key = await PrivateKey.fromKeyObject(privateKey)
    expect([key.name, key.type]).toEqual(['RSA-PSS 2048', 'RSA-PSS'])
    expect(base64(key.subjectPublicKeyInfo)).toBe(spkiOf(privateKey))
    expect((await key.toKeyObject()).asymmetricKeyDetails).toMatchObject(hashes)
  })

  it('is the same, whatever form it was read from', async () => {
    for (const [start, files] of [
      ['rsa', ['pkcs8.der', 'pkcs1.pem', 'pkcs1.der', 'pkcs8.base64']],
      ['p256', ['pkcs8.der', 'sec1.pem', 'sec1.der', 'sec1-compressed.pem', 'sec1-no-public.pem']],
      ['p256', ['sec1-with-parameters.pem']],
    ] as const) {
      const expected = await PrivateKey.fromKeyObject(nodeKey(`${start}.pkcs8.pem`))
      for (const file of files) {
        const [entry] = (await readCredentials(vector(`${start}.${file}`))).keys
        expect(base64(entry?.key.pkcs8()), file).toBe(base64(expected.pkcs8()))
      }
    }
  })

  it('has NULL in an RSA algorithm that left it out', async () => {
    const { octets, algorithm } = fieldsOf(vector('rsa.pkcs8.der'))
    const bare = der.sequence([der.oid('1.2.840.113549.1.1.1')])
    const key = await PrivateKey.fromPkcs8(der.sequence([der.integer(0), bare, der.octetString(octets)]))
    expect(base64(fieldsOf(key.pkcs8()).algorithm)).toBe(base64(algorithm))
  })

  it('has its named curve outside only, and its point inside', async () => {
    const key = await PrivateKey.fromPkcs8(pkcs8Of(nodeKey('p256.sec1-no-public.pem')))
    const fields = readDer(fieldsOf(key.pkcs8()).octets, '', (r) =>
      r.sequence('', (s) => {
        const version = s.smallInteger('version', 1, 1)
        const number = s.octetString('privateKey')
        const point = s.optional(contextTag(1, true), 'publicKey', (p) => p.bitStringBytes(''))
        return { version, length: number.length, point: point?.length, done: s.done }
      }),
    )
    expect(fields).toEqual({ version: 1, length: 32, point: 65, done: true })
  })

  it('loses attributes and a public key behind it (OneAsymmetricKey)', async () => {
    const { algorithm, octets } = fieldsOf(pkcs8Of(nodeKey('ed25519.pkcs8.pem')))
    const raw = Buffer.from(nodeKey('ed25519.pkcs8.pem').export({ format: 'jwk' }).x as string, 'base64url')
    const attribute = der.sequence([der.oid('1.2.840.113549.1.9.20'), der.set([der.utf8String('name')])])
    const parts = (publicKey: Uint8Array): Uint8Array[] => [
      ...[der.integer(1), algorithm, der.octetString(octets), encode(contextTag(0, true), [attribute])],
      encode(contextTag(1, false), [Uint8Array.of(0), publicKey]),
    ]
    const key = await PrivateKey.fromPkcs8(der.sequence(parts(raw)))
    expect(base64(key.pkcs8())).toBe(base64(pkcs8Of(nodeKey('ed25519.pkcs8.pem'))))
    const other = Uint8Array.from(raw, (octet, i) => (i === 5 ? octet ^ 1 : octet))
    expect(await codeOf(() => PrivateKey.fromPkcs8(der.sequence(parts(other))))).toBe('FORMAT')
  })
})

describe('reading', () => {
  it('signs nothing, and does not import RSA', async () => {
    const pkcs8 = ['rsa', 'p256', 'ed25519'].map((name) => pkcs8Of(nodeKey(`${name}.pkcs8.pem`)))
    const node = nodeCrypto as NonNullable<typeof nodeCrypto>
    const sign = vi.spyOn(node, 'sign')
    const imported = vi.spyOn(node, 'createPrivateKey')
    const [rsa, ...others] = pkcs8 as [Uint8Array, ...Uint8Array[]]
    const key = await PrivateKey.fromPkcs8(rsa)
    expect(imported).not.toHaveBeenCalled()
    for (const other of others) await PrivateKey.fromPkcs8(other)
    expect(imported).toHaveBeenCalledTimes(2)
    expect(sign).not.toHaveBeenCalled()
    const [first, second] = await Promise.all([key.toKeyObject(), key.toKeyObject()])
    expect(first).toBe(second)
    expect(sign).toHaveBeenCalledTimes(1)
  })

  it('takes numbers that do not belong together; a KeyObject of them is refused', async () => {
    const jwk = nodeKey('rsa.pkcs8.pem').export({ format: 'jwk' })
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const bytes = vector('rsa.pkcs8.der')
    const at = Buffer.from(bytes).indexOf(Buffer.from(jwk.n as string, 'base64url'))
    const mixed = Uint8Array.from(bytes)
    mixed.set(Buffer.from(publicKey.export({ format: 'jwk' }).n as string, 'base64url'), at)
    const key = await PrivateKey.fromPkcs8(mixed)
    expect(base64(key.subjectPublicKeyInfo)).toBe(
      base64(publicKey.export({ format: 'der', type: 'spki' }) as Buffer),
    )
    expect(await codeOf(() => key.toKeyObject())).toBe('FORMAT')
  })

  it('refuses the public key of another RSA key behind it', async () => {
    const { algorithm, octets } = fieldsOf(vector('rsa.pkcs8.der'))
    const carrying = (publicKey: KeyObject): Uint8Array => {
      const bits = publicKey.export({ format: 'der', type: 'pkcs1' })
      const carried = encode(contextTag(1, false), [Uint8Array.of(0), bits])
      return der.sequence([der.integer(1), algorithm, der.octetString(octets), carried])
    }
    const own = await PrivateKey.fromPkcs8(carrying(createPublicKey(nodeKey('rsa.pkcs8.pem'))))
    expect(base64(own.pkcs8())).toBe(base64(vector('rsa.pkcs8.der')))
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    expect(await codeOf(() => PrivateKey.fromPkcs8(carrying(publicKey)))).toBe('FORMAT')
  })

  it('refuses an EC number that is 0 or not below the order, though a point stands beside it', async () => {
    const { algorithm, octets } = fieldsOf(vector('p256.pkcs8.der'))
    const own = readDer(octets, '', (r) =>
      r.sequence('', (s) => {
        s.smallInteger('version', 1, 1)
        const number = s.octetString('privateKey')
        const point = s.optional(contextTag(1, true), 'publicKey', (p) => p.bitStringBytes(''))
        return { number, point: point as Uint8Array }
      }),
    )
    const withNumber = (number: Uint8Array): Uint8Array => {
      const point = der.explicit(1, der.bitString(own.point))
      const inner = der.sequence([der.integer(1), der.octetString(number), point])
      return der.sequence([der.integer(0), algorithm, der.octetString(inner)])
    }
    expect((await PrivateKey.fromPkcs8(withNumber(own.number))).curve).toBe('P-256')
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
    for (const number of [new Uint8Array(32), order, new Uint8Array(32).fill(0xff)]) {
      expect(await codeOf(() => PrivateKey.fromPkcs8(withNumber(number)))).toBe('FORMAT')
    }
  })

  it('copies: the input stays, and what comes out is a copy', async () => {
    const input = Uint8Array.from(vector('rsa.pkcs8.der'))
    const key = await PrivateKey.fromPkcs8(input)
    expect(input).toEqual(vector('rsa.pkcs8.der'))
    input.fill(0)
    key.pkcs8().fill(0)
    expect(base64(key.pkcs8())).toBe(base64(vector('rsa.pkcs8.der')))
  })

  it('refuses what is no key, explicit curve parameters and a public KeyObject', async () => {
    const bytes = vector('p256.pkcs8.der')
    expect(await codeOf(() => PrivateKey.fromPkcs8(bytes.subarray(0, -1)))).toBe('FORMAT')
    expect(await codeOf(() => PrivateKey.fromPkcs8(new Uint8Array()))).toBe('FORMAT')
    expect(await codeOf(() => readCredentials(vector('refused.explicit-parameters.pkcs8.pem')))).toBe(
      'UNSUPPORTED',
    )
    await expect(PrivateKey.fromPkcs8('MII' as never)).rejects.toThrow(TypeError)
    await expect(PrivateKey.fromKeyObject(createPublicKey(nodeKey('rsa.pkcs8.pem')))).rejects.toThrow(
      TypeError,
    )
  })
})

describe('a key of another kind', () => {
  const KINDS = [
    ['DSA', () => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey],
    ['secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
    ['brainpoolP256r1', () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }).privateKey],
    ['X25519', () => generateKeyPairSync('x25519').privateKey],
    ['X448', () => generateKeyPairSync('x448').privateKey],
  ] as const

  it.each(KINDS)('%s is kept as it is, with its public key', async (name, make) => {
    const made = make()
    const key = await PrivateKey.fromPkcs8(pkcs8Of(made))
    expect(key.name).toContain(name)
    expect([key.type, key.bits, key.curve]).toEqual([undefined, undefined, undefined])
    expect(base64(key.pkcs8())).toBe(base64(pkcs8Of(made)))
    expect(base64(key.subjectPublicKeyInfo)).toBe(spkiOf(made))
    expect(await codeOf(() => key.toKeyObject())).toBe('UNSUPPORTED')
    const pem = encodePem('PRIVATE KEY', key.pkcs8())
    expect((await readCredentials(pem)).keys.map((entry) => entry.key.fingerprint)).toEqual([key.fingerprint])
  })

  it('that nobody knows is kept without a public key', async () => {
    const algorithm = der.sequence([der.oid('1.2.643.2.2.20'), der.sequence([der.oid('1.2.643.2.2.32.2')])])
    const pkcs8 = der.sequence([der.integer(0), algorithm, der.octetString(Uint8Array.of(4, 2, 7, 7))])
    const key = await PrivateKey.fromPkcs8(pkcs8)
    expect(base64(key.pkcs8())).toBe(base64(pkcs8))
    expect([key.type, key.subjectPublicKeyInfo, key.fingerprint]).toEqual([undefined, undefined, undefined])
    expect(`${key}`).toBe(key.name)
    expect(JSON.parse(JSON.stringify(key))).toMatchObject({ type: null, bits: null, publicKeySha256: null })
  })
})

describe('disposing', () => {
  it('overwrites the key; its public side stays', async () => {
    const key = await PrivateKey.fromKeyObject(nodeKey('p256.pkcs8.pem'))
    const signing = await key.toKeyObject()
    key[Symbol.dispose]()
    expect(await codeOf(() => key.pkcs8())).toBe('NO_KEY')
    expect(base64(key.subjectPublicKeyInfo)).toBe(spkiOf(signing))
    expect(await key.toKeyObject()).toBe(signing)
    const unused = await PrivateKey.fromKeyObject(nodeKey('p256.pkcs8.pem'))
    unused[Symbol.dispose]()
    expect(await codeOf(() => unused.toKeyObject())).toBe('NO_KEY')
  })
})
