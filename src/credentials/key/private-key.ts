import type { KeyObject } from 'node:crypto'
import { portableDigest } from '../../algorithms/compression.ts'
import type { GostPrivateKey } from '../../algorithms/gost/private-key.ts'
import type { CurveName, KeyType } from '../../algorithms/index.ts'
import { needNodeCrypto } from '../../algorithms/node-crypto.ts'
import { toHex } from '../../asn1/index.ts'
import { CredentialError } from '../../errors.ts'
import { reading, unsupported } from '../errors.ts'
import { wipe } from '../wipe.ts'
import { gostPrivateKey } from './gost-key.ts'
import { importKey } from './import-key.ts'
import { type NormalKey, normalise } from './normalise.ts'
import type { PlainKey } from './plain-key.ts'
import { readPrivateKeyInfo } from './private-key-info.ts'

/**
 * A private key as PKCS#8 (RFC 5958), in Node or a browser, of the kinds that sealkit signs with, or of others, which
 * can be converted still. What it prints, inspects or turns into JSON is its public side.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { readCredentials } from 'sealkit/credentials'
 * const { keys } = await readCredentials(readFileSync('key.pem'))
 * for (const { key } of keys) console.log(key.name, key.fingerprint)
 * ```
 */
export class PrivateKey implements Disposable {
  readonly #key: NormalKey
  #keyObject: Promise<KeyObject> | undefined

  private constructor(key: NormalKey) {
    this.#key = key
  }

  /**
   * Reads a key.
   *
   * @param pkcs8 PrivateKeyInfo or OneAsymmetricKey in DER, not encrypted; copied
   * @param what the key, for errors
   * @throws CredentialError `ERR_CREDENTIAL_FORMAT`, `ERR_CREDENTIAL_UNSUPPORTED` for explicit curve parameters and RSA
   *   keys of more than two primes
   * @example
   * ```ts
   * import { generateKeyPairSync } from 'node:crypto'
   * import { PrivateKey } from 'sealkit/credentials'
   * const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
   * const key = await PrivateKey.fromPkcs8(privateKey.export({ format: 'der', type: 'pkcs8' }))
   * key.name // 'EC P-256'
   * ```
   */
  static async fromPkcs8(pkcs8: Uint8Array, what = 'the private key'): Promise<PrivateKey> {
    if (!(pkcs8 instanceof Uint8Array)) throw new TypeError('pkcs8 must be a Uint8Array')
    return new PrivateKey(await normalise(pkcs8, what))
  }

  /**
   * From a key that was read from another form.
   *
   * @internal
   */
  static async fromPlainKey(plain: PlainKey, what = 'the private key'): Promise<PrivateKey> {
    return new PrivateKey(await normalise(plain, what))
  }

  /**
   * A key of node:crypto's, which must be one that can be exported.
   *
   * @throws CredentialError as {@link fromPkcs8}
   * @throws TypeError where it is no private key
   * @example
   * ```ts
   * import { generateKeyPairSync } from 'node:crypto'
   * import { PrivateKey } from 'sealkit/credentials'
   * const key = await PrivateKey.fromKeyObject(generateKeyPairSync('ed25519').privateKey)
   * ```
   */
  static async fromKeyObject(key: KeyObject): Promise<PrivateKey> {
    if (key?.type !== 'private') throw new TypeError('a private KeyObject is needed')
    const pkcs8 = key.export({ format: 'der', type: 'pkcs8' })
    try {
      return await PrivateKey.fromPkcs8(pkcs8)
    } finally {
      wipe(pkcs8)
    }
  }

  /** Undefined for a kind that sealkit does not sign with (DSA, secp256k1, X25519 …). */
  get type(): KeyType | undefined {
    return this.#key.shape?.type
  }
  /** For people: `RSA 2048`, `EC P-256`, `Ed25519`, `GOST 2012 256-bit A`, or the algorithm's name or OID. */
  get name(): string {
    return this.#key.name
  }
  /** Size in bits: of the RSA modulus, the field of EC or GOST, or the encoded point of EdDSA; undefined for other kinds. */
  get bits(): number | undefined {
    return this.#key.shape?.bits
  }
  /** Set for EC keys on curves that sealkit signs with. */
  get curve(): CurveName | undefined {
    return this.#key.shape?.curve
  }
  /** SubjectPublicKeyInfo in DER; undefined where neither the file nor the platform tells. */
  get subjectPublicKeyInfo(): Uint8Array | undefined {
    return this.#key.spki && Uint8Array.from(this.#key.spki)
  }
  /** SHA-256 of {@link subjectPublicKeyInfo} in lower-case hexadecimal. */
  get fingerprint(): string | undefined {
    const { spki } = this.#key
    return spki && toHex(portableDigest('SHA-256', spki))
  }

