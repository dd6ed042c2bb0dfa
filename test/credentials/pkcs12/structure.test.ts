/** PFX, safes, bags and attributes (RFC 7292 section 4). */
import { describe, expect, it } from 'vitest'
import { contextTag, der, encode, Tag } from '../../../src/asn1/index.ts'
import type { Credentials } from '../../../src/credentials/contents.ts'
import { readPkcs12 } from '../../../src/credentials/index.ts'
import { codeOf, failure } from '../support.ts'
import {
  attribute,
  authenticatedSafe,
  bag,
  certBag,
  contentInfo,
  DATA,
  encrypt,
  encryptedBytes,
  encryptedSafe,
  friendlyName,
  keyBag,
  localKeyId,
  macData,
  makePair,
  makePfx,
  pfxOf,
  plainSafe,
  shroudedBag,
  trusted,
  typedValue,
  usualSafes,
} from './make-pkcs12.ts'

const pair = makePair()
const password = 'test'
const read = (bytes: Uint8Array): Promise<Credentials> => readPkcs12(bytes, { password })
const ofBags = (...bags: Uint8Array[]): Promise<Credentials> => read(makePfx([plainSafe(...bags)]))
const ofContent = (content: Uint8Array): Promise<Credentials> =>
  read(pfxOf(content, macData(content, { password })))
const subjects = ({ certificates }: Credentials): string[] =>
  certificates.map(({ certificate }) => `${certificate.subject}`)

