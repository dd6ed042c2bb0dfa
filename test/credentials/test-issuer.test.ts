import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { verifySignature } from '../../src/algorithms/index.ts'
import {
  CertificateRequest,
  createCertificateRequest,
  generateKey,
  issueTestCertificate,
  matchesKey,
  orderChain,
  type PrivateKey,
  publicKeyOf,
  type TestCertificateOptions,
} from '../../src/credentials/index.ts'
import { SealkitError } from '../../src/errors.ts'
import { type Certificate, generalNameToString } from '../../src/x509/index.ts'
import { exportSpki } from '../algorithms/helpers.ts'
import { describeWith, tempDir } from '../support/tools.ts'

const verifies = (one: Certificate, issuer: Certificate): boolean =>
  verifySignature(one.signatureAlgorithm, issuer.publicKey, one.tbs, one.signature)

const failure = async (options: TestCertificateOptions): Promise<string> => {
  try {
    await issueTestCertificate(options)
    return 'issued'
  } catch (error) {
    return error instanceof SealkitError ? error.code : String(error)
  }
}

describe('generateKey', () => {
  it.each([
    ['RSA-2048', 'RSA 2048'],
    ['RSA-3072', 'RSA 3072'],
    ['P-256', 'EC P-256'],
    ['P-384', 'EC P-384'],
    ['P-521', 'EC P-521'],
    ['Ed25519', 'Ed25519'],
    ['Ed448', 'Ed448'],
  ] as const)('%s: a key that signs, another each time', async (type, name) => {
    const [key, other] = [await generateKey(type), await generateKey(type)]
    expect(key.name).toBe(name)
    expect(key.subjectPublicKeyInfo).not.toEqual(other.subjectPublicKeyInfo)
    expect(new Uint8Array(publicKeyOf(await key.toKeyObject()).spki)).toEqual(key.subjectPublicKeyInfo)
    const pkcs8 = Buffer.from(key.pkcs8())
    expect(
      sign(null, Buffer.from('x'), createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).length,
    ).toBeGreaterThan(60)
  })

  it.each(['RSA-1024', 'RSA-2047', 'RSA-512', 'RSA-1'])('refuses %s as weak', async (type) => {
    await expect(generateKey(type as never)).rejects.toMatchObject({ code: 'ERR_KEY_WEAK' })
  })

  it.each(['RSA-2500', 'RSA', 'P-224', 'secp256k1', '', undefined])('does not know %s', async (type) => {
    await expect(generateKey(type as never)).rejects.toThrow(TypeError)
  })
})

