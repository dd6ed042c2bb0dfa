import { AlgorithmError } from '../../errors.ts'
import { invalidKey } from '../key-object.ts'
import { fromLittleEndian, toLittleEndian } from './integers.ts'
import { checkGostSize, type GostKeyShape, type GostKeyType } from './key-algorithm.ts'
import { nonces } from './nonce.ts'
import type { GostParameterSet } from './parameter-sets.ts'
import { readPrivateNumber } from './private-octets.ts'
import type { GostPublicKey } from './public-key.ts'
import { multiplyBase } from './secret-multiple.ts'
import { signWithNonce } from './sign.ts'
import { digestNumber } from './verify.ts'

/** How {@link GostPrivateKey.sign} finds its k. */
export interface GostSignOptions {
  /**
   * k from the key and the digest alone (RFC 6979), so that the same digest gets the same signature. Otherwise 32
   * random bytes go in too. Default false.
   */
  readonly deterministic?: boolean
}

/**
 * A GOST private key. What it prints, inspects or turns into JSON is its public side.
 *
 * The arithmetic is of bigint, whose time depends on the numbers, and is not audited: keep production keys in a
 * token or a signing program.
 */
export class GostPrivateKey implements Disposable {
  readonly type: GostKeyType
  readonly parameterSet: GostParameterSet
  #d: bigint | undefined
  #publicKey: GostPublicKey | undefined

  /** @internal */
  constructor(type: GostKeyType, parameterSet: GostParameterSet, d: bigint) {
    checkGostSize(type, parameterSet)
    if (d <= 0n || d >= parameterSet.q)
      throw invalidKey(`${type} private key: the number is not from 1 to q - 1`)
    this.type = type
    this.parameterSet = parameterSet
    this.#d = d
  }

  /** The public key that belongs to it: computed once. */
  get publicKey(): GostPublicKey {
    const { type, parameterSet } = this
    this.#publicKey ??= { type, parameterSet, ...multiplyBase(parameterSet.curve, this.#secret()) }
    return this.#publicKey
  }

  /**
   * Signs a digest (RFC 7091 section 6.1).
   *
   * @param digest of the data by Streebog, as the hash gives it: 32 bytes for keys of 256 bits, 64 for those of 512
   * @returns the signature as X.509 and CMS carry it: s, then r, both big-endian
   * @throws AlgorithmError `ERR_ALGORITHM_PARAMETERS` for a digest of another length, `ERR_ALGORITHM_WEAK` for a
   *   key of 2001, `ERR_KEY_INVALID` after `wipe`
   */
  sign(digest: Uint8Array, options: GostSignOptions = {}): Uint8Array<ArrayBuffer> {
    const { parameterSet } = this
    if (this.type === 'GOST3410-2001') throw onlyVerified()
    const d = this.#secret()
    const e = digestNumber(parameterSet, digest)
    const extra = options.deterministic === true ? new Uint8Array(0) : random(32)
    for (const k of nonces(parameterSet, d, e, extra)) {
      const signature = signWithNonce(parameterSet, d, e, k)
      if (signature !== undefined) return signature
    }
    throw new Error('unreachable: there is always another k')
  }

  /** The octets of PKCS#8's privateKey: the number, little-endian, not masked. Overwrite them after use. */
  privateKeyOctets(): Uint8Array<ArrayBuffer> {
    return toLittleEndian(this.#secret(), this.parameterSet.bytes)
  }

  /** Lets go of the number. What memory JavaScript leaves it in until then cannot be overwritten. */
  wipe(): void {
    this.#d = undefined
  }

  /** The same as {@link wipe}. */
  [Symbol.dispose](): void {
    this.wipe()
  }

  /** The public side. */
  toString(): string {
    return `${this.type} ${this.parameterSet.name}`
  }

  /** The public side. */
  toJSON(): Record<string, string> {
    return { type: this.type, parameterSet: this.parameterSet.name }
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `GostPrivateKey { ${this} }`
  }

  #secret(): bigint {
    if (this.#d === undefined) throw invalidKey('the private key was wiped')
    return this.#d
  }
}

/**
 * Reads the octets of PKCS#8's privateKey: the number little-endian, in an OCTET STRING, as an INTEGER, or masked
 * (R 50.1.112-2016, RFC 9548). They are not changed.
 *
 * @param shape what privateKeyAlgorithm said
 * @throws Asn1Error `ERR_ASN1_*` where the octets are none of the forms
 * @throws AlgorithmError `ERR_KEY_INVALID` for another length, and for a number that is 0 modulo q
 */
export function readGostPrivateKey(shape: GostKeyShape, octets: Uint8Array): GostPrivateKey {
  return new GostPrivateKey(shape.type, shape.parameterSet, readPrivateNumber(shape, octets))
}

/**
 * A new key of GOST R 34.10-2012, from the platform's random numbers.
 *
 * @param parameterSet from `gostParameterSet`
 */
export function generateGostKey(parameterSet: GostParameterSet): GostPrivateKey {
  const { bytes, q } = parameterSet
  const type = bytes === 32 ? 'GOST3410-2012-256' : 'GOST3410-2012-512'
  const bits = q.toString(2).length
  for (;;) {
    const d = BigInt.asUintN(bits, fromLittleEndian(random(bytes)))
    // Thrown anew where it is out of range, so that every number is as likely.
    if (d > 0n && d < q) return new GostPrivateKey(type, parameterSet, d)
  }
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length))
}

function onlyVerified(): AlgorithmError {
  const hint = 'make a key of GOST R 34.10-2012'
  return new AlgorithmError('ERR_ALGORITHM_WEAK', 'GOST R 34.10-2001 is for verifying only', { hint })
}
