/** Holes in how others read signatures and structures, each as a chain that has it: none is accepted here. */
import { constants, createHash, generateKeyPairSync, privateEncrypt, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { SealkitError } from '../../src/errors.ts'
import { Certificate, Name } from '../../src/x509/index.ts'
import { issue, type KeyPair, SERVER_AUTH, verdict } from './support/issue.ts'

const DAYS = [new Date('2025-01-01T00:00:00Z'), new Date('2035-01-01T00:00:00Z')] as const

/** A bare certificate, signed as the caller does. */
function bare(
  wanted: { subject: string; issuer: string; key: KeyPair; algorithm: Uint8Array; extensions?: Uint8Array[] },
  signature: (tbs: Uint8Array) => Uint8Array,
): Uint8Array {
  const { subject, issuer, key, algorithm, extensions = [] } = wanted
  const tbs = der.sequence([
    der.explicit(0, der.integer(2)),
    der.integer(7),
    algorithm,
    Name.fromText(issuer).der,
    der.sequence(DAYS.map((date) => der.time(date))),
    Name.fromText(subject).der,
    key.publicKey.export({ format: 'der', type: 'spki' }),
    ...(extensions.length === 0 ? [] : [der.explicit(3, der.sequence(extensions))]),
  ])
  return der.sequence([tbs, algorithm, der.bitString(signature(tbs))])
}

const basicConstraints = der.sequence([
  der.oid('2.5.29.19'),
  der.boolean(true),
  der.octetString(der.sequence([der.boolean(true)])),
])

describe('PKCS#1 v1.5 signatures with another encoding than EMSA (RFC 8017 9.2)', () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
  const algorithm = der.sequence([der.oid('1.2.840.113549.1.1.11'), der.null()])
  const caSigns = (tbs: Uint8Array): Uint8Array => sign('sha256', tbs, key.privateKey)
  const names = { issuer: 'CN=RSA root', key, algorithm }
  const ca = Certificate.parse(
    bare({ subject: 'CN=RSA root', extensions: [basicConstraints], ...names }, caSigns),
  )
  const root = { certificate: ca, key }
  const leafSignedWith = (encoded: (digest: Uint8Array) => Uint8Array) =>
    Certificate.parse(
      bare({ subject: 'CN=leaf', ...names }, (tbs) =>
        privateEncrypt(
          { key: key.privateKey, padding: constants.RSA_NO_PADDING },
          encoded(createHash('sha256').update(tbs).digest()),
        ),
      ),
    )
  const SHA256 = der.oid('2.16.840.1.101.3.4.2.1')
  const info = (digest: Uint8Array, parameters: Uint8Array[] = [der.null()]): Uint8Array =>
    der.sequence([der.sequence([SHA256, ...parameters]), der.octetString(digest)])
  /** 00 01 FF … 00 info, with so much behind it, in 256 bytes. */
  const block = (inside: Uint8Array, behind = 0, fill = 0xff): Uint8Array => {
    const padding = Buffer.alloc(256 - 3 - inside.length - behind, fill)
    return Buffer.concat([Buffer.of(0, 1), padding, Buffer.of(0), inside, Buffer.alloc(behind, 0xa5)])
  }

  it('the right one is taken', async () => {
    expect(
      await verdict(
        leafSignedWith((digest) => block(info(digest))),
        [root],
      ),
    ).toBe('valid')
  })

  it.each<[string, (digest: Uint8Array) => Uint8Array]>([
    ['CVE-2022-24771: garbage in the parameters', (d) => block(info(d, [der.octetString(Buffer.alloc(80))]))],
    ['CVE-2022-24772: garbage behind the digest', (d) => block(info(d), 120)],
    ['CVE-2022-24773: no parameters', (d) => block(info(d, []))],
    ['CVE-2026-33894: short padding, e = 3', (d) => block(info(d), 256 - 3 - info(d).length - 8)],
    ['another octet in the padding', (d) => block(info(d), 0, 0xfe)],
  ])('%s', async (_, encoded) => {
    expect(await verdict(leafSignedWith(encoded), [root])).toBe('signature-mismatch')
  })
})

it('CVE-2026-33895: an Ed25519 signature with S not below the order', async () => {
  const key = generateKeyPairSync('ed25519')
  const algorithm = der.sequence([der.oid('1.3.101.112')])
  const names = { issuer: 'CN=Ed root', key, algorithm }
  const root = Certificate.parse(
    bare({ subject: 'CN=Ed root', extensions: [basicConstraints], ...names }, (tbs) =>
      sign(null, tbs, key.privateKey),
    ),
  )
  const leaf = (change: (signature: Uint8Array) => Uint8Array): Certificate =>
    Certificate.parse(
      bare({ subject: 'CN=leaf', ...names }, (tbs) => change(sign(null, tbs, key.privateKey))),
    )
  const L = 2n ** 252n + 27742317777372353535851937790883648493n
  const plusL = (signature: Uint8Array): Uint8Array => {
    const s = BigInt(`0x${Buffer.from(signature.slice(32)).reverse().toString('hex')}`) + L
    const octets = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
    return Buffer.concat([signature.slice(0, 32), octets])
  }
  const roots = [{ certificate: root, key }]
  expect(
    await verdict(
      leaf((signature) => signature),
      roots,
    ),
  ).toBe('valid')
  expect(await verdict(leaf(plusL), roots)).toBe('signature-mismatch')
})

describe('structures', () => {
  const good = issue('CN=leaf', { issuer: issue('CN=root', { ca: true }) }).certificate

  it('CVE-2025-12816 (node-forge): a field in another place, or twice, makes no certificate', () => {
    const [tbsLength, rest] = [good.tbs.length, good.der.subarray(4 + good.tbs.length)]
    const inside = good.tbs.subarray(4)
    const extensions = der.explicit(3, der.sequence([basicConstraints]))
    const uniqueId = der.implicit(2, der.bitString(Uint8Array.of(1)))
    expect(tbsLength).toBeGreaterThan(256)
    for (const more of [[extensions], [uniqueId], [der.null()]]) {
      const tbs = der.sequence([inside, ...more])
      expect(() => Certificate.parse(der.sequence([tbs, rest]))).toThrow(SealkitError)
    }
  })

  it('CVE-2025-66030 (node-forge): an OID that is another one modulo 2^32', async () => {
    const root = issue('CN=root', { ca: true })
    const wrapped = SERVER_AUTH.replace(/1$/, String(2 ** 32 + 1))
    const value = der.sequence([der.oid(wrapped)])
    const leaf = issue('CN=leaf', {
      issuer: root,
      extensions: [{ oid: '2.5.29.37', critical: false, value }],
    })
    expect(leaf.certificate.extendedKeyUsage).toEqual([wrapped])
    expect(await verdict(leaf, [root])).toBe('extended-key-usage')
  })

  it('CVE-2025-66031 (node-forge), ASN1.js#131: nesting without end', () => {
    let nested = der.null()
    for (let i = 0; i < 20_000; i++) nested = Buffer.concat([Buffer.of(0x30, 0x80), nested, Buffer.of(0, 0)])
    expect(() => Certificate.parse(nested)).toThrow(SealkitError)
    let deep = der.null()
    for (let i = 0; i < 2000; i++) deep = der.sequence([deep])
    expect(() => Certificate.parse(deep)).toThrow(SealkitError)
    const value = deep
    const leaf = issue('CN=leaf', {
      issuer: issue('CN=root', { ca: true }),
      extensions: [{ oid: '2.5.29.17', critical: false, value }],
    })
    expect(() => leaf.certificate.subjectAltName).toThrow(SealkitError)
  })
})
