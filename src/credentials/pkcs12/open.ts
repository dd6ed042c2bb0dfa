import type { ProtectionLayer } from '../contents.ts'
import { wipe } from '../wipe.ts'
import { type Bag, readSafeContents } from './bags.ts'
import { definite, readDefinite } from './ber.ts'
import type { Budget } from './budget.ts'
import { keyLocked, macWrong, safeLocked } from './failures.ts'
import { LockedPart } from './locked-part.ts'
import type { Candidates, Passwords } from './passwords.ts'
import type { Pfx } from './pfx.ts'

/** A bag of an opened file: a shrouded key is plain here, in `privateKeyInfo`. */
export interface OpenBag {
  readonly bag: Exclude<Bag, { kind: 'shroudedKey' }>
  /** Nothing encrypted it. */
  readonly plain: boolean
}

/**
 * Opens a PFX step by step: keys are derived together, but nothing that was decrypted is looked at before the MAC
 * has been found right. What it gives is valid until {@link wipe}.
 */
export class Opening {
  readonly #pfx: Pfx
  readonly #budget: Budget
  readonly #passwords: Passwords
  readonly #parts: LockedPart[] = []
  readonly #secrets: Uint8Array[] = []

  constructor(pfx: Pfx, budget: Budget, passwords: Passwords) {
    this.#pfx = pfx
    this.#budget = budget
    this.#passwords = passwords
  }

  /** @throws CredentialError where no password fits, or the MAC does not */
  async run(): Promise<OpenBag[]> {
    const safes = this.#pfx.safes.map((safe) =>
      'bags' in safe ? this.#bagsOf(safe.bags, true) : this.#part(safe),
    )
    await this.#startAll(safes)
    await this.#checkMac()
    const opened: OpenBag[] = []
    for (const safe of safes) {
      const bags = safe instanceof LockedPart ? await this.#openSafe(safe) : safe
      for (const bag of bags) opened.push(await this.#openBag(bag))
    }
    return opened
  }

  /** The encryptions that were met, each once. */
  get encryption(): ProtectionLayer[] {
    const layers = this.#parts.map(({ layer }) => layer)
    return [...new Map(layers.map((layer) => [JSON.stringify(layer), layer])).values()]
  }

  /** Overwrites what was decrypted and derived. */
  async wipe(): Promise<void> {
    wipe(...this.#secrets)
    for (const part of this.#parts) await part.wipe()
  }

  #part(encrypted: ConstructorParameters<typeof LockedPart>[0]): LockedPart {
    const part = new LockedPart(encrypted)
    this.#parts.push(part)
    return part
  }

  #bagsOf(bags: readonly Bag[], plain: boolean): FoundBag[] {
    return bags.map((bag) => (bag.kind === 'shroudedKey' ? { bag, part: this.#part(bag) } : { bag, plain }))
  }

  /** Derivations on other threads begin before the MAC's, which may keep this one busy. */
  async #startAll(safes: readonly (LockedPart | FoundBag[])[]): Promise<void> {
    for (const safe of safes) {
      if (safe instanceof LockedPart) safe.start((await this.#passwords.forContents()).all[0])
      else await this.#startKeys(safe)
    }
  }

  async #startKeys(bags: readonly FoundBag[]): Promise<void> {
    for (const found of bags) {
      if ('part' in found) found.part.start((await this.#passwords.forKeys()).all[0])
    }
  }

  async #checkMac(): Promise<void> {
    const { mac, content } = this.#pfx
    if (mac === undefined) return
    const tried = await this.#passwords.forMac()
    for (const password of tried.all) if (await mac.verify(content, password)) return
    throw macWrong(tried, this.#passwords, await this.#opensAny(tried))
  }

  /** Whether a password opens something: then it is right, and the file was changed. */
  async #opensAny({ all }: Candidates): Promise<boolean> {
    for (const part of this.#parts) if ((await part.open(all)) !== undefined) return true
    return false
  }

  async #openSafe(safe: LockedPart): Promise<FoundBag[]> {
    const tried = await this.#passwords.forContents()
    const decrypted = await safe.open(tried.all)
    if (decrypted === undefined) throw safeLocked(tried, this.#pfx.mac !== undefined, this.#passwords)
    const contents = definite(decrypted)
    this.#secrets.push(contents)
    const read = readDefinite(contents, 'SafeContents', (r) => readSafeContents(r, this.#budget))
    const bags = this.#bagsOf(read, false)
    await this.#startKeys(bags)
    return bags
  }

  async #openBag(found: FoundBag): Promise<OpenBag> {
    if (!('part' in found)) return found
    const tried = await this.#passwords.forKeys()
    const decrypted = await found.part.open(tried.all)
    if (decrypted === undefined) throw keyLocked(tried, this.#passwords)
    const privateKeyInfo = definite(decrypted)
    this.#secrets.push(privateKeyInfo)
    return { bag: { kind: 'key', privateKeyInfo, attributes: found.bag.attributes }, plain: false }
  }
}

type FoundBag = OpenBag | { readonly bag: Bag; readonly part: LockedPart }
