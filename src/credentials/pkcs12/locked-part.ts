import type { ProtectionLayer } from '../contents.ts'
import type { DerivedLock, Lock } from '../encryption/lock.ts'
import type { PasswordBytes } from '../encryption/passwords.ts'
import { wipe } from '../wipe.ts'
import type { EncryptedBytes } from './encrypted.ts'

/** Something encrypted, whose key can be derived ahead of its use. */
export class LockedPart {
  readonly #lock: Lock
  readonly #encrypted: Uint8Array
  readonly #derived = new Map<PasswordBytes, Promise<DerivedLock>>()
  #plain: Uint8Array | undefined

  constructor({ lock, encrypted }: EncryptedBytes) {
    this.#lock = lock
    this.#encrypted = encrypted
  }

  get layer(): ProtectionLayer {
    return this.#lock.layer
  }

  /** Begins to derive the key. */
  start(password: PasswordBytes | undefined): void {
    if (password === undefined) return
    // Whether it fails is asked where it is used, if it comes to that.
    this.#derive(password).catch(() => undefined)
  }

  /**
   * Decrypts with the first password that fits.
   *
   * @returns bytes that are valid until {@link wipe}; undefined where none fits
   */
  async open(passwords: readonly PasswordBytes[]): Promise<Uint8Array | undefined> {
    for (const password of passwords) {
      if (this.#plain !== undefined) break
      const derived = await this.#derive(password)
      const plain = await derived.decrypt(this.#encrypted)
      if (plain === undefined) continue
      if (isOneSequence(plain)) this.#plain = plain
      else wipe(plain)
    }
    return this.#plain
  }

  async wipe(): Promise<void> {
    wipe(this.#plain)
    for (const derived of this.#derived.values()) {
      await derived.then(
        (lock) => lock.wipe(),
        () => undefined,
      )
    }
  }

  #derive(password: PasswordBytes): Promise<DerivedLock> {
    const derived = this.#derived.get(password) ?? this.#lock.derive(password)
    this.#derived.set(password, derived)
    return derived
  }
}

/**
 * Whether what was decrypted is one SEQUENCE from end to end, as safe contents and keys are. Padding alone fits a
 * wrong key once in 256 times, and RC4 has none.
 */
function isOneSequence(plain: Uint8Array): boolean {
  const [tag, first = 0] = plain
  if (tag !== 0x30 || plain.length < 2) return false
  if (first < 0x80) return plain.length === 2 + first
  if (first === 0x80) return plain.length >= 4 && plain.at(-1) === 0 && plain.at(-2) === 0
  const octets = first & 0x7f
  let length = 0
  for (let i = 2; i < 2 + octets; i++) length = length * 256 + (plain[i] ?? 0)
  return plain.length === 2 + octets + length
}
