import { verifySignature } from '../algorithms/index.ts'
import { readDer, Tag, toDefinite } from '../asn1/index.ts'
import { SealkitError } from '../errors.ts'
import { readAttributes } from './attributes.ts'
import { Refusal } from './checks.ts'
import type { ContentSink } from './content.ts'
import { CmsOid } from './oids.ts'
import type { DirectVerifier, SignerContext } from './signer-context.ts'

/** A signature without signed attributes is made over the content itself, which is kept up to this size. */
const MAX_KEPT = 64 * 1024 * 1024
const MIN_KEPT = 64 * 1024

/** Keeps the content for signatures without signed attributes (RFC 5652 section 5.4, second case). */
export class KeptContent implements ContentSink {
  /** With room to grow: a stream may come in pieces of one byte. */
  #kept = new Uint8Array(MIN_KEPT)
  #length = 0
  #isAttributes: boolean | undefined

  update(chunk: Uint8Array): void {
    const start = this.#length
    this.#length += chunk.length
    if (this.#length > MAX_KEPT) {
      this.#kept = new Uint8Array()
      return
    }
    if (this.#length > this.#kept.length) {
      const more = new Uint8Array(Math.max(this.#length, this.#kept.length * 2))
      more.set(this.#kept.subarray(0, start))
      this.#kept = more
    }
    this.#kept.set(chunk, start)
  }

  /** Verifies over what was kept. */
  verifier(policy: Pick<SignerContext, 'effort' | 'minRsaBits' | 'allowWeakHashes'>): DirectVerifier {
    return (info, algorithm, key) => {
      if (this.#length > MAX_KEPT) throw new Refusal('content-too-large', `more than ${MAX_KEPT} bytes`)
      const content = this.#kept.subarray(0, this.#length)
      this.#isAttributes ??= looksLikeAttributes(content)
      if (this.#isAttributes) throw new Refusal('content-looks-like-attributes')
      policy.effort.spend(content.length)
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
    const definite = toDefinite(content)
    const { attributes } = readDer(definite, '', (r) => readAttributes(r, '', Tag.SET), { rules: 'definite' })
    return attributes.some(({ oid }) => oid === CmsOid.messageDigest)
  } catch (error) {
    if (error instanceof SealkitError) return false
    throw error
  }
}
