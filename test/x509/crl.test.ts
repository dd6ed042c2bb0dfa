import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifySignature } from '../../src/algorithms/index.ts'
import { contextTag, der, encode, encodePem } from '../../src/asn1/index.ts'
import {
  AccessMethod,
  Certificate,
  CertificateRevocationList,
  distributionPointUris,
  Name,
} from '../../src/x509/index.ts'
import { codeOf, hex } from '../algorithms/helpers.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid } from '../support/malformed.ts'
import { describeWith, tempDir } from '../support/tools.ts'
import { commonName, ED25519, extension } from './build.ts'

interface Parts {
  version?: Uint8Array[]
  signature?: Uint8Array
  nextUpdate?: Uint8Array[]
  /** The field is left out where none are given. */
  entries?: Uint8Array[] | undefined
  extensions?: Uint8Array[] | undefined
  behind?: Uint8Array[]
  outer?: Uint8Array
}

const NOW = new Date('2026-01-02T03:04:05Z')
const entry = (serial: Uint8Array | number, ...extensions: Uint8Array[]): Uint8Array =>
  der.sequence([
    der.integer(serial),
    der.time(NOW),
    ...(extensions.length > 0 ? [der.sequence(extensions)] : []),
  ])
const reason = (code: number): Uint8Array => extension('2.5.29.21', Uint8Array.of(10, 1, code))
const issuer = (name: string, ...critical: Uint8Array[]): Uint8Array =>
  extension('2.5.29.29', der.sequence([der.explicit(4, commonName(name))]), ...critical)

function list(parts: Parts = {}): Uint8Array {
  const tbs = der.sequence([
    ...(parts.version ?? [der.integer(1)]),
    parts.signature ?? ED25519,
    commonName('ca'),
    der.time(NOW),
    ...(parts.nextUpdate ?? [der.time(new Date('2026-02-02'))]),
    ...(parts.entries === undefined ? [] : [der.sequence(parts.entries)]),
    ...(parts.extensions === undefined ? [] : [der.explicit(0, der.sequence(parts.extensions))]),
    ...(parts.behind ?? []),
  ])
  return der.sequence([tbs, parts.outer ?? ED25519, der.bitString(new Uint8Array(64))])
}
const parse = (parts: Parts = {}): CertificateRevocationList => CertificateRevocationList.parse(list(parts))
const code = (parts: Parts): string => codeOf(() => parse(parts).entryCount)
const ca = Name.parse(commonName('ca'))
const byNumber = (crl: CertificateRevocationList, serial: string, name = ca): string | undefined =>
  crl.find({ serial: hex(serial), issuer: name })?.reason

