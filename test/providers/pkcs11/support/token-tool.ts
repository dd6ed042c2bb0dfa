/** Keys and certificates in a token by OpenSC's pkcs11-tool: another program than the one that is tested. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { issueTestCertificate, PrivateKey } from '../../../../src/credentials/index.ts'
import { Certificate } from '../../../../src/x509/index.ts'
import type { Pki } from '../../../interop/support/pki.ts'
import { mustRun } from '../../../interop/support/run.ts'
import { tempDir } from '../../../support/tools.ts'

export interface Token {
  /** Path of the module. */
  readonly module: string
  /** CKA_LABEL of the token. */
  readonly label: string
  readonly pin: string
  /** What the module reads from the environment. */
  readonly env: Readonly<Record<string, string>>
}

export const keyKinds = {
  'RSA-2048': 'rsa:2048',
  'RSA-4096': 'rsa:4096',
  'P-256': 'EC:prime256v1',
  'P-384': 'EC:secp384r1',
  Ed25519: 'EC:edwards25519',
} as const
export type KeyKind = keyof typeof keyKinds

export interface KeyOptions {
  readonly label: string
  /** CKA_ID in hex. */
  readonly id: string
  readonly kind: KeyKind
  readonly alwaysAuthenticate?: boolean
}

/** A key that is in a token. */
export interface TokenKey extends KeyOptions {
  readonly publicKey: KeyObject
  readonly certificate: Certificate
  /** `pkcs11:token=…;id=…;type=private` */
  readonly uri: string
}

async function tool(token: Token, args: readonly string[]): Promise<Buffer> {
  // The PIN is in no argument: those can be read by all.
  const env = { ...token.env, SEALKIT_TEST_PIN: token.pin }
  const where = ['--module', token.module, '--token-label', token.label]
  const { stdout } = await mustRun(
    'pkcs11-tool',
    [...where, '--login', '--pin', 'env:SEALKIT_TEST_PIN', ...args],
    { env },
  )
  return stdout
}

/** Generates a key pair in the token. */
export async function generateKey(
  token: Token,
  { label, id, kind, alwaysAuthenticate }: KeyOptions,
): Promise<KeyObject> {
  const always = alwaysAuthenticate === true ? ['--always-auth'] : []
  const generate = ['--keypairgen', '--key-type', keyKinds[kind], '--label', label, '--id', id, ...always]
  const printed = (await tool(token, generate)).toString()
  if (!kind.startsWith('RSA')) return publicKeyOf(kind, printed)
  const der = await tool(token, ['--read-object', '--type', 'pubkey', '--id', id])
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

/** From the point that is printed: pkcs11-tool 0.23 cannot write a key of P-384. */
function publicKeyOf(kind: KeyKind, printed: string): KeyObject {
  const hex = /EC_POINT: +04([0-9a-f]+)/.exec(printed)?.[1] ?? ''
  // After the tag the length: of one byte up to P-521.
  const point = Buffer.from(hex, 'hex').subarray(1)
  const part = (from: number, to?: number) => point.subarray(from, to).toString('base64url')
  const half = (point.length - 1) / 2
  const key: JsonWebKey =
    kind === 'Ed25519'
      ? { kty: 'OKP', crv: kind, x: part(0) }
      : { kty: 'EC', crv: kind, x: part(1, 1 + half), y: part(1 + half) }
  return createPublicKey({ key, format: 'jwk' })
}

/** A certificate from the intermediate CA of the interop tests. */
export async function issueFor(pki: Pki, publicKey: KeyObject, commonName: string): Promise<Certificate> {
  const { certificate, key } = pki.intermediate
  return await issueTestCertificate({
    publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    subject: `CN=${commonName}`,
    issuer: { certificate: Certificate.parse(certificate), key: await PrivateKey.fromPkcs8(key) },
    extendedKeyUsage: ['emailProtection'],
    days: 30,
  })
}

export async function writeCertificate(
  token: Token,
  certificate: Certificate,
  names: { label: string; id: string },
): Promise<void> {
  const file = join(tempDir(), 'certificate.der')
  await writeFile(file, certificate.der)
  await tool(token, ['--write-object', file, '--type', 'cert', '--label', names.label, '--id', names.id])
}

/** Generates a key pair in the token, and puts its certificate beside it. */
export async function makeKey(token: Token, pki: Pki, options: KeyOptions): Promise<TokenKey> {
  const publicKey = await generateKey(token, options)
  const certificate = await issueFor(pki, publicKey, options.label)
  await writeCertificate(token, certificate, options)
  return { ...options, publicKey, certificate, uri: keyUri(token, options) }
}

/** The URI of RFC 7512 that names the key by its CKA_ID. */
export function keyUri({ label }: Pick<Token, 'label'>, { id }: { id: string }): string {
  const escaped = id.replace(/../g, (octet) => `%${octet}`)
  return `pkcs11:token=${encodeURIComponent(label)};id=${escaped};type=private`
}
