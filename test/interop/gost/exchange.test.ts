/** Keys, requests, certificates and lists that sealkit and the peers hand to each other. */
import { beforeAll, describe, expect, it } from 'vitest'
import { openSoftwareKey } from '../../../providers/software/index.ts'
import { sign, verify } from '../../../src/cms/index.ts'
import {
  CertificateRequest,
  createCertificateRequest,
  type GeneratedKeyType,
  generateKey,
  issueTestCertificate,
  type PrivateKey,
  readPkcs12,
  writePem,
  writePkcs12,
} from '../../../src/credentials/index.ts'
import { TrustStore, validatePath } from '../../../src/path/index.ts'
import { Certificate, CertificateRevocationList } from '../../../src/x509/index.ts'
import { describeWith } from '../../support/tools.ts'
import { withFolder } from '../support/run.ts'
import { belongTogether, privateKeyOf } from './support/credentials.ts'
import { engineDigest, engineSet } from './support/openssl.ts'
import { gostNeeds, useGostPeers } from './support/peers.ts'
import { gostContent as content, type GostSet, gostSet, gostSets } from './support/pki.ts'

const types = [
  ...['A', 'B', 'C', 'D'].map((letter) => `GOST3410-2012-256-${letter}` as GeneratedKeyType),
  ...['A', 'B', 'C'].map((letter) => `GOST3410-2012-512-${letter}` as GeneratedKeyType),
]

