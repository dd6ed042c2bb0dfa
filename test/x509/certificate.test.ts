import { X509Certificate } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { verifySignature } from '../../src/algorithms/index.ts'
import { der } from '../../src/asn1/index.ts'
import { Asn1Error } from '../../src/errors.ts'
import { Certificate } from '../../src/x509/index.ts'
import { codeOf, errorOf, hex, vector } from '../algorithms/helpers.ts'
import { cat, certificate, commonName, ED25519, extension, validity } from './build.ts'

const load = (name: string): Certificate => Certificate.fromPem(vector('x509', `${name}.pem`))
const code = (bytes: Uint8Array): string => codeOf(() => `v${Certificate.parse(bytes).version}`)

describe('certificates that OpenSSL signed with their own key', () => {
  it.each([
    ['rsa-sha256', 'RSASSA-PKCS1-v1_5 SHA-256'],
    ['rsa-sha384', 'RSASSA-PKCS1-v1_5 SHA-384'],
    ['rsa-sha512', 'RSASSA-PKCS1-v1_5 SHA-512'],
    ['rsa-sha1', 'RSASSA-PKCS1-v1_5 SHA-1'],
    ['rsa-md5', 'RSASSA-PKCS1-v1_5 MD5'],
    ['rsa1024-sha256', 'RSASSA-PKCS1-v1_5 SHA-256'],
    ['rsa-pss-sha256', 'RSASSA-PSS SHA-256 SHA-256 32'],
    ['rsa-pss-sha256-salt0', 'RSASSA-PSS SHA-256 SHA-256 0'],
    ['rsa-pss-sha512-mgf1-sha256', 'RSASSA-PSS SHA-512 SHA-256 64'],
    ['rsa-pss-sha1', 'RSASSA-PSS SHA-1 SHA-1 20'],
    ['rsapss-key-sha512', 'RSASSA-PSS SHA-512 SHA-512 64'],
    ['rsapss-key-restricted-sha384', 'RSASSA-PSS SHA-384 SHA-384 48'],
    ['p256-sha256', 'ECDSA SHA-256'],
    ['p256-sha512', 'ECDSA SHA-512'],
    ['p384-sha384', 'ECDSA SHA-384'],
    ['p521-sha512', 'ECDSA SHA-512'],
    ['ed25519', 'Ed25519'],
    ['ed448', 'Ed448'],
  ])('%s: %s', (name, algorithm) => {
    const one = load(name)
    const { scheme, hash, pss } = one.signatureAlgorithm
    expect(
      [scheme, hash?.name, pss?.mgfHash.name, pss?.saltLength].filter((part) => part !== undefined).join(' '),
    ).toBe(algorithm)
    const policy = { allowWeakHashes: true, minRsaBits: 1024 }
    const verify = (signature: Uint8Array): boolean =>
      verifySignature(one.signatureAlgorithm, one.publicKey, one.tbs, signature, policy)
    expect(verify(one.signature)).toBe(true)
    expect(verify(one.signature.map((octet, i) => (i === 9 ? octet ^ 1 : octet)))).toBe(false)
    expect(one.selfIssued).toBe(true)
    expect(one.keyUsage).toBeUndefined()
    expect(one.basicConstraints).toEqual({ ca: true, pathLenConstraint: undefined })
    expect(one.authorityKeyIdentifier).toEqual(one.subjectKeyIdentifier)
    expect(one.subjectKeyIdentifier).toHaveLength(20)
  })

  it('v1 has no extensions', () => {
    const one = load('v1')
    expect([one.version, one.extensions, one.serialNumber]).toEqual([1, [], '1234'])
    expect(one.basicConstraints).toBeUndefined()
    expect(one.subjectKeyIdentifier).toBeUndefined()
    expect(one.authorityKeyIdentifier).toBeUndefined()
    expect(one.extendedKeyUsage).toBeUndefined()
    expect(one.selfIssued).toBe(false)
    const issuer = load('p256-sha256')
    expect(one.issuer.equals(issuer.subject)).toBe(true)
    expect(verifySignature(one.signatureAlgorithm, issuer.publicKey, one.tbs, one.signature)).toBe(true)
  })
})

