/** Each key finds its certificate and chain. */
import { type createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { der } from '../../../src/asn1/index.ts'
import type { Credentials } from '../../../src/credentials/contents.ts'
import { readPkcs12 } from '../../../src/credentials/index.ts'
import { publicKeyIdentity } from '../../../src/credentials/public-key-identity.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { commonName, certificate as makeCertificate, validity } from '../../x509/build.ts'
import {
  certBag,
  friendlyName,
  keyBag,
  localKeyId,
  makePair,
  makePfx,
  type Pair,
  plainSafe,
} from './make-pkcs12.ts'

const password = 'test'
const ofBags = (...bags: Uint8Array[]): Promise<Credentials> =>
  readPkcs12(makePfx([plainSafe(...bags)]), { password })

const certificateFor = (
  spki: Uint8Array,
  subject: string,
  until = '2030-01-01',
): Pick<Pair, 'certificate'> => ({
  certificate: Certificate.parse(
    makeCertificate({ spki, subject: commonName(subject), validity: validity('2020-01-01', until) }),
  ),
})

describe('a key’s certificate', () => {
  const [a, b] = [makePair('ed25519', 'a'), makePair('p256', 'b')]

  it('is that with its public key, wherever it stands', async () => {
    const { keys, notes } = await ofBags(certBag(b), certBag(a), keyBag(a), keyBag(b))
    expect(keys.map(({ certificate }) => `${certificate?.subject}`)).toEqual(['CN=a', 'CN=b'])
    expect(notes.join()).not.toMatch(/belong|No certificate/)
  })

  it('is, among several for the key, that with the localKeyId', async () => {
    const [old, renewed] = [certificateFor(a.spki, 'old', '2021-01-01'), certificateFor(a.spki, 'renewed')]
    const ofKey = async (...attributes: Uint8Array[]): Promise<string> => {
      const bags = [
        certBag(old, localKeyId('1')),
        certBag(renewed, localKeyId('2')),
        keyBag(a, ...attributes),
      ]
      return `${(await ofBags(...bags)).keys[0]?.certificate?.subject}`
    }
    expect(await ofKey(localKeyId('1'))).toBe('CN=old')
    expect(await ofKey(localKeyId('2'))).toBe('CN=renewed')
    // Valid longest, where no localKeyId says.
    expect(await ofKey()).toBe('CN=renewed')
    expect(await ofKey(localKeyId('3'))).toBe('CN=renewed')
  })

  it('is none with the localKeyId and another public key: a note', async () => {
    const { keys, notes } = await ofBags(certBag(b, localKeyId('1')), keyBag(a, localKeyId('1')))
    expect(keys[0]?.certificate).toBeUndefined()
    expect(keys[0]?.chain).toEqual([])
    expect(notes.join()).toContain('do not belong together')
  })

  it('is its own where the localKeyId points to another: a note', async () => {
    const { keys, notes } = await ofBags(certBag(b, localKeyId('1')), certBag(a), keyBag(a, localKeyId('1')))
    expect(`${keys[0]?.certificate?.subject}`).toBe('CN=a')
    expect(notes.join()).toContain('do not belong together')
  })

  it('may not be there: a note where there are others', async () => {
    expect((await ofBags(certBag(b), keyBag(a))).notes.join()).toContain('No certificate in the file')
    expect((await ofBags(keyBag(a))).notes.join()).not.toContain('No certificate')
  })

  it('gives its name where the key has none', async () => {
    const named = certBag(a, friendlyName('of the certificate'))
    expect((await ofBags(named, keyBag(a))).keys[0]?.friendlyName).toBe('of the certificate')
    const both = await ofBags(named, keyBag(a, friendlyName('of the key')))
    expect(both.keys[0]?.friendlyName).toBe('of the key')
  })

  it('is found for kinds of keys that are not signed with', async () => {
    const odd = makePair('secp256k1', 'odd')
    const { keys } = await ofBags(certBag(b), certBag(odd), keyBag(odd))
    expect(`${keys[0]?.certificate?.subject}`).toBe('CN=odd')
    expect(keys[0]?.key.type).toBeUndefined()
    expect(keys[0]?.key.name).toContain('secp256k1')
  })

  it('has the chain of the other certificates, in order', async () => {
    const leaf = makePair('ed25519', 'leaf', 'intermediate')
    const intermediate = makePair('ed25519', 'intermediate', 'root')
    const root = makePair('ed25519', 'root', 'root')
    const { keys } = await ofBags(
      certBag(root),
      certBag(leaf),
      certBag(b),
      certBag(intermediate),
      keyBag(leaf),
    )
    expect(keys[0]?.chain.map(({ subject }) => `${subject}`)).toEqual(['CN=intermediate', 'CN=root'])
  })
})

describe('publicKeyIdentity', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const spki = (key: ReturnType<typeof createPublicKey>): Uint8Array =>
    new Uint8Array(key.export({ format: 'der', type: 'spki' }))
  const withAlgorithm = (algorithm: Uint8Array, bits: Uint8Array): Uint8Array =>
    der.sequence([algorithm, der.bitString(bits)])
  const pkcs1 = new Uint8Array(rsa.publicKey.export({ format: 'der', type: 'pkcs1' }))

  it('is the same for RSA and RSA-PSS, with NULL and without', () => {
    const expected = publicKeyIdentity(spki(rsa.publicKey))
    const bare = (oid: string): Uint8Array => withAlgorithm(der.sequence([der.oid(oid)]), pkcs1)
    expect(publicKeyIdentity(bare('1.2.840.113549.1.1.10'))).toBe(expected)
    expect(publicKeyIdentity(bare('1.2.840.113549.1.1.1'))).toBe(expected)
  })

  it.each([
    ['P-256', '1.2.840.10045.3.1.7'],
    ['P-384', '1.3.132.0.34'],
    ['P-521', '1.3.132.0.35'],
    ['secp256k1', '1.3.132.0.10'],
  ])('is the same for points of %s, compressed or not', (namedCurve, oid) => {
    const algorithm = der.sequence([der.oid('1.2.840.10045.2.1'), der.oid(oid)])
    // Both parities of y come up in eight keys, but for one run in 128.
    for (let i = 0; i < 8; i++) {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve })
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const parity = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1
      const point = (form: number): Uint8Array =>
        Buffer.concat([Uint8Array.of(form), Buffer.from(x, 'base64url')])
      const identity = publicKeyIdentity(spki(publicKey))
      expect(publicKeyIdentity(withAlgorithm(algorithm, point(2 | parity)))).toBe(identity)
      expect(publicKeyIdentity(withAlgorithm(algorithm, point(3 - parity)))).not.toBe(identity)
    }
  })

  it('differs for other keys, other curves and what is malformed', () => {
    const identities = [
      ...['P-256', 'P-256', 'secp256k1'].map(
        (namedCurve) => generateKeyPairSync('ec', { namedCurve }).publicKey,
      ),
      generateKeyPairSync('ed25519').publicKey,
      generateKeyPairSync('x25519').publicKey,
      rsa.publicKey,
    ].map((key) => publicKeyIdentity(spki(key)))
    identities.push(publicKeyIdentity(Uint8Array.of(1)), publicKeyIdentity(new Uint8Array()))
    expect(new Set(identities).size).toBe(identities.length)
  })
})
