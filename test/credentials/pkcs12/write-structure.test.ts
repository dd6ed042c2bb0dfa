import { createHash, webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type NewCredentials, writePkcs12 } from '../../../src/credentials/index.ts'
import { makePair } from './make-pkcs12.ts'
import { bagsOf, certificatesOf, contentOf, faultsOf, openByHand } from './support/open-by-hand.ts'

const root = makePair('ed25519', 'root', 'root')
const issuer = makePair('ed25519', 'issuer', 'root')
const leaf = makePair('p256', 'subject', 'issuer')
const other = makePair('ed25519', 'other', 'issuer')
const chain = [issuer.certificate, root.certificate]
const password = 'correct horse'

const OID = {
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  crl: '1.2.840.113549.1.12.10.1.4',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
}

async function opened(contents: NewCredentials) {
  return openByHand(await writePkcs12(contents, { password, iterations: 1000 }), password)
}

describe('the structure of what writePkcs12 writes', () => {
  it('is strict DER, inside what is encrypted too', async () => {
    const keys = [leaf, other].map(({ key, certificate }) => ({ key, certificate, chain }))
    const {
      pfx,
      authenticatedSafe,
      safes,
      keys: plain,
    } = await opened({ keys, crls: [Uint8Array.of(0x30, 0)] })
    expect([pfx, authenticatedSafe, ...safes, ...plain].flatMap(faultsOf)).toEqual([])
    expect(safes).toHaveLength(2)
    expect(plain.map(({ bytes }) => bytes)).toEqual([leaf.pkcs8, other.pkcs8])
  })

  it('has the leaf first, its chain behind it, then the rest, each once', async () => {
    const keys = [leaf, other].map(({ key, certificate }) => ({ key, certificate, chain }))
    const extra = makePair('ed25519', 'extra', 'extra')
    const certificates = [root, extra, leaf, extra].map(({ certificate }) => ({ certificate }))
    const { safes } = await opened({ keys, certificates })
    const expected = [leaf, issuer, root, other, extra].map(({ certificate }) => Buffer.from(certificate.der))
    expect(safes.flatMap(certificatesOf).map((der) => Buffer.from(der))).toEqual(expected)
  })

  it('has a localKeyId on key and leaf only: SHA-1 of the certificate, as OpenSSL has it', async () => {
    const keys = [{ key: leaf.key, certificate: leaf.certificate, chain, friendlyName: 'api' }]
    const bags = (await opened({ keys, crls: [Uint8Array.of(0x30, 0)] })).safes.flatMap(bagsOf)
    expect(bags.map(({ type }) => type)).toEqual([
      ...[OID.certificate, OID.certificate, OID.certificate, OID.crl],
      OID.shroudedKey,
    ])
    const labelled = [OID.friendlyName, OID.localKeyId]
    expect(bags.map(({ attributes }) => [...attributes.keys()].sort())).toEqual([
      labelled,
      [],
      [],
      [],
      labelled,
    ])
    const sha1 = createHash('sha1').update(leaf.certificate.der).digest()
    const id = Buffer.concat([Buffer.from([4, 20]), sha1])
    for (const bag of [bags[0], bags[4]]) {
      expect(Buffer.from(bag?.attributes.get(OID.localKeyId) ?? [])).toEqual(id)
      expect(Buffer.from(bag?.attributes.get(OID.friendlyName) ?? []).toString('hex')).toBe(
        '1e06006100700069',
      )
    }
  })

  it('marks the certificate of a key where it is the issuer of another too', async () => {
    const keys = [
      { key: leaf.key, certificate: leaf.certificate, chain },
      { key: issuer.key, certificate: issuer.certificate, chain: [root.certificate] },
    ]
    const [certificates] = (await opened({ keys })).safes
    if (certificates === undefined) throw new Error('no safe')
    const marked = bagsOf(certificates).map(({ attributes }) => attributes.has(OID.localKeyId))
    expect(marked).toEqual([true, true, false])
  })

  it('leaves out what there is nothing for', async () => {
    const keyOnly = await opened({ keys: [{ key: leaf.key }] })
    expect(keyOnly.safes.flatMap(bagsOf).map(({ type }) => type)).toEqual([OID.shroudedKey])
    const certificatesOnly = await opened({ certificates: [leaf, root] })
    const bags = certificatesOnly.safes.flatMap(bagsOf)
    expect(bags.map(({ type, attributes }) => [type, attributes.size])).toEqual([
      [OID.certificate, 0],
      [OID.certificate, 0],
    ])
  })

  it('holds nothing readable of names and certificates outside of what is encrypted', async () => {
    const keys = [{ key: leaf.key, certificate: leaf.certificate, chain }]
    const file = Buffer.from(await writePkcs12({ keys }, { password, iterations: 1000 }))
    for (const { certificate } of [leaf, issuer, root]) {
      expect(file.includes(Buffer.from(certificate.subjectPublicKeyInfo))).toBe(false)
    }
    expect(file.includes(Buffer.from(leaf.pkcs8))).toBe(false)
  })

  it('is another file each time: salts and IVs are random', async () => {
    const files = await Promise.all([1, 2].map(() => opened({ keys: [leaf] })))
    const safes = files.map(({ authenticatedSafe, pfx }) => [
      Buffer.from(authenticatedSafe.bytes).toString('hex'),
      Buffer.from(contentOf(pfx, pfx.tree)).subarray(-60).toString('hex'),
    ])
    expect(safes[0]?.[0]).not.toBe(safes[1]?.[0])
    expect(safes[0]?.[1]).not.toBe(safes[1]?.[1])
  })

  it('takes keys that WebCrypto and node:crypto made, and leaves them as they are', async () => {
    const { privateKey } = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, [
      'sign',
    ])
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey))
    const { createPrivateKey } = await import('node:crypto')
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    expect((await opened({ keys: [{ key }] })).keys).toHaveLength(1)
    expect(key.export({ format: 'der', type: 'pkcs8' })).toEqual(pkcs8)
  })
})