  /**
   * PrivateKeyInfo in DER, of version 0, with EC's named curve and point, GOST's number without masks. It holds the secret: overwrite it after use.
   *
   * @returns a copy
   * @throws CredentialError `ERR_CREDENTIAL_NO_KEY` after the key was disposed of
   */
  pkcs8(): Uint8Array<ArrayBuffer> {
    if (this.#key.pkcs8.every((octet) => octet === 0)) {
      throw new CredentialError(
        'ERR_CREDENTIAL_NO_KEY',
        'the private key has been overwritten: it was disposed of',
      )
    }
    return new Uint8Array(this.#key.pkcs8)
  }

  /**
   * The key as node:crypto signs with it. Its numbers are tried: what it signs must verify with its public key.
   *
   * @throws CredentialError `ERR_CREDENTIAL_UNSUPPORTED` for a kind that sealkit does not sign with, and for GOST,
   *   which node:crypto does not know: {@link toGostKey}; `ERR_CREDENTIAL_FORMAT` where the numbers do not belong together
   * @throws AlgorithmError `ERR_ALGORITHM_UNAVAILABLE` in a browser
   */
  toKeyObject(): Promise<KeyObject> {
    this.#keyObject ??= this.#import()
    return this.#keyObject
  }

  /**
   * The key as GOST is signed with, in Node or a browser. Our code is not audited, and its time depends on the key:
   * keep production keys in a token.
   *
   * @throws CredentialError `ERR_CREDENTIAL_UNSUPPORTED` for another kind of key, `ERR_CREDENTIAL_NO_KEY` after the
   *   key was disposed of
   * @example
   * ```ts
   * import { digest, hashAlgorithm } from 'sealkit/algorithms'
   * import { generateKey } from 'sealkit/credentials'
   * const key = await generateKey('GOST3410-2012-256-A')
   * const data = new TextEncoder().encode('the bytes to sign')
   * key.toGostKey().sign(digest(hashAlgorithm('Streebog-256'), data)) // 64 bytes
   * ```
   */
  toGostKey(): GostPrivateKey {
    const { what, name } = this.#key
    if (!this.isGost)
      throw unsupported(`${what} is ${name}: no GOST key`, 'take toKeyObject() for other keys')
    const pkcs8 = this.pkcs8()
    try {
      const { algorithm, privateKey } = readPrivateKeyInfo(pkcs8)
      const key = gostPrivateKey(algorithm, privateKey)
      wipe(privateKey)
      return key
    } finally {
      wipe(pkcs8)
    }
  }

  /** Whether it is a GOST key: one for {@link toGostKey}, not {@link toKeyObject}. */
  get isGost(): boolean {
    return this.type?.startsWith('GOST') === true
  }

  async #import(): Promise<KeyObject> {
    needNodeCrypto('a KeyObject')
    if (this.isGost) {
      const { what, name } = this.#key
      const hint = 'open it as a software key, or take it by toGostKey() of a PrivateKey'
      throw unsupported(`${what} is ${name}: node:crypto knows no GOST keys`, hint)
    }
    const pkcs8 = this.pkcs8()
    try {
      const { what } = this.#key
      return await importKey(
        reading(what, () => readPrivateKeyInfo(pkcs8)),
        what,
      )
    } finally {
      wipe(pkcs8)
    }
  }

  /** Overwrites the key's bytes. A KeyObject made of it stays. */
  [Symbol.dispose](): void {
    wipe(this.#key.pkcs8)
  }
  /** The public side, for people. */
  toString(): string {
    const { fingerprint } = this
    return fingerprint === undefined ? this.name : `${this.name} (public key ${fingerprint.slice(0, 16)}…)`
  }
  /** The public side. */
  toJSON(): Record<string, string | number | null> {
    const { type = null, name, bits = null, fingerprint = null } = this
    return { type, name, bits, publicKeySha256: fingerprint }
  }
  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `PrivateKey { ${this} }`
  }
}