describe('Certificate', () => {
  const one = load('ed25519')

  it('keeps the bytes as they were, apart from the caller’s', () => {
    const bytes = Uint8Array.from(one.der)
    const parsed = Certificate.parse(bytes)
    bytes.fill(0)
    expect(parsed.der).toEqual(one.der)
    expect(parsed.publicKey.type).toBe('Ed25519')
    const inside = Buffer.alloc(one.der.length + 20)
    inside.set(one.der, 10)
    const view = Certificate.parse(inside.subarray(10, -10))
    expect(view.der.buffer.byteLength).toBe(one.der.length)
    expect(view.equals(one)).toBe(true)
  })

  it('goes to PEM and back, as OpenSSL wrote it', () => {
    expect(one.toPem()).toBe(vector('x509', 'ed25519.pem'))
    expect(Certificate.fromPem(one.toPem()).equals(one)).toBe(true)
    expect(one.equals(load('ed448'))).toBe(false)
  })

  it('takes the first CERTIFICATE block, and says where there is none', () => {
    const [a, b] = [vector('x509', 'ed448.pem'), vector('x509', 'ed25519.pem')]
    expect(Certificate.fromPem(Buffer.from(`Bag Attributes\n${a}${b}`)).equals(load('ed448'))).toBe(true)
    const key = '-----BEGIN PRIVATE KEY-----\nAQI=\n-----END PRIVATE KEY-----\n'
    expect(Certificate.fromPem(key + b).equals(one)).toBe(true)
    for (const text of ['', 'not a certificate', key]) {
      const error = errorOf(() => Certificate.fromPem(text))
      expect([error.code, error.hint]).toEqual([
        'ERR_CERTIFICATE_MALFORMED',
        expect.stringContaining('BEGIN CERTIFICATE'),
      ])
    }
    expect(codeOf(() => Certificate.fromPem(b.replace('M', '!')))).toBe('ERR_PEM_MALFORMED')
    expect(codeOf(() => Certificate.fromPem(key.replaceAll('PRIVATE KEY', 'CERTIFICATE')))).toMatch(
      /^ERR_ASN1_/,
    )
  })

  it('says what it is, on one line', () => {
    const { subject, serialNumber } = one
    const line = `${subject} (serial ${serialNumber}, issued by ${subject})`
    expect(String(one)).toBe(line)
    expect(inspect(one)).toBe(`Certificate { ${line} }`)
    expect(JSON.parse(JSON.stringify({ one }))).toEqual({
      one: {
        subject: 'CN=ed25519,O=sealkit test vectors',
        issuer: 'CN=ed25519,O=sealkit test vectors',
        serialNumber,
        notBefore: one.notBefore.toISOString(),
        notAfter: one.notAfter.toISOString(),
        sha256: one.fingerprint(),
      },
    })
  })

  it('gives out dates that nobody can change', () => {
    one.notAfter.setTime(0)
    expect(one.notAfter.getUTCFullYear()).toBeGreaterThan(2070)
  })

  it('imports the key and reads the algorithm once', () => {
    expect(one.publicKey).toBe(one.publicKey)
    expect(one.signatureAlgorithm).toBe(one.signatureAlgorithm)
  })

  it('is shown though its key is none that can be used', () => {
    for (const [name, expected] of [
      ['key-dsa', 'ERR_ALGORITHM_UNKNOWN'],
      ['key-x25519', 'ERR_ALGORITHM_UNKNOWN'],
      ['key-secp256k1', 'ERR_ALGORITHM_UNKNOWN'],
      ['key-p256-explicit', 'ERR_KEY_INVALID'],
    ] as const) {
      const other = load(name)
      expect(other.subject.commonName).toBe(name)
      expect(codeOf(() => other.publicKey)).toBe(expected)
      expect(codeOf(() => other.publicKey)).toBe(expected)
    }
  })

  it('wants bytes', () => {
    for (const value of ['text', undefined, null, {}, [48, 0]]) {
      expect(() => Certificate.parse(value as never)).toThrow(TypeError)
    }
  })
})

