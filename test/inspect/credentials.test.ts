/** Inspection over the project's own corpus of PKCS#12 files, open and locked, and over PEM of several kinds. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateKey, issueTestCertificate, writePem, writePkcs12 } from '../../src/credentials/index.ts'
import { formatInspection, inspect } from '../../src/inspect/index.ts'
import { root } from '../support/tools.ts'

interface Vector {
  readonly file: string
  readonly password?: string | null
  readonly macPassword?: string
  readonly keyPassword?: string
  readonly keys?: readonly string[]
  readonly certs?: readonly string[]
  readonly expect: string
}

const folder = join(root, 'vectors/pkcs12')
const vectors = (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Vector[]).filter(
  ({ expect: expected, password }) => expected === 'ok' && typeof password === 'string',
)
const passwordsOf = ({ password, macPassword, keyPassword }: Vector) => ({
  ...{ password: password ?? '', macPassword, keyPassword },
})
const bytesOf = ({ file }: Vector) => readFileSync(join(folder, file))

describe('PKCS#12 of every class', () => {
  it('there are such', () => expect(vectors.length).toBeGreaterThan(30))

  it.each(vectors.map((vector) => [vector.file, vector] as const))('%s', async (_, vector) => {
    const inspection = await inspect(bytesOf(vector), passwordsOf(vector))
    expect(inspection).toMatchObject({ form: 'PKCS#12', locked: false })
    const short = (hashes: readonly (string | null)[]) =>
      [...new Set(hashes.map((hash) => hash?.slice(0, 16)))].sort()
    expect(short(inspection.keys.map(({ spkiSha256 }) => spkiSha256))).toEqual(
      [...(vector.keys ?? [])].sort(),
    )
    expect(short(inspection.certificates.map(({ sha256 }) => sha256))).toEqual(
      [...(vector.certs ?? [])].sort(),
    )
    expect(JSON.parse(JSON.stringify(inspection)), 'values that JSON can carry').toEqual(inspection)
    for (const { sha256 } of inspection.certificates) expect(formatInspection(inspection)).toContain(sha256)
  })

  it('without their password they show what protects them, and nothing of what is encrypted', async () => {
    const locked: string[] = []
    for (const vector of vectors) {
      const inspection = await inspect(bytesOf(vector))
      if (!inspection.locked) continue
      locked.push(vector.file)
      const { mac, encryption } = inspection.protection
      expect(mac !== null || encryption.length > 0, vector.file).toBe(true)
      for (const key of inspection.keys) expect(key).toMatchObject({ locked: true, spkiSha256: null })
    }
    expect(locked.length).toBeGreaterThan(20)
  })

  it('a wrong password is an error, not a locked file', async () => {
    const vector = vectors.find(({ file }) => file === 'bc-der.p12') as Vector
    await expect(inspect(bytesOf(vector), { password: 'wrong' })).rejects.toMatchObject({
      code: 'ERR_CREDENTIAL_PASSWORD_WRONG',
    })
    expect((await inspect(bytesOf(vector), { password: () => undefined })).locked).toBe(true)
  })
})

describe('a key, its certificate and chain', async () => {
  const caKey = await generateKey('P-256')
  const ca = await issueTestCertificate({
    key: caKey,
    subject: 'CN=CA',
    days: 10,
    ca: { pathLenConstraint: 0 },
  })
  const key = await generateKey('RSA-2048')
  const issuer = { certificate: ca, key: caKey }
  const certificate = await issueTestCertificate({
    ...{ key, issuer, subject: 'CN=api', days: 10 },
    subjectAltNames: ['DNS:api.example', 'IP:192.0.2.1'],
    extendedKeyUsage: ['clientAuth', '1.2.3.4'],
  })
  const entry = { key, certificate, chain: [ca], friendlyName: 'the name' }

  it('are described', async () => {
    const { keys, certificates, chains } = await inspect(
      await writePkcs12({ keys: [entry] }, { password: 'p', iterations: 1000 }),
      { password: 'p' },
    )
    const [own, authority] = certificates
    expect(own).toMatchObject({
      subject: 'CN=api',
      issuer: 'CN=CA',
      serialNumber: certificate.serialNumber,
      subjectAltNames: ['DNS:api.example', 'IP:192.0.2.1'],
      keyUsage: ['digitalSignature', 'nonRepudiation'],
      extendedKeyUsage: ['clientAuth', '1.2.3.4'],
      publicKey: { name: 'RSA 2048', type: 'RSA', bits: 2048, curve: null },
      signatureAlgorithm: 'ECDSA with SHA-256',
      sha256: certificate.fingerprint('sha256'),
      sha1: certificate.fingerprint('sha1'),
      validity: 'valid',
      daysLeft: 9,
      ca: false,
      pathLength: null,
      selfSigned: false,
      friendlyName: 'the name',
      trusted: false,
      problems: [],
    })
    expect(authority).toMatchObject({ ca: true, pathLength: 0, selfSigned: true })
    expect(keys).toMatchObject([
      { name: 'RSA 2048', friendlyName: 'the name', locked: false, certificateSha256: own?.sha256 },
    ])
    expect(chains).toEqual(['CN=CA', '└─ CN=api  [private key]'])
  })

  it.each([
    [-1, 'not-yet-valid', 11],
    [1, 'valid', 9],
    [9.5, 'valid', 0],
    [10.1, 'expired', -1],
  ])('validity %d days after it begins: %s, %d days left', async (days, validity, daysLeft) => {
    const now = new Date(+certificate.notBefore + days * 86_400_000)
    const inspection = await inspect(certificate.der, { now })
    expect(inspection.certificates).toMatchObject([{ validity, daysLeft }])
  })

  it('an encrypted key in PEM: locked, the certificate is seen all the same', async () => {
    const text = await writePem({ keys: [entry] }, { password: 'p', kdf: 'scrypt' })
    expect(await inspect(text)).toMatchObject({
      form: 'PEM',
      locked: true,
      protection: { mac: null, encryption: [{ keyDerivation: 'scrypt', iterations: 2 ** 14, weak: false }] },
      keys: [{ locked: true, name: 'locked', spkiSha256: null }],
      certificates: [{ subject: 'CN=api' }, { subject: 'CN=CA' }],
    })
    expect(await inspect(text, { password: 'p' })).toMatchObject({
      locked: false,
      keys: [{ name: 'RSA 2048' }],
    })
  })

  it('nothing secret is in what is shown', async () => {
    const inspection = await inspect(await writePem({ keys: [entry] }))
    const secret = Buffer.from(key.pkcs8()).toString('hex')
    expect(JSON.stringify(inspection) + formatInspection(inspection)).not.toContain(secret.slice(-64))
    expect(inspection.protection.plainKeys).toBe(true)
  })
})

it('a certificate that claims to be self-signed and is not', async () => {
  const key = await generateKey('P-256')
  const other = await generateKey('P-256')
  const subject = 'CN=same'
  const one = await issueTestCertificate({ key, subject, days: 1 })
  const forged = await issueTestCertificate({
    key: other,
    subject,
    days: 1,
    issuer: { certificate: one, key },
  })
  expect((await inspect(one.der)).certificates).toMatchObject([{ selfSigned: true }])
  expect((await inspect(forged.der)).certificates).toMatchObject([{ selfSigned: false }])
})
