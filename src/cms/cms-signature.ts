import { inspect } from 'node:util'
import { decodeBase64, decodePem, encodeBase64, encodePem, type Limits, toText } from '../asn1/index.ts'
import { CmsError } from '../errors.ts'
import { parseSignedData, type SignedData } from './signed-data.ts'

const LABELS = new Set(['CMS', 'PKCS7', 'PKCS #7 SIGNED DATA'])

/**
 * A CMS signature: ContentInfo with SignedData (RFC 5652).
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { CmsSignature } from 'sealkit'
 * const signature = CmsSignature.from(readFileSync('signature.p7s'))
 * signature.base64() // one line, as MOEX's field `signature` takes it
 * ```
 */
export class CmsSignature {
  /** The message. DER where sealkit made it; as it came where it was read. */
  readonly der: Uint8Array
  #signedData: SignedData | undefined

  /** @param bytes a ContentInfo; parsed when first asked for */
  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('a CMS signature is a Uint8Array')
    this.der = bytes
  }

  /**
   * Finds out by content whether the input is DER or BER, PEM (`CMS`, `PKCS7`) or bare base64, and parses it.
   *
   * @throws CmsError `ERR_CMS_MALFORMED` where it is none of them; `ERR_CMS_NOT_SIGNED_DATA`; Asn1Error, PemError
   */
  static from(input: string | Uint8Array, limits?: Limits): CmsSignature {
    const signature = new CmsSignature(decode(input))
    signature.#signedData = parseSignedData(signature.der, limits)
    return signature
  }

  /** The parsed message. @throws Asn1Error, CmsError */
  get signedData(): SignedData {
    this.#signedData ??= parseSignedData(this.der)
    return this.#signedData
  }

  /** Standard base64 without line ends: the form that MOEX's token request takes. */
  base64(): string {
    return encodeBase64(this.der)
  }

  /** One PEM block with the label `CMS` (RFC 7468 section 9). */
  pem(): string {
    return encodePem('CMS', this.der)
  }

  /** What `console.log` shows: the length, not all the bytes. */
  [inspect.custom](): string {
    return `CmsSignature { ${this.der.length} bytes }`
  }
}

function decode(input: string | Uint8Array): Uint8Array {
  if (input instanceof Uint8Array && input[0] === 0x30) return input
  const blocks = decodePem(input)
  const [block, ...others] = blocks.filter(({ label }) => LABELS.has(label))
  if (others.length > 0) throw malformed('more than one signature in the text', 'give each by itself')
  if (block !== undefined) return block.der
  if (blocks[0] !== undefined) {
    const hint = 'a signature stands in a CMS or PKCS7 block'
    throw malformed(`the PEM block is a ${blocks[0].label}, not a signature`, hint)
  }
  const bytes = decodeBase64(toText(input))
  if (bytes !== undefined && bytes.length > 0) return bytes
  throw malformed('the signature is empty or in no known form', 'it should be DER, PEM or base64')
}

function malformed(message: string, hint: string): CmsError {
  return new CmsError('ERR_CMS_MALFORMED', message, { hint })
}
