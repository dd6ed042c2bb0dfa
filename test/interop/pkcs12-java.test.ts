/** Truststores and several entries, as Java sees them; names of all kinds, as others do. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { der } from '../../src/asn1/index.ts'
import { writePkcs12, writeTruststore } from '../../src/credentials/index.ts'
import { Certificate } from '../../src/x509/index.ts'
import { describeWith } from '../support/tools.ts'
import { certificate as makeCertificate } from '../x509/build.ts'
import { JavaReader } from './support/p12-programs.ts'
import { asCertificate, keyEntry } from './support/p12-samples.ts'
import { openPki, type Pki } from './support/pki.ts'
import { mustRun, withFolder } from './support/run.ts'

const password = 'changeit'

/** What `keytool -list` says of a file. */
async function keytool(file: Uint8Array, secret: string): Promise<string> {
  return await withFolder(async (folder) => {
    const store = ['-keystore', await folder.put('store.p12', file)]
    const { stdout } = await mustRun('keytool', [
      ...['-list', '-v', ...store, '-storepass:file', await folder.put('password', `${secret}\n`)],
    ])
    return stdout.toString()
  })
}

const fingerprint = ({ der }: Certificate): string =>
  (createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g) ?? []).join(':')

describeWith(['openssl', 'java'], 'PKCS#12 files for Java', () => {
  let pki: Pki
  let java: JavaReader

  beforeAll(async () => {
    pki = await openPki()
    java = await JavaReader.open()
  })
  afterAll(() => java?.[Symbol.asyncDispose]())

  it('truststore: keytool lists every certificate as trustedCertEntry', async () => {
    const certificates = [pki.root, pki.intermediate, pki.tsa, pki.leaf('ed448'), pki.root].map(asCertificate)
    const aliases = ['Root', 'ROOT', undefined, 'root', 'twice']
    const listed = await keytool(await writeTruststore(certificates, { password, aliases }), password)
    expect(listed).toContain('Your keystore contains 4 entries')
    expect(listed.match(/^Entry type: .*$/gm)).toEqual(Array(4).fill('Entry type: trustedCertEntry'))
    const names = listed.match(/^Alias name: .*$/gm)?.map((line) => line.slice('Alias name: '.length))
    expect(names?.sort()).toEqual(['root', 'root-2', 'root-3', 'tsa'])
    for (const certificate of certificates) expect(listed).toContain(fingerprint(certificate))
  })

  it('truststore: by its common names, where no alias is given', async () => {
    const certificates = [pki.root, pki.intermediate, pki.tsa].map(asCertificate)
    const entries = await java.entries(await writeTruststore(certificates, { password }), password)
    expect(entries.map(({ alias }) => alias).sort()).toEqual(['intermediate', 'root', 'tsa'])
    expect(entries.every(({ key }) => key === null)).toBe(true)
  })

  it('truststore: hundreds of one name are all there', async () => {
    const certificates = Array.from({ length: 300 }, (_, i) =>
      Certificate.parse(makeCertificate({ serial: der.integer(i + 1) })),
    )
    const entries = await java.entries(await writeTruststore(certificates, { password }), password)
    expect(entries.map(({ certificates: [only] }) => only).sort()).toEqual(
      certificates.map((certificate) => Buffer.from(certificate.der).toString('base64')).sort(),
    )
  })

  it('several keys: every one is there, with its chain, though two names are the same', async () => {
    const keys = (['rsa2048', 'p256', 'ed25519'] as const).map((keyType) => ({
      ...keyEntry(pki, keyType),
      friendlyName: 'API',
    }))
    const file = await writePkcs12({ keys }, { password, profile: 'java', iterations: 2000 })
    const entries = await java.entries(file, password)
    expect(entries.map(({ alias }) => alias).sort()).toEqual(['api', 'api-2', 'api-3'])
    const first = entries.find(({ alias }) => alias === 'api-2')
    const chain = [pki.leaf('p256'), pki.intermediate, pki.root]
    expect(first?.certificates).toEqual(chain.map((one) => Buffer.from(one.certificate).toString('base64')))
    const pkcs8 = keyEntry(pki, 'p256').key.export({ format: 'der', type: 'pkcs8' })
    expect(first?.key).toBe(pkcs8.toString('base64'))
  })

  it('a key and trusted certificates in one file', async () => {
    const certificates = [{ certificate: asCertificate(pki.root), trusted: true, friendlyName: 'root' }]
    const { chain, ...entry } = keyEntry(pki, 'p256')
    const contents = { keys: [{ ...entry, chain: chain.slice(0, 1) }], certificates }
    const entries = await java.entries(await writePkcs12(contents, { password, iterations: 2000 }), password)
    const kinds = entries.map(({ alias, key }) => `${alias}: ${key === null ? 'trusted' : 'key'}`)
    expect(kinds.sort()).toEqual(['root: trusted', 'sealkit p256: key'])
  })

  it('keytool lists a key with its chain', async () => {
    const file = await writePkcs12({ keys: [keyEntry(pki, 'rsapss')] }, { password, profile: 'java' })
    const listed = await keytool(file, password)
    expect(listed).toContain('Entry type: PrivateKeyEntry')
    expect(listed).toContain('Certificate chain length: 3')
  })

  it('without the attribute of trust Java sees nothing, so that the test above means something', async () => {
    const certificates = [{ certificate: asCertificate(pki.root), friendlyName: 'root' }]
    const file = await writePkcs12({ certificates }, { password, iterations: 2000 })
    expect(await java.entries(file, password)).toEqual([])
    const { privateKey: key } = generateKeyPairSync('ed25519')
    const bare = await writePkcs12({ keys: [{ key }] }, { password, iterations: 2000 })
    // A key that no TLS program takes.
    expect(await java.entries(bare, password)).toMatchObject([{ alias: 'key', certificates: [] }])
  })
})