describe('CertificateRevocationList (RFC 5280 section 5)', () => {
  it('reads its fields', () => {
    const crl = parse({
      entries: [entry(1)],
      extensions: [
        extension('2.5.29.20', der.integer(4660)),
        extension('2.5.29.27', der.integer(4659), der.boolean(true)),
        extension('2.5.29.35', hex('300580030a0b0c')),
        extension(
          '2.5.29.28',
          hex('3006820100840100').map((byte, i) => (i === 4 ? 0xff : byte)),
          der.boolean(true),
        ),
      ],
    })
    expect(crl.toJSON()).toEqual({
      issuer: 'CN=ca',
      thisUpdate: '2026-01-02T03:04:05.000Z',
      nextUpdate: '2026-02-02T00:00:00.000Z',
      entryCount: 1,
    })
    expect([crl.version, crl.crlNumber, crl.deltaCRLIndicator]).toEqual([2, '1234', '1233'])
    expect(crl.authorityKeyIdentifier).toEqual(hex('0a0b0c'))
    expect(crl.issuingDistributionPoint).toMatchObject({ onlyContainsCACerts: true, indirectCRL: false })
    expect(String(crl)).toBe('revocation list of CN=ca, 1 entries, 2026-01-02T03:04:05.000Z')
    expect(CertificateRevocationList.fromPem(`text\n${crl.toPem()}`).der).toEqual(crl.der)
    expect(crl.signatureAlgorithm.scheme).toBe('Ed25519')
  })

  it('reads v1, no next update, no entries', () => {
    const crl = parse({ version: [], nextUpdate: [], entries: [] })
    expect([crl.version, crl.nextUpdate, crl.entryCount, [...crl.entries()]]).toEqual([1, undefined, 0, []])
    expect(byNumber(parse(), '01')).toBeUndefined()
    expect(parse().crlNumber).toBeUndefined()
  })

  it('finds entries by serial number, with reason and date', () => {
    const date = extension('2.5.29.24', der.generalizedTime(new Date('2025-12-31')))
    const crl = parse({ entries: [entry(1, reason(1)), entry(128, reason(6), date), entry(3)] })
    expect([byNumber(crl, '01'), byNumber(crl, '0080'), byNumber(crl, '03'), byNumber(crl, '80')]).toEqual([
      'keyCompromise',
      'certificateHold',
      undefined,
      undefined,
    ])
    expect(crl.find({ serial: hex('03'), issuer: ca })).toMatchObject({
      revocationDate: NOW,
      reason: undefined,
    })
    expect([...crl.entries()].map(({ invalidityDate }) => invalidityDate?.toISOString())).toEqual([
      undefined,
      '2025-12-31T00:00:00.000Z',
      undefined,
    ])
    expect(byNumber(crl, '01', Name.parse(commonName('other')))).toBeUndefined()
  })

  it('an indirect list: an issuer holds for the entries that follow it', () => {
    const crl = parse({
      entries: [
        entry(1, reason(0)),
        entry(1, reason(1), issuer('b', der.boolean(true))),
        entry(2, reason(2)),
        entry(1, reason(3), issuer('c', der.boolean(true))),
        entry(1, reason(4)),
      ],
    })
    const [b, c] = ['b', 'c'].map((name) => Name.parse(commonName(name))) as [Name, Name]
    expect([
      byNumber(crl, '01'),
      byNumber(crl, '01', b),
      byNumber(crl, '02', b),
      byNumber(crl, '01', c),
    ]).toEqual(['unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged'])
    expect([byNumber(crl, '02'), byNumber(crl, '02', c)]).toEqual([undefined, undefined])
  })

  it.each<[string, Parts, string]>([
    ['version 1 written out', { version: [der.integer(0)] }, 'ERR_ASN1_VALUE'],
    ['version 3', { version: [der.integer(2)] }, 'ERR_ASN1_VALUE'],
    ['algorithms that differ', { outer: der.sequence([der.oid('1.3.101.113')]) }, 'ERR_CRL_MALFORMED'],
    [
      'extensions in v1',
      { version: [], extensions: [extension('2.5.29.20', hex('020101'))] },
      'ERR_CRL_MALFORMED',
    ],
    ['entry extensions in v1', { version: [], entries: [entry(1, reason(1))] }, 'ERR_CRL_MALFORMED'],
    ['no extension in the field', { extensions: [] }, 'ERR_CERTIFICATE_EXTENSION'],
    ['an extension twice', { entries: [entry(1, reason(1), reason(2))] }, 'ERR_CERTIFICATE_EXTENSION'],
    ['an issuer that is not critical', { entries: [entry(1, issuer('b'))] }, 'ERR_CERTIFICATE_EXTENSION'],
    [
      'an issuer that is no directory name',
      { entries: [entry(1, extension('2.5.29.29', hex('3003820161'), der.boolean(true)))] },
      'ERR_CERTIFICATE_EXTENSION',
    ],
    ['an entry without a date', { entries: [der.sequence([der.integer(1)])] }, 'ERR_ASN1_TRUNCATED'],
    ['an entry that is none', { entries: [der.null()] }, 'ERR_ASN1_UNEXPECTED_TAG'],
    ['something behind', { behind: [der.null()] }, 'ERR_ASN1_TRAILING_DATA'],
  ])('refuses %s', (_, parts, expected) => expect(code(parts)).toBe(expected))

  it.each([
    [7, 'ERR_CERTIFICATE_EXTENSION'],
    [11, 'ERR_ASN1_VALUE'],
    [0xff, 'ERR_ASN1_VALUE'],
  ])('refuses reason %i when the entry is asked for', (number, expected) => {
    const crl = parse({ entries: [entry(1, reason(number))] })
    expect(crl.entryCount).toBe(1)
    expect(codeOf(() => byNumber(crl, '01'))).toBe(expected)
  })

  it('refuses other values of its extensions when they are asked for', () => {
    const crl = parse({
      extensions: [extension('2.5.29.20', hex('0201ff')), extension('2.5.29.28', hex('3000'))],
      entries: [entry(1, extension('2.5.29.24', der.time(NOW)))],
    })
    expect(codeOf(() => crl.crlNumber)).toBe('ERR_CERTIFICATE_EXTENSION')
    expect(codeOf(() => crl.issuingDistributionPoint)).toBe('ERR_CERTIFICATE_EXTENSION')
    expect(codeOf(() => byNumber(crl, '01'))).toBe('ERR_ASN1_UNEXPECTED_TAG')
    const both = parse({ extensions: [extension('2.5.29.28', hex('30068101ff8201ff'))] })
    expect(codeOf(() => both.issuingDistributionPoint)).toBe('ERR_CERTIFICATE_EXTENSION')
  })

  it('wants bytes, or a block', () => {
    expect(() => CertificateRevocationList.parse('x' as never)).toThrow(TypeError)
    expect(codeOf(() => CertificateRevocationList.fromPem(encodePem('CERTIFICATE', list())))).toBe(
      'ERR_CRL_MALFORMED',
    )
  })

  it('refuses damage with a typed error', async () => {
    const bytes = list({
      entries: [entry(1, reason(1)), entry(2, issuer('b', der.boolean(true))), entry(3)],
      extensions: [
        extension('2.5.29.20', der.integer(7)),
        extension('2.5.29.28', hex('30038401ff'), der.boolean(true)),
      ],
    })
    const readAll = (input: Uint8Array): void => {
      const crl = CertificateRevocationList.parse(input)
      void [...crl.entries(), crl.crlNumber, crl.issuingDistributionPoint, crl.toString()]
      void crl.find({ serial: hex('02'), issuer: ca })
    }
    const accepted = await expectOnlyTypedErrors(readAll, malformedVariants(bytes))
    expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual([])
    const forms = accepted.filter(
      ({ kind, encapsulated }) => /^(ber|noncanonical)$/.test(kind) && !encapsulated,
    )
    expect(forms.map(({ name }) => name)).toEqual([])
  })

  it('of 500,000 entries is read, and each is found', () => {
    const count = 500_000
    const one = entry(0x7f000000, reason(1))
    const entries = new Uint8Array(one.length * count)
    for (let i = 0; i < count; i++) {
      entries.set(one, i * one.length)
      new DataView(entries.buffer).setUint32(i * one.length + 4, 0x10000000 + i)
    }
    const tbs = der.sequence([
      der.integer(1),
      ED25519,
      commonName('ca'),
      der.time(NOW),
      encode(0x30, [entries]),
    ])
    const crl = CertificateRevocationList.parse(
      der.sequence([tbs, ED25519, der.bitString(new Uint8Array(64))]),
    )
    expect(crl.entryCount).toBe(count)
    const found = (number: number): string | undefined => byNumber(crl, number.toString(16))
    expect([0, 1, 77_777, count - 1, count].map((i) => found(0x10000000 + i))).toEqual([
      ...new Array<string>(4).fill('keyCompromise'),
      undefined,
    ])
  })
})