describe('issueTestCertificate', () => {
  let caKey: PrivateKey
  let ca: Certificate
  beforeAll(async () => {
    caKey = await generateKey('P-256')
    ca = await issueTestCertificate({ key: caKey, subject: 'CN=Test CA', days: 30, ca: true })
  })

  it('self-signed: a CA', () => {
    expect([ca.version, ca.basicConstraints, ca.selfIssued, verifies(ca, ca)]).toEqual([
      3,
      { ca: true, pathLenConstraint: undefined },
      true,
      true,
    ])
    expect(ca.keyUsage).toEqual(new Set(['keyCertSign', 'cRLSign']))
    expect(ca.authorityKeyIdentifier).toEqual(ca.subjectKeyIdentifier)
    expect(ca.notAfter.getTime() - ca.notBefore.getTime()).toBe(30 * 86_400_000)
    expect(ca.notBefore.getTime()).toBeLessThan(Date.now())
  })

  it('by a CA, for a request: its names and usages, but no CA of its own making', async () => {
    const key = await generateKey('RSA-2048')
    const request = await createCertificateRequest({
      subject: 'CN=leaf',
      key,
      subjectAltNames: ['DNS:a.example'],
      keyUsage: ['digitalSignature', 'keyCertSign'],
      extendedKeyUsage: ['clientAuth'],
    })
    const one = await issueTestCertificate({ request, days: 1, issuer: { certificate: ca, key: caKey } })
    expect(verifies(one, ca)).toBe(true)
    expect(matchesKey(one, publicKeyOf(await key.toKeyObject()))).toBe(true)
    expect(request.matchesKey(one)).toBe(true)
    expect([one.subject.toString(), one.issuer.toString()]).toEqual(['CN=leaf', 'CN=Test CA'])
    expect(one.subjectAltName?.map(generalNameToString)).toEqual(['DNS:a.example'])
    expect([one.keyUsage, one.extendedKeyUsage]).toEqual([
      new Set(['digitalSignature']),
      ['1.3.6.1.5.5.7.3.2'],
    ])
    expect([one.basicConstraints?.ca, one.authorityKeyIdentifier]).toEqual([false, ca.subjectKeyIdentifier])
    const again = await issueTestCertificate({ request, days: 1, issuer: { certificate: ca, key: caKey } })
    expect(again.serialNumber).not.toBe(one.serialNumber)
    expect(orderChain(one, [ca])).toEqual([ca])
  })

  it('for a public key, with what is asked for instead', async () => {
    const { publicKey } = generateKeyPairSync('ed448')
    const one = await issueTestCertificate({
      publicKey: exportSpki(publicKey),
      subject: '/CN=test',
      days: 2,
      notBefore: new Date('2020-01-01T00:00:00Z'),
      issuer: { certificate: ca, key: await caKey.toKeyObject() },
      keyUsage: ['keyAgreement'],
      hash: 'SHA-512',
    })
    expect(one.notAfter.toISOString()).toBe('2020-01-03T00:00:00.000Z')
    expect([one.keyUsage, one.signatureAlgorithm.hash?.name]).toEqual([new Set(['keyAgreement']), 'SHA-512'])
  })

  it('refuses what does not fit', async () => {
    const key = await generateKey('P-256')
    const subject = 'CN=x'
    const issuer = { certificate: ca, key }
    expect(await failure({ key, subject, days: 1, issuer })).toBe('ERR_CREDENTIAL_KEY_MISMATCH')
    const publicKey = ca.subjectPublicKeyInfo
    expect(await failure({ key, publicKey, subject, days: 1 })).toBe('ERR_CREDENTIAL_KEY_MISMATCH')
    const request = await createCertificateRequest({ subject, key })
    const forged = Uint8Array.from(request.der)
    const at = Buffer.from(forged).indexOf('x')
    forged[at] = 0x79
    const good = { certificate: ca, key: caKey }
    expect(await failure({ request: CertificateRequest.parse(forged), days: 1, issuer: good })).toBe(
      'ERR_CREDENTIAL_REQUEST',
    )
    expect(await failure({ key, days: 1 })).toMatch(/^TypeError: a subject/)
    expect(await failure({ key, subject, days: 0 })).toMatch(/^TypeError: days/)
    expect(await failure({ subject, days: 1 })).toMatch(/^TypeError: a request/)
    expect(await failure({ publicKey, subject, days: 1 })).toMatch(/^TypeError: an issuer/)
    expect(await failure({ key, subject: 'x', days: 1 })).toBe('ERR_NAME_MALFORMED')
  })

  describeWith('openssl', 'judged by openssl verify -x509_strict', () => {
    const folder = tempDir()
    it.each(['RSA-2048', 'P-384', 'Ed25519'] as const)('root, intermediate, leaf: %s', async (type) => {
      const [rootKey, middleKey, key] = [
        await generateKey(type),
        await generateKey('P-256'),
        await generateKey(type),
      ]
      const days = 30
      const root = await issueTestCertificate({ key: rootKey, subject: 'CN=Test root,C=LU', days, ca: true })
      const middle = await issueTestCertificate({
        key: middleKey,
        subject: 'CN=Test intermediate,C=LU',
        days,
        ca: { pathLenConstraint: 0 },
        issuer: { certificate: root, key: rootKey },
      })
      const leaf = await issueTestCertificate({
        request: await createCertificateRequest({
          subject: 'CN=Test leaf',
          key,
          subjectAltNames: ['DNS:a.example'],
        }),
        days,
        issuer: { certificate: middle, key: middleKey },
        extendedKeyUsage: ['serverAuth', 'clientAuth'],
      })
      for (const [name, one] of Object.entries({ root, middle, leaf })) {
        writeFileSync(join(folder, `${name}.pem`), one.toPem())
      }
      const args =
        'verify -x509_strict -purpose sslserver -verify_hostname a.example -CAfile root.pem -untrusted middle.pem leaf.pem'
      expect(execFileSync('openssl', args.split(' '), { cwd: folder, encoding: 'utf8' })).toBe(
        'leaf.pem: OK\n',
      )
    })
  })
})
