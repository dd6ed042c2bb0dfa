import { verifySignature } from '../algorithms/index.ts'
import { concatBytes, readDer, Tag } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import { readAttributes } from './attributes.ts'
import { Refusal } from './checks.ts'
import type { ContentSink } from './content.ts'
import { CmsOid } from './oids.ts'
import type { DirectVerifier, SignerContext } from './verify-signer.ts'

/** A signature without signed attributes is made over the content itself, which is kept up to this size. */
const MAX_KEPT = 64 * 1024 * 1024

/** Keeps the content for signatures without signed attributes (RFC 5652 section 5.4, second case). */
export class KeptContent implements ContentSink {
  #chunks: Uint8Array[] | undefined = []
  #length = 0

  update(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#length > MAX_KEPT) this.#chunks = undefined
    // A copy: a stream may use its buffer again.
    else this.#chunks?.push(Uint8Array.from(chunk))
  }

  /** Verifies over what was kept. */
  verifier(policy: Pick<SignerContext, 'minRsaBits' | 'allowWeakHashes'>): DirectVerifier {
    return (info, algorithm, key) => {
      if (this.#chunks === undefined) throw new Refusal('content-too-large', `more than ${MAX_KEPT} bytes`)
      this.#chunks = [concatBytes(this.#chunks)]
      const content = this.#chunks[0] as Uint8Array
      if (looksLikeAttributes(content)) throw new Refusal('content-looks-like-attributes')
      return verifySignature(algorithm, key, content, info.signature, policy)
    }
  }
}

/**
 * Whether content is the encoding of signed attributes. A signature made over attributes can be passed off as
 * one without attributes over their encoding as content: that content is refused.
 */
function looksLikeAttributes(content: Uint8Array): boolean {
  if (content[0] !== Tag.SET) return false
  try {
    const { attributes } = readDer(content, '', (r) => readAttributes(r, '', Tag.SET), { rules: 'definite' })
    return attributes.some(({ oid }) => oid === CmsOid.messageDigest)
  } catch (error) {
    if (error instanceof SealkitError) return false
    throw error
  }
}
