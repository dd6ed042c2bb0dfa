/** Throw-away keys and certificates, made anew for each run and written to a folder that goes away. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Certificate } from 'sealkit'
import { importPublicKey, signatureAlgorithmFor } from 'sealkit/algorithms'
import { der } from 'sealkit/asn1'
import { openSoftwareKey } from 'sealkit/providers/software'

/** @typedef {'RSA-2048' | 'RSA-4096' | 'P-256' | 'Ed25519'} KeyType */

const GENERATE = {
  'RSA-2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA-4096': () => generateKeyPairSync('rsa', { modulusLength: 4096 }),
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  Ed25519: () => generateKeyPairSync('ed25519'),
}

/** Name of node:crypto's hash for each type of key. */
export const hashOf = (/** @type {KeyType} */ type) => (type === 'Ed25519' ? null : 'sha256')

/** A folder for what programs want as files; it goes when the process ends. */
export const folder = mkdtempSync(join(tmpdir(), 'sealkit-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

const identities = new Map()

/**
 * A key with a certificate that it signed itself.
 * @param {KeyType} type
 */
export async function identity(type) {
  if (!identities.has(type)) identities.set(type, await makeIdentity(type))
  return identities.get(type)
}

async function makeIdentity(type) {
  const { privateKey, publicKey } = GENERATE[type]()
  const certificate = issue({ publicKey, issuer: { privateKey, publicKey }, serial: 1 })
  const keyFile = join(folder, `${type}.key`)
  const certificateFile = join(folder, `${type}.pem`)
  writeFileSync(keyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  writeFileSync(certificateFile, certificate.toPem())
  return {
    type,
    privateKey,
    publicKey,
    certificate,
    keyFile,
    certificateFile,
    key: await openSoftwareKey({ key: keyFile, certificate: certificateFile }),
  }
}

/**
 * Certificates of one key that differ in their serial numbers.
 * @param {import('node:crypto').KeyObject} publicKey
 * @param {number} count
 */
export function manyCertificates(publicKey, count) {
  const issuer = GENERATE['P-256']()
  return Array.from({ length: count }, (_, i) => issue({ publicKey, issuer, serial: 2 ** 40 + i }))
}

function issue({ publicKey, issuer, serial }) {
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  const issuerSpki = importPublicKey(issuer.publicKey.export({ format: 'der', type: 'spki' }))
  const algorithm = signatureAlgorithmFor(issuerSpki)
  const year = new Date().getUTCFullYear()
  const tbs = der.sequence([
    der.explicit(0, der.integer(2)),
    der.integer(serial),
    algorithm.der,
    name('Example CA'),
    der.sequence([der.time(new Date(Date.UTC(year, 0))), der.time(new Date(Date.UTC(year + 2, 0)))]),
    name('Example Broker'),
    spki,
    der.explicit(3, der.sequence([extension('2.5.29.14', der.octetString(sha1(spki)))])),
  ])
  const signature = sign(algorithm.hash?.node ?? null, tbs, issuer.privateKey)
  return Certificate.parse(der.sequence([tbs, algorithm.der, der.bitString(signature)]))
}

function name(commonName) {
  const attribute = (oid, value) => der.setOf([der.sequence([der.oid(oid), value])])
  return der.sequence([
    attribute('2.5.4.6', der.printableString('RU')),
    attribute('2.5.4.10', der.utf8String('Example Brokerage')),
    attribute('2.5.4.3', der.utf8String(commonName)),
  ])
}

const extension = (oid, value) => der.sequence([der.oid(oid), der.octetString(value)])
const sha1 = (bytes) => createHash('sha1').update(bytes).digest()