describe('PFX', () => {
  it('of the usual kind gives key, certificate, names and what protects it', async () => {
    const contents = await read(makePfx(usualSafes(pair)))
    expect(contents.form).toBe('PKCS#12')
    expect(contents.keys).toHaveLength(1)
    const [entry] = contents.keys
    expect(entry?.key.subjectPublicKeyInfo).toEqual(pair.spki)
    expect(entry?.certificate?.equals(pair.certificate)).toBe(true)
    expect(entry?.chain).toEqual([])
    expect(entry?.friendlyName).toBe('my key')
    expect(entry?.localKeyId).toEqual(new Uint8Array(Buffer.from('1')))
    expect(contents.certificates[0]).toMatchObject({ friendlyName: 'leaf', trusted: false })
    const kdf = { keyDerivation: 'PBKDF2 HMAC-SHA-256', iterations: 2, weak: true }
    expect(contents.protection).toEqual({
      mac: { algorithm: 'HMAC-SHA-256', keyDerivation: 'PKCS#12 KDF SHA-256', iterations: 1, weak: true },
      encryption: [{ algorithm: 'PBES2 AES-256-CBC', ...kdf }],
      plainKeys: false,
    })
  })

  it.each([0, 1, 2, 4, -1, 259])('of version %i is not supported', async (version) => {
    const content = authenticatedSafe(plainSafe())
    const bytes = der.sequence([der.integer(version), contentInfo(DATA, der.octetString(content))])
    expect(await codeOf(() => read(bytes))).toBe('UNSUPPORTED')
  })

  it('protected by a certificate is not supported', async () => {
    const signed = contentInfo('1.2.840.113549.1.7.2', der.sequence([]))
    expect(await codeOf(() => read(der.sequence([der.integer(3), signed])))).toBe('UNSUPPORTED')
    const enveloped = contentInfo('1.2.840.113549.1.7.3', der.sequence([]))
    expect(await codeOf(() => ofContent(authenticatedSafe(enveloped)))).toBe('UNSUPPORTED')
  })

  it.each([
    ['no content', contentInfo(DATA)],
    ['content that is no OCTET STRING', contentInfo(DATA, der.integer(1))],
    ['content of NULL', contentInfo(DATA, der.null())],
    ['another type', contentInfo('1.2.3', der.octetString(authenticatedSafe()))],
  ])('with %s is damaged', async (_, authSafe) => {
    expect(await codeOf(() => read(der.sequence([der.integer(3), authSafe])))).toBe('FORMAT')
  })

  it.each([
    ['content', contentInfo(DATA)],
    ['encrypted content', contentInfo('1.2.840.113549.1.7.6')],
  ])('with a safe without %s is damaged', async (_, safe) => {
    expect(await codeOf(() => ofContent(authenticatedSafe(safe)))).toBe('FORMAT')
  })

  it('with anything behind it is damaged', async () => {
    const content = authenticatedSafe(plainSafe())
    const mac = macData(content, { password })
    expect(await codeOf(() => read(pfxOf(content, mac, der.integer(1))))).toBe('FORMAT')
    const zeros = Buffer.concat([pfxOf(content, mac), Buffer.alloc(16)])
    expect(await codeOf(() => read(new Uint8Array(zeros)))).toBe('FORMAT')
  })

  it('that holds nothing opens, with a note', async () => {
    for (const content of [authenticatedSafe(), authenticatedSafe(plainSafe())]) {
      expect((await ofContent(content)).notes).toContain('The file holds no key and no certificate.')
    }
  })

  it.each([
    ['a certificate', pair.certificate.der, /a certificate/],
    ['a private key', pair.pkcs8, /PKCS#8/],
    ['PEM', Buffer.from(pair.certificate.toPem()), /PEM or base64/],
    ['a Java keystore', Buffer.from('feedfeed0000000200000000', 'hex'), /JKS/],
    ['nothing', new Uint8Array(), /empty/],
  ])('is told from %s', async (_, bytes, message) => {
    const error = await failure(() => read(new Uint8Array(bytes)))
    expect(error.code).toBe('ERR_CREDENTIAL_FORMAT')
    expect(error.message).toMatch(message)
  })

  it('must be bytes', async () => {
    await expect(readPkcs12('MII' as never)).rejects.toThrow(TypeError)
  })
})

describe('BER', () => {
  const tlv = (tag: number, ...parts: Uint8Array[]): Uint8Array =>
    Buffer.concat([Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0)])
  const pieces = (tag: number, octets: Uint8Array, size: number): Uint8Array => {
    const list: Uint8Array[] = []
    for (let at = 0; at < octets.length; at += size)
      list.push(der.octetString(octets.subarray(at, at + size)))
    return tlv(tag, ...list)
  }
  const inPieces = (octets: Uint8Array): Uint8Array => pieces(0x24, octets, 50)

  it('of indefinite lengths and strings in pieces within pieces is read', async () => {
    const bags = tlv(0x30, certBag(pair), shroudedBag(pair, password))
    const { algorithm, encrypted } = encrypt(bags, password)
    const info = tlv(0x30, der.oid(DATA), algorithm, pieces(0xa0, encrypted, 64))
    const data = tlv(0x30, der.integer(0), info)
    const safe = tlv(0x30, der.oid('1.2.840.113549.1.7.6'), tlv(0xa0, data))
    const content = tlv(0x30, safe)
    const nested = tlv(0x24, inPieces(content.subarray(0, 400)), inPieces(content.subarray(400)))
    const authSafe = tlv(0x30, der.oid(DATA), tlv(0xa0, nested))
    const bytes = tlv(0x30, der.integer(3), authSafe, macData(content, { password }))
    const contents = await read(new Uint8Array(bytes))
    expect(contents.keys[0]?.certificate?.equals(pair.certificate)).toBe(true)
  })

  it('does not change the input', async () => {
    const bytes = makePfx(usualSafes(pair))
    const before = Buffer.from(bytes).toString('hex')
    await read(bytes)
    expect(Buffer.from(bytes).toString('hex')).toBe(before)
  })
})

