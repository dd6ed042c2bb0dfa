/** A folder with keys, certificates and PKCS#12 files as users hold them, for the tests of `sealkit cred`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../../../../scripts/build.mjs'
import {
  createCertificateRequest,
  generateKey,
  issueTestCertificate,
  type NewKey,
  type PrivateKey,
  writePem,
  writePkcs12,
} from '../../../../src/credentials/index.ts'
import type { Certificate } from '../../../../src/x509/index.ts'
import { tempDir } from '../../../support/tools.ts'
import { PASSWORD } from './program.ts'

/** Quick, and nothing to protect. */
const ITERATIONS = 1000

export interface CredentialFolder {
  readonly folder: string
  readonly key: PrivateKey
  readonly certificate: Certificate
  readonly ca: Certificate
}

/**
 * Makes the folder: `api.key`, `api.crt` (40 days left), `api.csr`, `ca.crt`, `api.p12` with all of them,
 * `encrypted.key`, `other.key`, `both.pem`, `ocapi-a000012345_00012345-ssl.pem`, `two.p12` with two keys,
 * `two-keys.pem`, `expired.crt`, `keystore.jks`, `empty.pem`, `password`, `wrong`.
 */
export async function credentialFolder(): Promise<CredentialFolder> {
  await build()
  const folder = tempDir()
  const put = (name: string, data: string | Uint8Array): void =>
    writeFileSync(join(folder, name), data, { mode: 0o600 })
  const caKey = await generateKey('P-256')
  const ca = await issueTestCertificate({ key: caKey, subject: 'CN=Test CA,O=Example', days: 365, ca: true })
  const issuer = { certificate: ca, key: caKey }
  const key = await generateKey('P-256')
  const other = await generateKey('P-256')
  const names = { subject: 'CN=api,O=Example', subjectAltNames: ['DNS:api.example'] }
  const certificate = await issueTestCertificate({ ...names, key, issuer, days: 40 })
  const second = await issueTestCertificate({ key: other, issuer, subject: 'CN=other,O=Example', days: 40 })
  const notBefore = new Date(Date.now() - 20 * 86_400_000)
  const expired = await issueTestCertificate({ key, issuer, subject: 'CN=old', days: 10, notBefore })
  const entry: NewKey = { key, certificate, chain: [ca] }
  const p12 = (keys: NewKey[]) => writePkcs12({ keys }, { password: PASSWORD, iterations: ITERATIONS })

  put('api.key', await writePem({ keys: [{ key }] }))
  put('other.key', await writePem({ keys: [{ key: other }] }))
  put('encrypted.key', await writePem({ keys: [{ key }] }, { password: PASSWORD, iterations: ITERATIONS }))
  put('api.crt', certificate.toPem())
  put('ca.crt', ca.toPem())
  put('expired.crt', expired.toPem())
  put('api.csr', (await createCertificateRequest({ ...names, key })).toPem())
  put('both.pem', await writePem({ keys: [entry] }))
  put('ocapi-a000012345_00012345-ssl.pem', await writePem({ keys: [entry] }))
  put('two-keys.pem', (await writePem({ keys: [{ key }] })) + (await writePem({ keys: [{ key: other }] })))
  put('api.p12', await p12([entry]))
  put(
    'two.p12',
    await p12([
      { ...entry, friendlyName: 'first' },
      { key: other, certificate: second, friendlyName: 'second' },
    ]),
  )
  put('keystore.jks', Uint8Array.of(0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 0))
  put('empty.pem', '')
  put('password', `${PASSWORD}\n`)
  put('wrong', 'not this one\n')
  return { folder, key, certificate, ca }
}
