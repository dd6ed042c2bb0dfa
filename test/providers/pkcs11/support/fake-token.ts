/** A token for {@link FakeCryptoki}, with real keys of Node: what it signs verifies, unless a test wants it otherwise. */
import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto'
import type { RawTokenInfo } from '../../../../providers/pkcs11/cryptoki/interface.ts'
import { issueTestCertificate } from '../../../../src/credentials/index.ts'

const CKF = { RNG: 0x1, LOGIN_REQUIRED: 0x4, USER_PIN_INITIALIZED: 0x8, TOKEN_INITIALIZED: 0x400 }
export const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  LABEL: 0x3,
  VALUE: 0x11,
  CERTIFICATE_TYPE: 0x80,
  KEY_TYPE: 0x100,
  ID: 0x102,
  SIGN: 0x108,
  PUBLIC_KEY_INFO: 0x129,
  ALWAYS_AUTHENTICATE: 0x202,
}
export const CKM = { RSA_PKCS: 0x1, SHA256_RSA_PKCS: 0x40, ECDSA: 0x1041, ECDSA_SHA256: 0x1044 }

/** Makes the token's raw signature of what C_Sign was given. */
export type FakeSign = (mechanism: number, data: Buffer) => Buffer

export interface FakeObject {
  readonly attributes: Map<number, Buffer>
  readonly sign?: FakeSign
}

export interface FakeToken {
  label: string
  serial: string
  pin: string
  /** CKF_* of CK_TOKEN_INFO. */
  flags: number
  mechanisms: number[]
  maxSessionCount: number
  objects: FakeObject[]
}

let made = 0

/** An empty token with a login. No two have the same serial number, in which wrong PINs are counted. */
export function fakeToken(changes: Partial<FakeToken> = {}): FakeToken {
  made++
  return {
    label: 'fake',
    serial: `${process.pid}-${made}`,
    pin: '24681357',
    flags: CKF.RNG | CKF.LOGIN_REQUIRED | CKF.USER_PIN_INITIALIZED | CKF.TOKEN_INITIALIZED,
    mechanisms: [CKM.RSA_PKCS],
    maxSessionCount: 0,
    objects: [],
    ...changes,
  }
}

export function tokenInfo({ label, serial, flags, maxSessionCount }: FakeToken): RawTokenInfo {
  const version = { major: 1, minor: 0 }
  return {
    label: label.padEnd(32),
    manufacturerID: 'sealkit tests'.padEnd(32),
    model: 'fake'.padEnd(16),
    serialNumber: serial.padEnd(16),
    flags,
    maxSessionCount,
    minPinLen: 4,
    maxPinLen: 32,
    firmwareVersion: version,
    hardwareVersion: version,
  }
}

export interface FakeKeyOptions {
  readonly label?: string
  readonly id: string
  readonly keyType: number
  readonly publicKeyInfo: Uint8Array
  readonly sign: FakeSign
  readonly alwaysAuthenticate?: boolean
}

/** A private key. */
export function fakeKey({
  label = 'key',
  id,
  keyType,
  publicKeyInfo,
  sign,
  alwaysAuthenticate,
}: FakeKeyOptions): FakeObject {
  const attributes = new Map([
    [CKA.CLASS, ulong(3)],
    [CKA.TOKEN, Buffer.of(1)],
    [CKA.PRIVATE, Buffer.of(1)],
    [CKA.LABEL, Buffer.from(label)],
    [CKA.ID, Buffer.from(id, 'hex')],
    [CKA.KEY_TYPE, ulong(keyType)],
    [CKA.SIGN, Buffer.of(1)],
    [CKA.PUBLIC_KEY_INFO, Buffer.from(publicKeyInfo)],
    [CKA.ALWAYS_AUTHENTICATE, Buffer.of(alwaysAuthenticate === true ? 1 : 0)],
  ])
  return { attributes, sign }
}

export function fakeCertificate({
  label = 'key',
  id,
  der,
}: {
  label?: string
  id: string
  der: Uint8Array
}): FakeObject {
  const attributes = new Map([
    [CKA.CLASS, ulong(1)],
    [CKA.LABEL, Buffer.from(label)],
    [CKA.ID, Buffer.from(id, 'hex')],
    [CKA.CERTIFICATE_TYPE, ulong(0)],
    [CKA.VALUE, Buffer.from(der)],
  ])
  return { attributes }
}

/** A private key with its certificate. */
export interface FakeSigner {
  readonly key: FakeObject
  readonly certificate: FakeObject
  readonly objects: readonly FakeObject[]
}

interface Names {
  readonly id?: string
  readonly label?: string
}

export async function fakeRsa(names: Names & { alwaysAuthenticate?: boolean } = {}): Promise<FakeSigner> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return await signer(privateKey, { keyType: 0, sign: rsaSign(privateKey), ...names })
}

/** @param sign makes the raw signature; default: r and s by CKM_ECDSA_SHA256 */
export async function fakeEc(
  names: Names & { change?: (raw: Buffer) => Buffer | undefined } = {},
): Promise<FakeSigner> {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { change = (raw: Buffer) => raw } = names
  const make: FakeSign = (_, data) => {
    // ECDSA is random: until one comes that the test is after.
    for (;;) {
      const raw = change(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }))
      if (raw !== undefined) return raw
    }
  }
  return await signer(key, { keyType: 3, sign: make, ...names })
}

async function signer(
  privateKey: KeyObject,
  {
    id = '01',
    label = 'key',
    ...options
  }: Names & Pick<FakeKeyOptions, 'keyType' | 'sign' | 'alwaysAuthenticate'>,
): Promise<FakeSigner> {
  const publicKeyInfo = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const { der } = await issueTestCertificate({ key: privateKey, subject: 'CN=fake', days: 1 })
  const key = fakeKey({ id, label, publicKeyInfo, ...options })
  const certificate = fakeCertificate({ id, label, der })
  return { key, certificate, objects: [key, certificate] }
}

/** RSA as tokens do it, by CKM_RSA_PKCS and CKM_SHA256_RSA_PKCS. */
function rsaSign(key: KeyObject): FakeSign {
  return (mechanism, data) =>
    mechanism === CKM.RSA_PKCS
      ? privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, data)
      : sign('sha256', data, key)
}

/** A CK_ULONG of this machine. */
export function ulong(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