describe('serial numbers (RFC 5280 4.1.2.2)', () => {
  it.each([
    ['0', '020100', '00'],
    ['one byte', '02017f', '7f'],
    ['its top bit set', '020200ff', 'ff'],
    ['20 bytes, top bit set', `021500${'ab'.repeat(20)}`, 'ab'.repeat(20)],
    ['longer than RFC 5280 allows', `0220${'12'.repeat(32)}`, '12'.repeat(32)],
    ['negative, as some old CAs have them', '0201ff', 'ff'],
  ])('%s', (_, element, text) => {
    const parsed = Certificate.parse(certificate({ serial: hex(element) }))
    expect(parsed.serialNumber).toBe(text)
    expect(parsed.serial).toEqual(hex(element).subarray(2))
  })

  it('are refused empty or padded', () => {
    expect(code(certificate({ serial: hex('0200') }))).toBe('ERR_ASN1_VALUE')
    expect(code(certificate({ serial: hex('0202007f') }))).toBe('ERR_ASN1_VALUE')
    expect(code(certificate({ serial: hex('0202ffff') }))).toBe('ERR_ASN1_VALUE')
  })
})

describe('versions (RFC 5280 4.1.2.1)', () => {
  const extensions = [extension('2.5.29.19', hex('3000'))]
  const uniqueIds = [hex('81020001'), hex('82020001')]

  it.each([
    ['v3', {}, 'returned v3'],
    ['v3 with extensions', { extensions }, 'returned v3'],
    ['v2', { version: der.integer(1) }, 'returned v2'],
    ['v1', { version: null }, 'returned v1'],
    ['v1 spelled out, which DER leaves out', { version: der.integer(0) }, 'ERR_ASN1_VALUE'],
    ['v4', { version: der.integer(3) }, 'ERR_ASN1_VALUE'],
    ['negative', { version: der.integer(-1) }, 'ERR_ASN1_VALUE'],
    ['v1 with extensions', { version: null, extensions }, 'ERR_CERTIFICATE_MALFORMED'],
    ['v2 with extensions', { version: der.integer(1), extensions }, 'ERR_CERTIFICATE_MALFORMED'],
    ['v3 with unique identifiers', { uniqueIds }, 'returned v3'],
    ['v2 with one', { version: der.integer(1), uniqueIds: [hex('82020001')] }, 'returned v2'],
    ['v1 with unique identifiers', { version: null, uniqueIds }, 'ERR_CERTIFICATE_MALFORMED'],
    [
      'unique identifiers in the wrong order',
      { uniqueIds: uniqueIds.toReversed() },
      'ERR_ASN1_TRAILING_DATA',
    ],
    ['empty extensions', { extensions: [] }, 'ERR_CERTIFICATE_EXTENSION'],
    ['something behind the extensions', { extensions, behind: [der.null()] }, 'ERR_ASN1_TRAILING_DATA'],
    ['something in place of the extensions', { behind: [hex('a400')] }, 'ERR_ASN1_TRAILING_DATA'],
  ])('%s: %3$s', (_, parts, expected) => expect(code(certificate(parts))).toBe(expected))
})

describe('validity (RFC 5280 4.1.2.5)', () => {
  const time = (tag: number, text: string): Uint8Array =>
    cat(Uint8Array.of(tag, text.length), Buffer.from(text))
  const read = (from: Uint8Array): string =>
    codeOf(() => {
      const parsed = Certificate.parse(
        certificate({ validity: der.sequence([from, time(0x18, '99991231235959Z')]) }),
      )
      return parsed.notBefore.toISOString()
    })

  it.each([
    [0x17, '500101000000Z', 'returned 1950-01-01T00:00:00.000Z'],
    [0x17, '491231235959Z', 'returned 2049-12-31T23:59:59.000Z'],
    [0x18, '20500101000000Z', 'returned 2050-01-01T00:00:00.000Z'],
    // RFC 5280 wants UTCTime until 2049; it is unambiguous all the same.
    [0x18, '20200101000000Z', 'returned 2020-01-01T00:00:00.000Z'],
    [0x18, '00010101000000Z', 'returned 0001-01-01T00:00:00.000Z'],
    [0x17, '200230000000Z', 'ERR_ASN1_VALUE'],
    [0x17, '2001010000Z', 'ERR_ASN1_VALUE'],
    [0x17, '200101000000+0300', 'ERR_ASN1_VALUE'],
    [0x18, '20200101000000.5Z', 'ERR_ASN1_VALUE'],
    [0x18, '20200101000000', 'ERR_ASN1_VALUE'],
    [0x18, '20200101240000Z', 'ERR_ASN1_VALUE'],
    [0x13, '200101000000Z', 'ERR_ASN1_UNEXPECTED_TAG'],
  ])('%i %s: %s', (tag, text, expected) => expect(read(time(tag, text))).toBe(expected))

  it('is read as it stands, also where it ends before it starts', () => {
    const parsed = Certificate.parse(certificate({ validity: validity('2030-01-01', '2020-01-01') }))
    expect(parsed.notBefore > parsed.notAfter).toBe(true)
    expect(parsed.notAfter.toISOString()).toBe('2020-01-01T00:00:00.000Z')
  })
})

