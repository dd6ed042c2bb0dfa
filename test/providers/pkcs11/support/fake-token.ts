/** A token for {@link FakeCryptoki}, with real keys of Node: what it signs verifies, unless a test wants it otherwise. */
import { constants, generateKeyPairSync, type KeyObject, privateEncrypt, sign } from 'node:crypto'
import type { RawTokenInfo } from '../../../../providers/pkcs11/cryptoki/interface.ts'

const CKF = { RNG: 0x1, LOGIN_REQUIRED: 0x4, USER_PIN_INITIALIZED: 0x8, TOKEN_INITIALIZED: 0x400 }
const CKA = {
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

export interface FakeRsaKey {
  readonly object: FakeObject
  readonly publicKey: KeyObject
}

export function fakeRsaKey({ id = '01', label = 'key', alwaysAuthenticate = false } = {}): FakeRsaKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKeyInfo = publicKey.export({ format: 'der', type: 'spki' })
  const sign = rsaSign(privateKey)
  return { publicKey, object: fakeKey({ id, label, keyType: 0, publicKeyInfo, sign, alwaysAuthenticate }) }
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