describe('bags', () => {
  it('of keys lie plain, in encrypted safes, and shrouded in encrypted safes', async () => {
    const others = [makePair(), makePair()]
    const contents = await read(
      makePfx([
        plainSafe(keyBag(pair)),
        encryptedSafe(password, keyBag(others[0] ?? pair), shroudedBag(others[1] ?? pair, password)),
      ]),
    )
    const expected = [pair, ...others].map(({ spki }) => spki)
    expect(contents.keys.map(({ key }) => key.subjectPublicKeyInfo)).toEqual(expected)
    expect(contents.protection.plainKeys).toBe(true)
    expect(contents.notes).toContain('A private key lies unencrypted in the file.')
  })

  it('of keys in an encrypted safe alone are not plain', async () => {
    const contents = await read(makePfx([encryptedSafe(password, keyBag(pair))]))
    expect(contents.protection.plainKeys).toBe(false)
  })

  it('of secrets, unknown types and other certificates are skipped', async () => {
    const contents = await ofBags(
      bag(5, typedValue('1.2.3', der.octetString(new Uint8Array(3)))),
      bag('1.2.3.4', der.integer(7)),
      bag(3, typedValue('1.2.840.113549.1.9.22.2', der.ia5String('sdsi'))),
      bag(3, typedValue('1.2.3.5', der.null())),
      bag(4, typedValue('1.2.3.6', der.null())),
      certBag(pair),
    )
    expect(contents.skipped.map(({ what }) => what)).toEqual([
      'secret bag',
      'bag of type 1.2.3.4',
      'SDSI certificate',
      'certificate of type 1.2.3.5',
      'revocation list of type 1.2.3.6',
    ])
    expect(contents.certificates).toHaveLength(1)
  })

  it('of revocation lists give their bytes, also from an encrypted safe', async () => {
    const crl = der.sequence([der.integer(1)])
    const crlBag = bag(4, typedValue('1.2.840.113549.1.9.23.1', der.octetString(crl)))
    const contents = await read(makePfx([plainSafe(crlBag), encryptedSafe(password, crlBag)]))
    expect(contents.crls).toEqual([crl, crl])
  })

  it('within bags are read in their place', async () => {
    const names = ['a', 'b', 'c'].map((subject) => makePair('ed25519', subject))
    const [a, b, c] = names.map((each) => certBag(each)) as [Uint8Array, Uint8Array, Uint8Array]
    const nested = bag(6, der.sequence([bag(6, der.sequence([b])), c]), [friendlyName('folder')])
    expect(subjects(await ofBags(a, nested))).toEqual(['CN=a', 'CN=b', 'CN=c'])
  })

  it('nested too deep are over the limit', async () => {
    let nested = certBag(pair)
    for (let i = 0; i < 12; i++) nested = bag(6, der.sequence([nested]))
    expect(await codeOf(() => ofBags(nested))).toBe('LIMIT')
  })

  it('of a malformed certificate do not lose the rest', async () => {
    const contents = await ofBags(certBag({ certificate: { der: Uint8Array.of(0x30, 0) } }), keyBag(pair))
    expect(contents.keys).toHaveLength(1)
    expect(contents.certificates).toEqual([])
    expect(contents.skipped).toEqual([
      { what: 'certificate that cannot be read', why: expect.stringMatching(/^Certificate/) },
    ])
  })

  it.each([
    ['without a value', der.sequence([der.oid('1.2.840.113549.1.12.10.1.3')])],
    ['with a certificate of NULL', bag(3, typedValue('1.2.840.113549.1.9.22.1', der.null()))],
    ['with a key that is none', bag(1, der.sequence([der.integer(9)]))],
    ['with a shrouded key that is none', bag(2, der.sequence([]))],
    [
      'with attributes that are no SET',
      der.sequence([...[der.oid('1.2.3'), der.explicit(0, der.null())], der.integer(1)]),
    ],
  ])('%s are damage', async (_, broken) => {
    expect(await codeOf(() => ofBags(broken))).toBe('FORMAT')
  })

  it('and safes encrypted in an unknown way name the algorithm', async () => {
    const algorithm = der.sequence([der.oid('1.2.840.113549.1.5.99'), der.null()])
    const shrouded = bag(2, der.sequence([algorithm, der.octetString(new Uint8Array(16))]))
    const error = await failure(() => ofBags(shrouded))
    expect(error).toMatchObject({ code: 'ERR_CREDENTIAL_UNSUPPORTED' })
    expect(error.message).toContain('1.2.840.113549.1.5.99')
    const safe = encryptedBytes({ algorithm, encrypted: new Uint8Array(16) })
    expect(await codeOf(() => read(makePfx([safe])))).toBe('UNSUPPORTED')
  })

  it.each([0, 15, 17])('and safes of %i encrypted bytes are damage', async (length) => {
    const { algorithm } = encrypt(new Uint8Array(3), password)
    const safe = encryptedBytes({ algorithm, encrypted: new Uint8Array(length) })
    expect(await codeOf(() => read(makePfx([safe])))).toBe('FORMAT')
  })

  it.each([
    ['1.2.840.113549.1.12.1.3', der.sequence([der.octetString(new Uint8Array()), der.integer(1)])],
    ['1.2.840.113549.1.12.1.6', der.sequence([der.octetString(new Uint8Array()), der.integer(1)])],
  ])('and safes encrypted by %s without salt are damage', async (oid, parameters) => {
    const algorithm = der.sequence([der.oid(oid), parameters])
    const safe = encryptedBytes({ algorithm, encrypted: new Uint8Array(16) })
    expect(await codeOf(() => read(makePfx([safe])))).toBe('FORMAT')
  })

  it('stand in their order, those that are there twice too', async () => {
    const other = makePair('ed25519', 'other')
    const contents = await ofBags(certBag(pair), certBag(other), certBag(pair), keyBag(pair), keyBag(pair))
    expect(subjects(contents)).toEqual(['CN=subject', 'CN=other', 'CN=subject'])
    expect(contents.keys).toHaveLength(2)
  })
})

