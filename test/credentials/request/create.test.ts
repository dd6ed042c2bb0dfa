import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { signatureAlgorithmFor } from '../../../src/algorithms/index.ts'
import { decodePem } from '../../../src/asn1/index.ts'
import {
  CertificateRequest,
  type CertificateRequestOptions,
  createCertificateRequest,
  generateKey,
  PrivateKey,
} from '../../../src/credentials/index.ts'
import { SealkitError } from '../../../src/errors.ts'
import { generalNameToString, KeyPurpose, Name } from '../../../src/x509/index.ts'
import { exportSpki, hex } from '../../algorithms/helpers.ts'
import { describeWith, tempDir } from '../../support/tools.ts'

const KEYS = {
  'RSA 2048': generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA-PSS restricted': generateKeyPairSync('rsa-pss', {
    modulusLength: 2048,
    hashAlgorithm: 'sha384',
    mgf1HashAlgorithm: 'sha384',
    // The types of Node 20 say string.
    saltLength: 48 as never,
  }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: generateKeyPairSync('ed25519'),
  Ed448: generateKeyPairSync('ed448'),
}
const SUBJECT = 'CN=api.bank.example,O=Bank\\, Inc.,C=LU'
const WANTED = {
  subjectAltNames: [
    'DNS:api.bank.example',
    'IP:192.0.2.1',
    'IP:2001:db8::1',
    'email:a@bank.example',
    'URI:https://bank.example/',
  ],
  keyUsage: ['digitalSignature', 'nonRepudiation'],
  extendedKeyUsage: ['clientAuth', '1.2.3.4'],
} as const

const failure = async (options: Partial<CertificateRequestOptions>): Promise<string> => {
  try {
    await createCertificateRequest({ subject: 'CN=x', key: KEYS['P-256'].privateKey, ...options })
    return 'made'
  } catch (error) {
    return error instanceof SealkitError ? error.code : String(error)
  }
}

describe.each(Object.entries(KEYS))('createCertificateRequest: %s', (_, { privateKey, publicKey }) => {
  it('has all that was asked for, from a PrivateKey as from a KeyObject', async () => {
    const wrapped = await PrivateKey.fromKeyObject(privateKey)
    for (const key of [privateKey, wrapped]) {
      const request = await createCertificateRequest({ subject: SUBJECT, key, ...WANTED })
      expect(request.toJSON()).toEqual({
        subject: SUBJECT,
        subjectAltNames: WANTED.subjectAltNames,
        keyUsage: WANTED.keyUsage,
        extendedKeyUsage: [KeyPurpose.clientAuth, '1.2.3.4'],
      })
      expect(request.subject.equals(Name.fromText(SUBJECT))).toBe(true)
      expect(request.basicConstraints).toBeUndefined()
      expect(await request.verify()).toBe(true)
      expect(request.matchesKey(wrapped)).toBe(true)
      expect(request.matchesKey(exportSpki(publicKey))).toBe(true)
      expect(request.publicKey.keyObject?.asymmetricKeyType).toBeDefined()
      expect(CertificateRequest.fromPem(request.toPem()).der).toEqual(request.der)
    }
  })
})

