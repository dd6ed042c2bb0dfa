import type { KeyObject } from 'node:crypto'
import type { CurveName, KeyType } from '../../algorithms/index.ts'
import { needNodeCrypto } from '../../algorithms/node-crypto.ts'
import { wipe } from '../wipe.ts'

/**
 * A private key of any kind as PKCS#8 (RFC 5958), in Node or a browser. It shows its public side only: what it
 * prints, inspects or turns into JSON holds nothing secret.
 */
export class PrivateKey implements Disposable {
  readonly #pkcs8: Uint8Array
  readonly #facts: KeyFacts

  /** @internal Use `fromPkcs8`, `fromKeyObject`, or what reads files. */
  constructor(pkcs8: Uint8Array, facts: KeyFacts) {
    this.#pkcs8 = pkcs8
    this.#facts = facts
  }

  /** SKELETON: helper "keys" completes this class. */
  static fromPkcs8(_pkcs8: Uint8Array, _what = 'the private key'): Promise<PrivateKey> {
    throw new Error('not written yet')
  }
  static fromKeyObject(_key: KeyObject): PrivateKey {
    throw new Error('not written yet')
  }

  /** undefined for a kind that sealkit does not sign with (DSA, secp256k1, X25519): it can be converted still. */
  get type(): KeyType | undefined {
    return this.#facts.type
  }
  /** For people: `RSA 2048`, `EC P-256`, `Ed25519`, `EC secp256k1`, `DSA`. */
  get name(): string {
    return this.#facts.name
  }
  /** Size in bits, where it is known. */
  get bits(): number | undefined {
    return this.#facts.bits
  }
  get curve(): CurveName | undefined {
    return this.#facts.curve
  }
  /** SubjectPublicKeyInfo in DER; undefined where the platform cannot compute it. */
  get subjectPublicKeyInfo(): Uint8Array | undefined {
    return this.#facts.spki
  }
  /** PrivateKeyInfo in DER: version 0, EC keys with a named curve and the public point. A copy, which the caller wipes. */
  pkcs8(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#pkcs8)
  }
  /** For signing with node:crypto: imported and tried, see `readPrivateKey`. */
  async toKeyObject(): Promise<KeyObject> {
    needNodeCrypto('a KeyObject')
    throw new Error('not written yet')
  }
  /** Overwrites the key's bytes. */
  [Symbol.dispose](): void {
    wipe(this.#pkcs8)
  }
  /** The public side, for people. */
  toString(): string {
    return `PrivateKey { ${this.name} }`
  }
  /** The public side. */
  toJSON(): Record<string, unknown> {
    return { type: this.type ?? null, name: this.name, bits: this.bits ?? null }
  }
  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** What is known of a key besides its secret. */
export interface KeyFacts {
  readonly type: KeyType | undefined
  readonly name: string
  readonly bits: number | undefined
  readonly curve: CurveName | undefined
  readonly spki: Uint8Array | undefined
}