describe('attributes', () => {
  const NAME = '1.2.840.113549.1.9.20'
  const one = async (...attributes: Uint8Array[]) => {
    const contents = await ofBags(certBag(pair, ...attributes))
    return { ...contents.certificates[0], notes: contents.notes }
  }

  it.each(['', 'Ключ 🔑', 'a\0b\n-----BEGIN CERTIFICATE-----', '__proto__'])(
    'friendlyName %j is kept as it is',
    async (text) => {
      expect((await one(friendlyName(text))).friendlyName).toBe(text)
    },
  )

  it('friendlyName is read as UTF8String too, and is the first of several', async () => {
    expect((await one(attribute(NAME, der.utf8String('имя')))).friendlyName).toBe('имя')
    const two = await one(attribute(NAME, encode(Tag.BMP_STRING, [Buffer.from('\0a')]), der.utf8String('zz')))
    expect(two.friendlyName).toMatch(/^(a|zz)$/)
  })

  it.each([
    ['of odd length', encode(Tag.BMP_STRING, [Uint8Array.of(0, 65, 0)])],
    ['with half a character', encode(Tag.BMP_STRING, [Uint8Array.of(0xd8, 0)])],
    ['of another type', der.integer(1)],
  ])('friendlyName %s is ignored with a note', async (_, value) => {
    const { friendlyName: name, notes } = await one(attribute(NAME, value))
    expect(name).toBeUndefined()
    expect(notes).toContain('A friendly name is no valid text and was ignored.')
  })

  it('localKeyId of another type is ignored with a note', async () => {
    const { localKeyId: id, notes } = await one(attribute('1.2.840.113549.1.9.21', der.boolean(true)))
    expect(id).toBeUndefined()
    expect(notes.join()).toContain('localKeyId is a BOOLEAN')
  })

  it('without values, unknown and twice do no harm', async () => {
    const empty = [attribute(NAME), attribute('1.2.840.113549.1.9.21')]
    const unknown = attribute('1.2.3', der.integer(1), der.null())
    const entry = await one(...empty, unknown, localKeyId('7'), localKeyId('8'))
    expect(entry.friendlyName).toBeUndefined()
    expect(Buffer.from(entry.localKeyId ?? []).toString()).toMatch(/^[78]$/)
  })

  it("Java's mark of trust is seen", async () => {
    expect((await one(trusted)).trusted).toBe(true)
  })

  it('an empty SET and none are the same', async () => {
    const value = typedValue('1.2.840.113549.1.9.22.1', der.octetString(pair.certificate.der))
    const oid = der.oid('1.2.840.113549.1.12.10.1.3')
    const withEmptySet = der.sequence([oid, encode(contextTag(0, true), [value]), der.setOf([])])
    expect((await ofBags(withEmptySet)).certificates).toHaveLength(1)
  })
})