describe('createCertificateRequest', () => {
  it('without extensions has the empty set of attributes that RFC 2986 asks for', async () => {
    const request = await createCertificateRequest({ subject: 'CN=x', key: KEYS['P-256'].privateKey })
    expect(Buffer.from(request.certificationRequestInfo.subarray(-2)).toString('hex')).toBe('a000')
    expect([request.attributes, request.extensions]).toEqual([[], []])
  })

  it.each([
    [['digitalSignature', 'nonRepudiation'], '030206c0'],
    [['cRLSign', 'keyCertSign'], '03020106'],
    [['decipherOnly'], '0303070080'],
  ] as const)(
    'key usage %s is a BIT STRING without zero bits at its end (X.690 11.2.2)',
    async (keyUsage, value) => {
      const request = await createCertificateRequest({
        subject: 'CN=x',
        key: KEYS['P-256'].privateKey,
        keyUsage,
      })
      expect(request.extension('2.5.29.15')).toEqual({ oid: '2.5.29.15', critical: true, value: hex(value) })
    },
  )

  it('takes names as they are read, and only alternative names; these are critical then', async () => {
    const key = KEYS['P-256'].privateKey
    const value = Name.fromText('CN=a+OU=b,C=LU')
    const request = await createCertificateRequest({
      subject: value,
      key,
      subjectAltNames: [{ type: 'directoryName', value }],
    })
    expect(request.subject.der).toEqual(value.der)
    expect(request.subjectAltName?.map(generalNameToString)).toEqual([`dirName:${value}`])
    expect(request.extension('2.5.29.17')?.critical).toBe(false)
    const nameless = await createCertificateRequest({ subject: '', key, subjectAltNames: ['DNS:a.example'] })
    expect(nameless.extension('2.5.29.17')?.critical).toBe(true)
    expect(String(nameless)).toBe('certificate request for (no name)')
  })

  it('signs with hash and padding as asked', async () => {
    const key = KEYS['RSA 2048'].privateKey
    const pss = await createCertificateRequest({ subject: 'CN=x', key, hash: 'SHA-512', pss: true })
    expect(pss.signatureAlgorithm).toMatchObject({ scheme: 'RSASSA-PSS', pss: { saltLength: 64 } })
    const ec = await createCertificateRequest({
      subject: 'CN=x',
      key: KEYS['P-256'].privateKey,
      hash: 'SHA-384',
    })
    expect(ec.signatureAlgorithm.hash?.name).toBe('SHA-384')
  })

  it('has a key that signs elsewhere make the signature', async () => {
    const { privateKey, publicKey } = KEYS['P-384']
    const signed: Uint8Array[] = []
    const subjectPublicKeyInfo = exportSpki(publicKey)
    const probe = await createCertificateRequest({ subject: 'CN=x', key: privateKey })
    const token = {
      algorithm: signatureAlgorithmFor(probe.publicKey),
      subjectPublicKeyInfo,
      sign: async (data: Uint8Array) => {
        signed.push(data)
        return sign('sha384', data, privateKey)
      },
    }
    const request = await createCertificateRequest({ subject: 'CN=token', key: token })
    expect(signed).toEqual([request.certificationRequestInfo])
    expect(await request.verify()).toBe(true)
    const wrong = { ...token, sign: async () => new Uint8Array(96) }
    expect(await failure({ key: wrong })).toBe('ERR_CREDENTIAL_REQUEST')
    const other = {
      ...token,
      subjectPublicKeyInfo: exportSpki(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
    }
    expect(await failure({ key: other })).toBe('ERR_CREDENTIAL_REQUEST')
    expect(await failure({ key: token, hash: 'SHA-512' })).toMatch(/^TypeError/)
  })

  it.each<[string, Partial<CertificateRequestOptions>, string | RegExp]>([
    ['neither subject nor names', { subject: '' }, 'ERR_CREDENTIAL_REQUEST'],
    ['a subject that is no name', { subject: 'x' }, 'ERR_NAME_MALFORMED'],
    ['a subject of another type', { subject: 1 as never }, /^TypeError/],
    ['an alternative name without its type', { subjectAltNames: ['a.example'] }, 'ERR_CERTIFICATE_EXTENSION'],
    ['an alternative name with a space', { subjectAltNames: ['DNS:a b'] }, 'ERR_CERTIFICATE_EXTENSION'],
    ['a key usage that is none', { keyUsage: ['sign' as never] }, /^TypeError/],
    ['an extended key usage that is none', { extendedKeyUsage: ['sign'] }, /^TypeError/],
    [
      'a hash that does not fit',
      { key: KEYS.Ed25519.privateKey, hash: 'SHA-256' },
      'ERR_ALGORITHM_KEY_MISMATCH',
    ],
    ['a public key', { key: KEYS['P-256'].publicKey }, /^TypeError/],
    ['no key', { key: {} as never }, /^TypeError/],
    [
      'RSA of 1024 bits',
      { key: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey },
      'ERR_KEY_WEAK',
    ],
    ['an X25519 key', { key: generateKeyPairSync('x25519').privateKey }, 'ERR_ALGORITHM_UNKNOWN'],
  ])('refuses %s', async (_, options, expected) => {
    expect(await failure(options)).toMatch(
      expected instanceof RegExp ? expected : new RegExp(`^${expected}$`),
    )
  })

  it('shows nothing but the name', async () => {
    const request = await createCertificateRequest({ subject: SUBJECT, key: await generateKey('P-256') })
    expect(inspect(request)).toBe(`CertificateRequest { ${SUBJECT} }`)
  })
})

describeWith(['openssl', 'gnutls'], 'requests of ours, judged by OpenSSL and GnuTLS', () => {
  const folder = tempDir()
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

  it.each(Object.entries(KEYS))('%s', async (name, { privateKey }) => {
    const request = await createCertificateRequest({ subject: SUBJECT, key: privateKey, ...WANTED })
    writeFileSync(join(folder, 'request.pem'), request.toPem())
    const shown = run(
      'openssl',
      'req',
      '-in',
      'request.pem',
      '-verify',
      '-noout',
      '-text',
      '-nameopt',
      'RFC2253',
    )
    for (const part of [
      `Subject: ${SUBJECT}`,
      'DNS:api.bank.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1, email:a@bank.example, URI:https://bank.example/',
      'Digital Signature, Non Repudiation',
      'TLS Web Client Authentication, 1.2.3.4',
    ]) {
      expect(shown).toContain(part)
    }
    // OpenSSL writes the same bytes when it has taken the request apart.
    const again = run('openssl', 'req', '-in', 'request.pem')
    expect(decodePem(again)[0]?.der).toEqual(request.der)
    writeFileSync(join(folder, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
    run(
      'openssl',
      'x509',
      '-req',
      '-in',
      'request.pem',
      '-key',
      'key.pem',
      '-copy_extensions',
      'copyall',
      '-out',
      'cert.pem',
    )
    expect(run('openssl', 'x509', '-in', 'cert.pem', '-noout', '-ext', 'subjectAltName')).toContain(
      '192.0.2.1',
    )
    const info = run('certtool', '--crq-info', '--infile', 'request.pem')
    expect(info).toContain('DNSname: api.bank.example')
    expect(info).toContain(name === 'RSA-PSS restricted' ? 'RSA-PSS' : 'Self signature: verified')
  })
})
