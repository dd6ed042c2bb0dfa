import { SealkitError } from '../../errors.ts'
import { Certificate } from '../../x509/index.ts'
import type { CertificateEntry, Credentials, Protection, ProtectionLayer, SkippedEntry } from '../contents.ts'
import { PrivateKey } from '../key/private-key.ts'
import { type LoneKey, pairKeys } from '../pair.ts'
import type { BagAttributes } from './attributes.ts'
import { protectionNotes } from './notes.ts'
import type { OpenBag } from './open.ts'
import type { Pfx } from './pfx.ts'

/** Sorts the bags of an opened file, and gives each key its certificate. */
export class Contents {
  readonly #keys: LoneKey[] = []
  readonly #certificates: CertificateEntry[] = []
  readonly #crls: Uint8Array[] = []
  readonly #skipped: SkippedEntry[] = []
  readonly #notes: string[] = []
  #plainKeys = false

  /** @throws CredentialError where a key is damaged; the keys read before it are overwritten */
  async add({ bag, plain }: OpenBag): Promise<void> {
    this.#notes.push(...bag.attributes.notes)
    switch (bag.kind) {
      case 'key':
        this.#plainKeys ||= plain
        this.#keys.push({ key: await PrivateKey.fromPkcs8(bag.privateKeyInfo), ...names(bag.attributes) })
        break
      case 'certificate':
        this.#addCertificate(bag.der, bag.attributes)
        break
      case 'crl':
        this.#crls.push(new Uint8Array(bag.der))
        break
      default:
        this.#skipped.push({ what: bag.what, why: undefined })
    }
  }

  credentials({ mac }: Pfx, encryption: readonly ProtectionLayer[]): Credentials {
    const protection: Protection = { mac: mac?.layer, encryption, plainKeys: this.#plainKeys }
    const notes = [...protectionNotes(protection), ...this.#notes]
    const keys = pairKeys(this.#keys, this.#certificates, notes)
    if (keys.length === 0 && this.#certificates.length === 0)
      notes.push('The file holds no key and no certificate.')
    return {
      form: 'PKCS#12',
      keys,
      certificates: this.#certificates,
      crls: this.#crls,
      skipped: this.#skipped,
      protection,
      notes: [...new Set(notes)],
    }
  }

  /** Overwrites the keys, where they do not reach the caller. */
  dispose(): void {
    for (const { key } of this.#keys) key[Symbol.dispose]()
  }

  #addCertificate(der: Uint8Array, attributes: BagAttributes): void {
    try {
      const certificate = Certificate.parse(der)
      this.#certificates.push({ certificate, ...names(attributes), trusted: attributes.trusted })
    } catch (error) {
      if (!(error instanceof SealkitError)) throw error
      this.#skipped.push({ what: 'certificate that cannot be read', why: error.message })
      this.#notes.push(`A certificate cannot be read and was left out: ${error.message}.`)
    }
  }
}

function names({ friendlyName, localKeyId }: BagAttributes): Pick<LoneKey, 'friendlyName' | 'localKeyId'> {
  return { friendlyName, localKeyId }
}
