/** A small PKI made by OpenSSL: root -> intermediate -> one leaf for each kind of key, and a TSA. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cachedFolder } from './cache.ts'
import { mustRun } from './run.ts'

/** What `openssl req -newkey` is asked for each leaf. `other` is a second RSA key, for swapped certificates. */
const leafKeys = {
  rsa2048: ['rsa:2048'],
  rsa3072: ['rsa:3072'],
  rsa4096: ['rsa:4096'],
  /** SubjectPublicKeyInfo with id-RSASSA-PSS and no parameters: for PSS only, any hash. */
  rsapss: ['rsa-pss', 'rsa_keygen_bits:2048'],
  /** id-RSASSA-PSS restricted to SHA-256, MGF1 with SHA-256, salt of at least 32. */
  'rsapss-sha256': [
    'rsa-pss',
    'rsa_keygen_bits:2048',
    'rsa_pss_keygen_md:sha256',
    'rsa_pss_keygen_mgf1_md:sha256',
    'rsa_pss_keygen_saltlen:32',
  ],
  p256: ['ec', 'ec_paramgen_curve:P-256'],
  p384: ['ec', 'ec_paramgen_curve:P-384'],
  p521: ['ec', 'ec_paramgen_curve:P-521'],
  ed25519: ['ed25519'],
  ed448: ['ed448'],
  other: ['rsa:2048'],
  tsa: ['rsa:2048'],
} as const satisfies Record<string, readonly [string, ...string[]]>

export type LeafName = keyof typeof leafKeys
export const leafNames = Object.keys(leafKeys) as LeafName[]

/** A certificate and its key, as files for the tools and as bytes for libraries. */
export interface Identity {
  readonly name: string
  readonly keyFile: string
  readonly certificateFile: string
  readonly keyPem: string
  readonly certificatePem: string
  /** PKCS#8 DER */
  readonly key: Uint8Array
  readonly certificate: Uint8Array
}

export interface Pki {
  readonly root: Identity
  readonly intermediate: Identity
  readonly tsa: Identity
  leaf(name: LeafName): Identity
  /** The key of rsa2048 in another certificate. */
  readonly twin: Identity
  /** The issuer and serial number of rsa2048 in the certificate of another key. */
  readonly impostor: Identity
  /** The intermediate and the root, one PEM file: what `-CAfile` takes. */
  readonly caFile: string
}

const config = `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unused
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
# NSS wants it for certUsageEmailSigner
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`

async function makePki(folder: string): Promise<void> {
  const at = (name: string): string => join(folder, name)
  await writeFile(at('pki.cnf'), config)
  const issue = async (name: string, section: string, key: readonly string[], issuer?: string) => {
    const [type = '', ...options] = key
    const ca = issuer === undefined ? [] : ['-CA', at(`${issuer}.crt`), '-CAkey', at(`${issuer}.key`)]
    await mustRun('openssl', [
      ...['req', '-x509', '-config', at('pki.cnf'), '-extensions', section, '-days', '3650', '-sha256'],
      ...['-subj', `/C=NL/O=Sealkit interop/CN=${name}`, '-newkey', type, '-noenc'],
      ...options.flatMap((option) => ['-pkeyopt', option]),
      ...['-keyout', at(`${name}.key`), '-out', at(`${name}.crt`), ...ca],
    ])
  }
  /** Other certificates from the same issuer, for swapping: one of the same key, one with the same serial. */
  const imitate = async (name: string, key: string, serial: readonly string[]) => {
    await copyFile(at(`${key}.key`), at(`${name}.key`))
    await mustRun('openssl', [
      ...['req', '-x509', '-config', at('pki.cnf'), '-extensions', 'leaf', '-days', '3650', '-sha256'],
      ...[
        '-subj',
        `/C=NL/O=Sealkit interop/CN=${name}`,
        '-key',
        at(`${name}.key`),
        '-out',
        at(`${name}.crt`),
      ],
      ...['-CA', at('intermediate.crt'), '-CAkey', at('intermediate.key'), ...serial],
    ])
  }
  await issue('root', 'root', ['rsa:2048'])
  await issue('intermediate', 'intermediate', ['rsa:2048'], 'root')
  for (const name of leafNames) {
    await issue(name, name === 'tsa' ? 'tsa' : 'leaf', leafKeys[name], 'intermediate')
  }
  const { serialNumber } = new X509Certificate(await readFile(at('rsa2048.crt')))
  await imitate('twin', 'rsa2048', [])
  await imitate('impostor', 'other', ['-set_serial', `0x${serialNumber}`])
  const pems = await Promise.all(['intermediate', 'root'].map((name) => readFile(at(`${name}.crt`), 'utf8')))
  await writeFile(at('ca.pem'), pems.join(''))
}

const day = 86_400_000

/** False when the machine's clock has left the certificates' validity: then the PKI is made anew. */
function isValidNow(folder: string): boolean {
  const root = new X509Certificate(readFileSync(join(folder, 'root.crt')))
  const now = Date.now()
  return Date.parse(root.validFrom) < now && now + 30 * day < Date.parse(root.validTo)
}

/** The bytes within the first PEM block of a text. */
function pemBytes(pem: string): Uint8Array {
  const base64 = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(pem)?.[1]
  if (base64 === undefined) throw new Error('no PEM block')
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

function readIdentity(folder: string, name: string): Identity {
  const keyFile = join(folder, `${name}.key`)
  const certificateFile = join(folder, `${name}.crt`)
  const keyPem = readFileSync(keyFile, 'utf8')
  const certificatePem = readFileSync(certificateFile, 'utf8')
  const [key, certificate] = [pemBytes(keyPem), pemBytes(certificatePem)]
  return { name, keyFile, certificateFile, keyPem, certificatePem, key, certificate }
}

/** The PKI of the tests: made once on a machine, read by every worker. */
export async function openPki(): Promise<Pki> {
  const source = readFileSync(fileURLToPath(import.meta.url), 'utf8')
  const folder = await cachedFolder('pki', [source], makePki, isValidNow)
  const [root, intermediate] = [readIdentity(folder, 'root'), readIdentity(folder, 'intermediate')]
  const leaves = new Map(leafNames.map((name) => [name, readIdentity(folder, name)]))
  const leaf = (name: LeafName): Identity => {
    const identity = leaves.get(name)
    if (identity === undefined) throw new Error(`no leaf ${name}`)
    return identity
  }
  const [twin, impostor] = [readIdentity(folder, 'twin'), readIdentity(folder, 'impostor')]
  return { root, intermediate, tsa: leaf('tsa'), leaf, twin, impostor, caFile: join(folder, 'ca.pem') }
}