it('distribution points: one with neither name nor issuer, none at all', () => {
  const point = (value: string): string => {
    const bytes = extension('2.5.29.31', hex(value))
    return codeOf(() => Certificate.parse(withExtension(bytes)).crlDistributionPoints?.length)
  }
  expect(point('3000')).toBe('ERR_CERTIFICATE_EXTENSION')
  expect(point('30023000')).toBe('ERR_CERTIFICATE_EXTENSION')
  expect(point('3006300481020640')).toBe('ERR_CERTIFICATE_EXTENSION')
  expect(point('300a3008a206a40430020000')).toMatch(/^ERR_ASN1/)
})

function withExtension(bytes: Uint8Array): Uint8Array {
  const name = commonName('x')
  const validity = der.sequence([der.time(NOW), der.time(NOW)])
  const spki = der.sequence([ED25519, der.bitString(new Uint8Array(32))])
  const extensions = encode(contextTag(3, true), [der.sequence([bytes])])
  const fields = [
    der.explicit(0, der.integer(2)),
    der.integer(1),
    ED25519,
    name,
    validity,
    name,
    spki,
    extensions,
  ]
  return der.sequence([der.sequence(fields), ED25519, der.bitString(new Uint8Array(64))])
}

describeWith('openssl', 'lists made by openssl ca', () => {
  it('are read, verify, and find what was revoked', () => {
    const folder = tempDir()
    const openssl = (...args: string[]): string =>
      execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    const database = (serial: string, why: string): string =>
      `R\t300101000000Z\t260101000000Z,${why}\t${serial}\tunknown\t/CN=x\n`
    writeFileSync(
      join(folder, 'ca.cnf'),
      [
        '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=30',
        'crl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid',
      ].join('\n'),
    )
    writeFileSync(join(folder, 'crlnumber'), '0A5F')
    writeFileSync(
      join(folder, 'index.txt'),
      database('01', 'keyCompromise') + database('E3A0B1', 'superseded') + database('7F', 'removeFromCRL'),
    )
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=ca',
    )
    openssl('ca', '-gencrl', '-config', 'ca.cnf', '-keyfile', 'key.pem', '-cert', 'ca.pem', '-out', 'crl.pem')
    const crl = CertificateRevocationList.fromPem(readFileSync(join(folder, 'crl.pem')))
    const certificate = Certificate.fromPem(readFileSync(join(folder, 'ca.pem')))
    expect(verifySignature(crl.signatureAlgorithm, certificate.publicKey, crl.tbs, crl.signature)).toBe(true)
    expect([crl.crlNumber, crl.entryCount, crl.authorityKeyIdentifier]).toEqual([
      '0a5f',
      3,
      certificate.subjectKeyIdentifier,
    ])
    const reasonOf = (serial: string): string | undefined => byNumber(crl, serial, certificate.subject)
    expect([reasonOf('01'), reasonOf('00e3a0b1'), reasonOf('02')]).toEqual([
      'keyCompromise',
      'superseded',
      undefined,
    ])
    const shown = openssl('crl', '-in', 'crl.pem', '-noout', '-issuer', '-fingerprint', '-sha256')
    expect(shown).toContain('issuer=CN = ca')
    expect(shown.replaceAll(':', '').toLowerCase()).toContain(crl.fingerprint())
  })
})