describe('signature algorithm inside and outside (RFC 5280 4.1.1.2)', () => {
  it.each([
    ['another algorithm', ED25519, der.sequence([der.oid('1.3.101.113')])],
    ['another hash', hex('300d06092a864886f70d01010b0500'), hex('300d06092a864886f70d01010d0500')],
    ['NULL in one of the two', hex('300d06092a864886f70d01010b0500'), hex('300b06092a864886f70d01010b')],
  ])('%s', (_, signature, signatureAlgorithm) => {
    expect(code(certificate({ signature, signatureAlgorithm: signature }))).toBe('returned v3')
    expect(code(certificate({ signature, signatureAlgorithm }))).toBe('ERR_CERTIFICATE_MALFORMED')
    expect(code(certificate({ signature: signatureAlgorithm, signatureAlgorithm: signature }))).toBe(
      'ERR_CERTIFICATE_MALFORMED',
    )
  })

  it('is no algorithm: refused', () => {
    for (const bad of [
      der.null(),
      der.sequence([]),
      der.sequence([der.null()]),
      cat(ED25519.subarray(0, 1), hex('00')),
    ]) {
      expect(code(certificate({ signature: bad, signatureAlgorithm: bad }))).toMatch(/^ERR_ASN1_/)
    }
  })

  it('is not known: read, and named when it is asked for', () => {
    const signature = der.sequence([der.oid('1.2.643.2.2.4')])
    const parsed = Certificate.parse(certificate({ signature }))
    expect(codeOf(() => parsed.signatureAlgorithm)).toBe('ERR_ALGORITHM_UNKNOWN')
  })
})

describe('structure', () => {
  it('names the field and the offset', () => {
    const bytes = certificate({ subject: der.null() })
    const error = errorOf(() => Certificate.parse(bytes))
    expect(error).toBeInstanceOf(Asn1Error)
    const { path, offset } = error as Asn1Error
    expect(path).toBe('Certificate.tbsCertificate.subject')
    expect(bytes.subarray(offset, offset + 2)).toEqual(hex('0500'))
  })

  it.each([
    ['signature of 7 unused bits', { signatureValue: der.bitString(hex('0180'), 7) }, 'ERR_ASN1_VALUE'],
    ['key of 7 unused bits', { spki: der.sequence([ED25519, der.bitString(hex('0180'), 7)]) }, 'returned v3'],
    ['key without bits', { spki: der.sequence([ED25519]) }, 'ERR_ASN1_TRUNCATED'],
    [
      'key with more',
      { spki: der.sequence([ED25519, der.bitString(hex('01')), der.null()]) },
      'ERR_ASN1_TRAILING_DATA',
    ],
    ['issuer that is no name', { issuer: der.octetString(hex('')) }, 'ERR_ASN1_UNEXPECTED_TAG'],
    ['empty subject', { subject: der.sequence([]) }, 'returned v3'],
    ['issuer twice', { issuer: cat(commonName('a'), commonName('b')) }, 'ERR_ASN1_UNEXPECTED_TAG'],
  ])('%s: %3$s', (_, parts, expected) => expect(code(certificate(parts))).toBe(expected))

  it('refuses bytes behind the certificate', () => {
    expect(code(cat(certificate(), hex('00')))).toBe('ERR_ASN1_TRAILING_DATA')
    expect(code(cat(certificate(), certificate()))).toBe('ERR_ASN1_TRAILING_DATA')
  })
})

it('agrees with node:crypto on a certificate with everything at its edges', () => {
  const one = load('names')
  const node = new X509Certificate(one.toPem())
  expect(one.fingerprint('sha1')).toBe(node.fingerprint.replaceAll(':', '').toLowerCase())
  expect(one.fingerprint()).toBe(node.fingerprint256.replaceAll(':', '').toLowerCase())
  expect(one.notAfter).toEqual(new Date(node.validTo))
})