function pemOf(pkcs8: Uint8Array): string {
  const base64 = Buffer.from(pkcs8).toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`
}

describeWith(gostNeeds, 'keys and requests', () => {
  const peers = useGostPeers()

  describe.each(types)('%s made by sealkit', (type) => {
    let key: PrivateKey
    let file: string
    beforeAll(async () => {
      key = await generateKey(type)
      file = await writePem({ keys: [{ key }] })
    })

    it('OpenSSL reads it, and finds the same public key', async () => {
      await withFolder(async (folder) => {
        const args = ['pkey', '-in', await folder.put('key', file), '-pubout', '-outform', 'DER']
        const { stdout } = await peers.openssl.mustRun(args)
        const publicKey = Buffer.from(key.subjectPublicKeyInfo ?? [])
        // The engine names the digest where RFC 9215 leaves it out: the point is the same.
        const point = (spki: Buffer) => spki.subarray(spki.length - (key.bits ?? 0) / 4).toString('hex')
        expect(point(stdout)).toBe(point(publicKey))
      })
    })

    it('OpenSSL verifies its request, and refuses it when it is changed', async () => {
      const request = await createCertificateRequest({ subject: 'CN=interop,O=Sealkit,C=RU', key })
      expect(await request.verify()).toBe(true)
      const judge = async (der: Uint8Array) => {
        const args = ['req', '-verify', '-noout', '-inform', 'DER']
        return (await peers.openssl.run(args, der)).stderr.includes('verify OK')
      }
      expect(await judge(request.der)).toBe(true)
      const changed = Uint8Array.from(request.der)
      changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1
      expect(await judge(changed)).toBe(false)
    })

    it('OpenSSL verifies its certificates, and what it signs with them', async () => {
      const ca = await issueTestCertificate({ key, subject: `CN=${type} CA`, days: 2, ca: true })
      const leafKey = await generateKey(type)
      const leaf = await issueTestCertificate({
        ...{ key: leafKey, subject: `CN=${type}`, days: 2, issuer: { certificate: ca, key } },
        keyUsage: ['digitalSignature'],
      })
      const path = await validatePath(leaf, { trust: new TrustStore([ca]), purpose: 'any' })
      expect(path.verdict).toBe('valid')
      await withFolder(async (folder) => {
        const caFile = await folder.put('ca.pem', ca.toPem())
        const args = ['verify', '-CAfile', caFile, await folder.put('leaf.pem', leaf.toPem())]
        expect((await peers.openssl.mustRun(args)).stdout.toString()).toContain('OK')
        const signer = await openSoftwareKey({
          key: await writePem({ keys: [{ key: leafKey }] }),
          certificate: leaf,
        })
        const { der } = await sign(content, { signers: signer })
        const files = [
          '-in',
          await folder.put('message', der),
          '-content',
          await folder.put('content', content),
        ]
        const { stderr } = await peers.openssl.run([
          ...['cms', '-verify', '-binary', '-inform', 'DER', ...files, '-CAfile', caFile],
          ...['-purpose', 'any', '-out', folder.at('out')],
        ])
        expect(stderr).toContain('Verification successful')
      })
    })

    it('goes through PKCS#12 and encrypted PEM, and OpenSSL opens both', async () => {
      const certificate = await issueTestCertificate({ key, subject: `CN=${type}`, days: 2 })
      const p12 = await writePkcs12({ keys: [{ key, certificate }] }, { password: 'test' })
      const { keys } = await readPkcs12(p12, { password: 'test' })
      expect(keys.map((one) => belongTogether(certificate, one.key))).toEqual([true])
      const pem = await writePem({ keys: [{ key }] }, { password: 'test' })
      expect(belongTogether(certificate, await privateKeyOf(pem, 'test'))).toBe(true)
      await withFolder(async (folder) => {
        const password = ['-passin', 'pass:test']
        const p12File = await folder.put('p12', p12)
        const opened = await peers.openssl.mustRun(['pkcs12', '-in', p12File, ...password, '-noenc'])
        expect(opened.stdout.toString()).toContain('BEGIN PRIVATE KEY')
        const pemFile = await folder.put('pem', pem)
        const plain = await peers.openssl.mustRun(['pkey', '-in', pemFile, ...password])
        expect(belongTogether(certificate, await privateKeyOf(plain.stdout.toString()))).toBe(true)
      })
    })
  })

  it.each(gostSets)('$name made by OpenSSL: key, request, certificate, list', async (set) => {
    await withFolder(async (folder) => {
      const { openssl } = peers
      const [keyFile, certificateFile] = [folder.at('key'), folder.at('crt')]
      const genpkey = [
        'genpkey',
        '-algorithm',
        `gost2012_${set.bits}`,
        '-pkeyopt',
        `paramset:${engineSet(set)}`,
      ]
      await openssl.mustRun([...genpkey, '-out', keyFile])
      const own = ['req', '-new', '-key', keyFile, `-${engineDigest(set)}`, '-subj', '/CN=interop']
      await openssl.mustRun([...own, '-x509', '-days', '2', '-out', certificateFile])
      const pem = await openssl.mustRun(['x509', '-in', certificateFile])
      const certificate = Certificate.fromPem(pem.stdout)
      const path = await validatePath(certificate, { trust: new TrustStore([certificate]), purpose: 'any' })
      expect(path.verdict).toBe('valid')
      const keyPem = (await openssl.mustRun(['pkey', '-in', keyFile])).stdout.toString()
      expect(belongTogether(certificate, await privateKeyOf(keyPem))).toBe(true)
      const request = await openssl.mustRun([...own, '-outform', 'DER'])
      expect(await CertificateRequest.parse(request.stdout).verify()).toBe(true)
      await folder.put('index', '')
      const config = `[ca]\ndefault_ca = own\n[own]\ndatabase = ${folder.at('index')}\n`
      const list = await openssl.mustRun([
        ...['ca', '-config', await folder.put('ca.cnf', config), '-gencrl', '-crldays', '2'],
        ...['-md', engineDigest(set), '-keyfile', keyFile, '-cert', certificateFile],
      ])
      const crl = CertificateRevocationList.fromPem(list.stdout)
      const revocation = { mode: 'require', crls: [crl] } as const
      const leaf = await issueTestCertificate({
        ...{ key: await generateKey('P-256'), subject: 'CN=leaf', days: 1 },
        issuer: { certificate, key: await privateKeyOf(keyPem) },
      })
      const judged = await validatePath(leaf, {
        trust: new TrustStore([certificate]),
        purpose: 'any',
        revocation,
      })
      expect(judged.problem?.detail ?? judged.verdict).toBe('valid')
    })
  })
})

/** Bouncy Castle's names of parameter sets. */
const curves: readonly (readonly [string, GostSet])[] = [
  ['Tc26-Gost-3410-12-256-paramSetA', gostSet('256-a')],
  ['GostR3410-2001-CryptoPro-A', gostSet('cryptopro-a')],
  ['GostR3410-2001-CryptoPro-B', gostSet('cryptopro-b')],
  ['GostR3410-2001-CryptoPro-C', gostSet('cryptopro-c')],
  ['Tc26-Gost-3410-12-512-paramSetA', gostSet('512-a')],
  ['Tc26-Gost-3410-12-512-paramSetB', gostSet('512-b')],
  ['Tc26-Gost-3410-12-512-paramSetC', gostSet('512-c')],
]

describeWith(gostNeeds, 'keys and certificates of Bouncy Castle', () => {
  const peers = useGostPeers()

  it.each(curves)('%s', async (curve, set) => {
    const made = await peers.bc.identity(curve, set.bits)
    const certificate = Certificate.parse(made.certificate)
    expect(certificate.publicKey).toMatchObject({ bits: set.bits, parameterSet: { oid: set.oid } })
    const path = await validatePath(certificate, { trust: new TrustStore([certificate]), purpose: 'any' })
    expect(path.verdict).toBe('valid')
    const key = await privateKeyOf(pemOf(made.key))
    expect(belongTogether(certificate, key)).toBe(true)

    const signer = await openSoftwareKey({ key: pemOf(made.key), certificate })
    const options = { signingCertificate: true, algorithmProtection: true }
    const ours = await sign(content, { signers: signer, ...options })
    const { signers, isDer } = await peers.bc.report({ message: ours.der, content })
    expect(isDer).toBe(true)
    expect(signers).toMatchObject([
      { verified: true, signedAttrsAreDer: true, signingCertificate: 'match', algorithmProtection: true },
    ])
    const identity = {
      ...made,
      name: curve,
      keyFile: '',
      certificateFile: '',
      keyPem: '',
      certificatePem: '',
    }
    for (const form of [
      {},
      { ber: true, attached: true },
      { algorithmProtection: true },
      { signedAttrs: false },
    ]) {
      const message = await peers.bc.sign({ content, set, identity, ...form })
      const result = await verify(message, {
        ...('attached' in form ? {} : { content }),
        allowNoSignedAttributes: true,
        trust: ({ der }) =>
          Buffer.from(der).equals(made.certificate)
            ? { trusted: true }
            : { trusted: false, detail: 'another' },
      })
      expect([result.verdict, result.signers[0]?.detail], JSON.stringify(form)).toEqual(['valid', undefined])
    }
  })
})
