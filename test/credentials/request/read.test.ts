import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contextTag, der, encode, encodePem } from '../../../src/asn1/index.ts'
import { CertificateRequest, createCertificateRequest } from '../../../src/credentials/index.ts'
import { generalNameToString } from '../../../src/x509/index.ts'
import { codeOf, errorOf, hex } from '../../algorithms/helpers.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid } from '../../support/malformed.ts'
import { describeShared, describeWith, shared, tempDir } from '../../support/tools.ts'
import { commonName, ED25519, extension } from '../../x509/build.ts'

const EXTENSIONS = '1.2.840.113549.1.9.14'
const MICROSOFT = '1.3.6.1.4.1.311.2.1.14'
const CHALLENGE = '1.2.840.113549.1.9.7'
const keyUsage = der.sequence([extension('2.5.29.15', hex('03020780'))])
const attribute = (oid: string, ...values: Uint8Array[]): Uint8Array =>
  der.sequence([der.oid(oid), der.setOf(values)])

/** A request with these attributes in this order; null leaves the field out. */
function request(attributes: readonly Uint8Array[] | null, version = der.integer(0)): Uint8Array {
  const spki = der.sequence([ED25519, der.bitString(new Uint8Array(32).fill(9))])
  const set = attributes === null ? [] : [encode(contextTag(0, true), attributes)]
  const info = der.sequence([version, commonName('x'), spki, ...set])
  return der.sequence([info, ED25519, der.bitString(new Uint8Array(64))])
}
const code = (...input: Parameters<typeof request>): string =>
  codeOf(() => CertificateRequest.parse(request(...input)).extensions.length)

describe('CertificateRequest.parse (RFC 2986)', () => {
  it('takes attributes out of order, or none, and extensions by either attribute', () => {
    const challenge = attribute(CHALLENGE, der.utf8String('secret'))
    expect(code([attribute(EXTENSIONS, keyUsage), challenge])).toBe('returned 1')
    expect(code([challenge, attribute(EXTENSIONS, keyUsage)])).toBe('returned 1')
    expect(code([attribute(MICROSOFT, keyUsage)])).toBe('returned 1')
    expect(code([])).toBe('returned 0')
    expect(code(null)).toBe('returned 0')
    const parsed = CertificateRequest.parse(request([challenge]))
    expect(parsed.attributes).toEqual([{ type: CHALLENGE, values: [der.utf8String('secret')] }])
    expect(JSON.stringify(parsed)).not.toContain('secret')
  })

  it.each<[string, Parameters<typeof request>]>([
    ['another version', [[], der.integer(1)]],
    ['an attribute twice', [[attribute(CHALLENGE, der.null()), attribute(CHALLENGE, der.null())]]],
    ['an attribute without a value', [[attribute(CHALLENGE)]]],
    ['extensions in two places', [[attribute(EXTENSIONS, keyUsage), attribute(MICROSOFT, keyUsage)]]],
    [
      'extensions of two values',
      [[attribute(EXTENSIONS, keyUsage, der.sequence([extension('1.2.3', hex('00'))]))]],
    ],
    ['extensions without one', [[attribute(EXTENSIONS, der.sequence([]))]]],
    [
      'an extension twice',
      [[attribute(EXTENSIONS, der.sequence([extension('1.2.3', hex('')), extension('1.2.3', hex(''))]))]],
    ],
    ['extensions that are none', [[attribute(EXTENSIONS, der.null())]]],
  ])('refuses %s', (_, input) => expect(code(...input)).toBe('ERR_CREDENTIAL_REQUEST'))

  it('says where', () => {
    const error = errorOf(() => CertificateRequest.parse(request([], der.integer(1))))
    expect(error.message).toContain('CertificationRequest.certificationRequestInfo.version')
    expect(error.hint).toBeDefined()
  })

  it('wants bytes, or a block', () => {
    expect(() => CertificateRequest.parse('x' as never)).toThrow(TypeError)
    expect(codeOf(() => CertificateRequest.fromPem(encodePem('CERTIFICATE', request([]))))).toBe(
      'ERR_CREDENTIAL_REQUEST',
    )
    expect(CertificateRequest.fromPem(encodePem('NEW CERTIFICATE REQUEST', request([]))).der).toEqual(
      request([]),
    )
  })

  it('refuses damage with a typed error, and verifies nothing that has changed', async () => {
    const made = await createCertificateRequest({
      subject: 'CN=x,C=LU',
      key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      subjectAltNames: ['DNS:a.example'],
      keyUsage: ['digitalSignature'],
    })
    const readAll = async (bytes: Uint8Array): Promise<void> => {
      const parsed = CertificateRequest.parse(bytes)
      void [parsed.toJSON(), parsed.toString(), parsed.basicConstraints, parsed.signatureAlgorithm]
      if (Buffer.compare(bytes, made.der) === 0) return
      if (await parsed.verify()) throw new Error('verified')
    }
    const accepted = await expectOnlyTypedErrors(readAll, malformedVariants(made.der))
    expect(accepted.length).toBeGreaterThan(10)
    expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual([])
  })

  it('reports a signature that is not its own', async () => {
    const made = await createCertificateRequest({
      subject: 'CN=x',
      key: generateKeyPairSync('ed25519').privateKey,
    })
    const changed = Uint8Array.from(made.der)
    const last = changed.length - 1
    changed[last] = (changed[last] as number) ^ 1
    expect(await CertificateRequest.parse(changed).verify()).toBe(false)
    expect(made.matchesKey(CertificateRequest.parse(request([])))).toBe(false)
    expect(made.matchesKey({ subjectPublicKeyInfo: undefined })).toBe(false)
  })
})

