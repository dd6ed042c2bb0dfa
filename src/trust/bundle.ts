import { decodePem, type PemBlock } from '../asn1/index.ts'
import { toText } from '../asn1/text.ts'
import { type CredentialLimits, type Password, readCredentials } from '../credentials/index.ts'
import { describeKind, KIND_OF_LABEL, type Kind } from '../credentials/kinds.ts'
import { readCertificateBag } from '../credentials/pkcs7.ts'
import { recognise } from '../credentials/recognise.ts'
import { PemError, SealkitError } from '../errors.ts'
import { Certificate } from '../x509/index.ts'

/** What a bundle holds: whatever is in it that is no certificate, or cannot be read, is in the notes. */
export interface Bundle {
  readonly certificates: readonly Certificate[]
  readonly notes: readonly string[]
}

/** How bundles are read. */
export interface ReadBundleOptions {
  readonly password: Password | undefined
  readonly limits: CredentialLimits
}

/**
 * Reads the certificates of PEM, DER, a PKCS#7 bag or a PKCS#12 truststore, each by itself, so that a damaged one takes
 * nothing else with it.
 *
 * @throws CredentialError for a PKCS#12 file that cannot be opened
 */
export async function readBundle(bytes: Uint8Array, options: ReadBundleOptions): Promise<Bundle> {
  const kind = recognise(bytes)
  if (kind === 'pkcs12') return await readTruststore(bytes, options)
  const found = new Found()
  if (kind !== undefined) found.take(bytes, kind, '')
  else {
    const text = toText(bytes)
    const blocks = pemBlocks(text)
    for (const block of blocks) {
      const place = `line ${block.line}: `
      if ('why' in block) found.notes.push(`${place}${block.why}`)
      else found.take(block.der, kindOf(block), place)
    }
    const lost = (text.match(/^[ \t]*-----END /gm)?.length ?? 0) - blocks.length
    if (lost > 0) found.notes.push(`PEM blocks without a good BEGIN line: ${lost}`)
    if (blocks.length === 0) await found.takeBare(bytes, options)
  }
  return found
}

function kindOf({ label, der }: PemBlock): Kind | undefined {
  // OpenSSL's trust settings stand behind the certificate.
  if (label === 'TRUSTED CERTIFICATE') return undefined
  return recognise(der) ?? KIND_OF_LABEL.get(label)
}

class Found implements Bundle {
  readonly certificates: Certificate[] = []
  readonly notes: string[] = []

  take(bytes: Uint8Array, kind: Kind | undefined, place: string): void {
    if (kind === 'pkcs7') {
      const bag = this.#try(place, () => readCertificateBag(bytes)) ?? []
      for (const [i, der] of bag.entries()) this.#add(der, `${place}certificate ${i + 1} of the bag: `)
    } else if (kind === 'certificate') this.#add(bytes, place)
    else if (kind === undefined)
      this.notes.push(`${place}something that is no plain certificate is passed over`)
    else this.notes.push(`${place}${describeKind(kind).name} is passed over`)
  }

  /** Base64 without marks, and what errors are to be said of. */
  async takeBare(bytes: Uint8Array, { limits }: ReadBundleOptions): Promise<void> {
    try {
      const { certificates } = await readCredentials(bytes, { limits })
      this.certificates.push(...certificates.map(({ certificate }) => certificate))
    } catch (error) {
      this.notes.push(messageOf(error))
    }
  }

  #add(der: Uint8Array, place: string): void {
    const certificate = this.#try(place, () => Certificate.parse(der))
    if (certificate !== undefined) this.certificates.push(certificate)
  }

  #try<T>(place: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      this.notes.push(`${place}${messageOf(error)}`)
      return undefined
    }
  }
}

/** What the library throws on purpose, as a text; anything else goes on. */
function messageOf(error: unknown): string {
  if (error instanceof SealkitError) return error.message
  throw error
}

/** Only what the file marks as trusted, where it marks any. */
async function readTruststore(bytes: Uint8Array, options: ReadBundleOptions): Promise<Bundle> {
  const { keys, certificates, skipped, notes } = await readCredentials(bytes, options)
  for (const { key } of keys) key[Symbol.dispose]()
  const marked = certificates.filter(({ trusted }) => trusted)
  const taken = marked.length > 0 ? marked : certificates
  const others = certificates.length - taken.length
  return {
    certificates: taken.map(({ certificate }) => certificate),
    notes: [
      ...(keys.length > 0 ? ['it holds a private key, which a list of authorities does not need'] : []),
      ...(others > 0 ? [`passed over, as not marked as trusted: ${others} of its certificates`] : []),
      ...skipped.map(({ what, why }) => `${what} is passed over${why === undefined ? '' : `: ${why}`}`),
      ...notes,
    ],
  }
}

interface DamagedBlock {
  readonly line: number
  readonly why: string
}

/** The blocks of a PEM text; where one of them is damaged, each is decoded by itself. */
function pemBlocks(text: string): (PemBlock | DamagedBlock)[] {
  return decoded(() => decodePem(text)) ?? oneByOne(text)
}

function oneByOne(text: string): (PemBlock | DamagedBlock)[] {
  const starts = Array.from(text.matchAll(/^[ \t]*-----BEGIN /gm), ({ index }) => index)
  let line = 1
  let counted = 0
  return starts.flatMap((start, i): (PemBlock | DamagedBlock)[] => {
    line += text.slice(counted, start).match(/\r\n|\r|\n/g)?.length ?? 0
    counted = start
    const own = line
    const blocks = decoded(() => decodePem(text.slice(start, starts[i + 1])))
    return blocks?.map((block) => ({ ...block, line: own })) ?? [{ line: own, why: 'a damaged PEM block' }]
  })
}

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof PemError) return undefined
    throw error
  }
}