it('distributionPointUris: the addresses alone, in their order', () => {
  const uri = (text: string): Uint8Array => encode(contextTag(6, false), [Buffer.from(text)])
  const point = (...names: Uint8Array[]): Uint8Array =>
    der.sequence([encode(contextTag(0, true), [encode(contextTag(0, true), names)])])
  const relative = der.sequence([encode(contextTag(0, true), [hex('a100')])])
  const issued = der.sequence([encode(contextTag(2, true), [der.explicit(4, commonName('ca'))])])
  const points = [
    point(uri('http://a/1'), der.explicit(4, commonName('x')), uri('ldap://b')),
    relative,
    issued,
    point(uri('http://c')),
  ]
  const read = Certificate.parse(
    withExtension(extension('2.5.29.31', der.sequence(points))),
  ).crlDistributionPoints
  expect(distributionPointUris(read ?? [])).toEqual(['http://a/1', 'ldap://b', 'http://c'])
  expect(read?.[1]?.distributionPoint?.nameRelativeToCRLIssuer).toEqual(hex('a100'))
  expect(read?.[2]?.cRLIssuer).toHaveLength(1)
})

it('reasons of a distribution point, bit by bit', () => {
  const reasons = (value: string): string[] => {
    const bytes = extension(
      '2.5.29.31',
      der.sequence([
        der.sequence([hex(value), encode(contextTag(2, true), [der.explicit(4, commonName('ca'))])]),
      ]),
    )
    return [...(Certificate.parse(withExtension(bytes)).crlDistributionPoints?.[0]?.reasons ?? [])]
  }
  expect(reasons('81020640')).toEqual(['keyCompromise'])
  expect(reasons('8103070180')).toEqual(['privilegeWithdrawn', 'aACompromise'])
})

it('access and policies: empty, twice, their qualifiers', () => {
  const read = (
    oid: string,
    value: Uint8Array,
    name: 'authorityInfoAccess' | 'certificatePolicies',
  ): string => codeOf(() => JSON.stringify(Certificate.parse(withExtension(extension(oid, value)))[name]))
  const policies = (...list: Uint8Array[]): string =>
    read('2.5.29.32', der.sequence(list), 'certificatePolicies')
  const policy = (oid: string, ...qualifiers: Uint8Array[]): Uint8Array =>
    der.sequence([der.oid(oid), ...qualifiers])
  expect(policies()).toBe('ERR_CERTIFICATE_EXTENSION')
  expect(policies(policy('1.2.3'), policy('1.2.3'))).toBe('ERR_CERTIFICATE_EXTENSION')
  const qualifier = der.sequence([policy('1.3.6.1.5.5.7.2.1', hex('160161'))])
  expect(policies(policy('1.2.3', qualifier), policy('1.2.4'))).toBe('returned ["1.2.3","1.2.4"]')
  const access = (...list: Uint8Array[]): string =>
    read('1.3.6.1.5.5.7.1.1', der.sequence(list), 'authorityInfoAccess')
  expect(access()).toBe('ERR_CERTIFICATE_EXTENSION')
  const uri = encode(contextTag(6, false), [Buffer.from('http://ocsp')])
  expect(access(der.sequence([der.oid(AccessMethod.ocsp), uri]))).toBe(
    'returned [{"method":"1.3.6.1.5.5.7.48.1","location":{"type":"uniformResourceIdentifier","value":"http://ocsp"}}]',
  )
})