describeWith(['openssl', 'gnutls', 'java'], 'requests of other programs', () => {
  const folder = tempDir()
  const run = (program: string, ...args: string[]): Buffer =>
    execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
  const check = async (file: string, subject: string, names: string[]): Promise<CertificateRequest> => {
    const parsed = CertificateRequest.fromPem(readFileSync(join(folder, file)))
    expect(parsed.subject.toString()).toBe(subject)
    expect(parsed.subjectAltName?.map(generalNameToString) ?? []).toEqual(names)
    expect(await parsed.verify()).toBe(true)
    return parsed
  }

  it('OpenSSL, with attributes of every kind', async () => {
    const config = [
      '[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\nreq_extensions=ex\n[dn]\nC=LU\nO=Bank\nCN=api',
      '[at]\nchallengePassword=secret\nunstructuredName=more\n[ex]\nsubjectAltName=DNS:a.example,IP:192.0.2.7',
      'keyUsage=critical,digitalSignature\nbasicConstraints=CA:false\n',
    ]
    writeFileSync(join(folder, 'req.cnf'), config.join('\n'))
    run(
      'openssl',
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'k',
      '-config',
      'req.cnf',
      '-out',
      'o.pem',
    )
    const parsed = await check('o.pem', 'CN=api,O=Bank,C=LU', ['DNS:a.example', 'IP:192.0.2.7'])
    expect(parsed.attributes).toHaveLength(3)
    expect(parsed.keyUsage).toEqual(new Set(['digitalSignature']))
    expect(parsed.basicConstraints).toEqual({ ca: false, pathLenConstraint: undefined })
  })

  it('GnuTLS certtool', async () => {
    writeFileSync(
      join(folder, 'template'),
      'cn = api\ncountry = LU\ndns_name = a.example\nsigning_key\ntls_www_client\n',
    )
    run(
      'certtool',
      '--generate-privkey',
      '--key-type',
      'ecdsa',
      '--curve',
      'secp384r1',
      '--outfile',
      'key.pem',
    )
    run(
      'certtool',
      '--generate-request',
      '--load-privkey',
      'key.pem',
      '--template',
      'template',
      '--outfile',
      'g.pem',
    )
    const parsed = await check('g.pem', 'CN=api,C=LU', ['DNS:a.example'])
    expect(parsed.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  })

  it('Java keytool, under its own PEM label', async () => {
    writeFileSync(join(folder, 'password'), 'changeit')
    const store = ['-keystore', 's.p12', '-storepass:file', 'password', '-alias', 'a']
    run(
      'keytool',
      '-genkeypair',
      ...store,
      '-keyalg',
      'RSA',
      '-keysize',
      '2048',
      '-dname',
      'CN=api, O="Bank, Inc.", C=LU',
    )
    run('keytool', '-certreq', ...store, '-ext', 'san=dns:a.example', '-file', 'j.pem')
    expect(readFileSync(join(folder, 'j.pem'), 'utf8')).toContain('NEW CERTIFICATE REQUEST')
    await check('j.pem', 'CN=api,O=Bank\\, Inc.,C=LU', ['DNS:a.example'])
  })
})

describeShared('requests of the shared vectors', () => {
  it.each(['pygost-rfc9215-256-test', 'pygost-rfc9215-256a', 'pygost-rfc9215-512-test'])(
    '%s: GOST, its own key made the signature',
    async (name) => {
      const parsed = CertificateRequest.fromPem(readFileSync(shared('vectors', 'gost', `${name}.csr.pem`)))
      expect(parsed.subject.toString()).not.toBe('')
      expect(await parsed.verify()).toBe(true)
      expect(parsed.publicKey.type).toMatch(/^GOST3410-2012-/)
    },
  )
})
