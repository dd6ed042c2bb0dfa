import {
  digest,
  type HashAlgorithm,
  type HashName,
  type RunningHash,
  startHash,
} from '../algorithms/index.ts'
import { CmsError } from '../errors.ts'
import { abortable } from './abortable.ts'

/**
 * What is signed: bytes, a string (its UTF-8 bytes), or a stream of byte chunks: an async iterable, a Node
 * Readable or a web ReadableStream. Streams are hashed as they pass and are not kept.
 */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>

/** Digests of the content by hash. */
export type Digests = Map<HashName, Uint8Array>

/** Takes the content piece by piece. */
export interface ContentSink {
  update(chunk: Uint8Array): unknown
}

/** The content at once, or undefined where it is a stream. */
function contentBytes(content: Content): Uint8Array | undefined {
  if (typeof content === 'string') {
    // They would become U+FFFD: a signature over another text than the one that was given.
    if (/\p{Surrogate}/u.test(content))
      throw new TypeError('content is no Unicode text: half a surrogate pair')
    return Buffer.from(content, 'utf8')
  }
  if (content instanceof Uint8Array) return content
  if (content !== null && typeof content === 'object' && Symbol.asyncIterator in content) return undefined
  throw new TypeError('content must be a Uint8Array, a string or an async iterable of Uint8Array')
}

/**
 * Hashes the content once with each of the hash functions: bytes at hand at once, without a promise.
 *
 * @param more takes the content too
 */
export function hashContent(
  content: Content,
  hashes: Iterable<HashAlgorithm>,
  signal?: AbortSignal,
  more?: ContentSink,
): Digests | Promise<Digests> {
  signal?.throwIfAborted()
  const bytes = contentBytes(content)
  if (bytes === undefined) return hashStream(content as AsyncIterable<unknown>, hashes, signal, more)
  more?.update(bytes)
  const digests = new Map<HashName, Uint8Array>()
  for (const hash of hashes) digests.set(hash.name, digest(hash, bytes))
  return digests
}

async function hashStream(
  content: AsyncIterable<unknown>,
  hashes: Iterable<HashAlgorithm>,
  signal: AbortSignal | undefined,
  more: ContentSink | undefined,
): Promise<Digests> {
  const running = new Map<HashName, RunningHash>()
  for (const hash of hashes) running.set(hash.name, startHash(hash))
  const sinks: ContentSink[] = [...running.values()]
  if (more !== undefined) sinks.push(more)
  for await (const chunk of signal === undefined ? content : abortable(content, signal)) {
    // A stream with an encoding set gives strings, whose bytes may no longer be the original ones.
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a stream of content must give Uint8Array chunks')
    for (const sink of sinks) sink.update(chunk)
  }
  return new Map(Array.from(running, ([name, hash]) => [name, hash.digest()]))
}

/** Bytes of a content that goes into the message. */
export function attachable(content: Content): Uint8Array {
  const bytes = contentBytes(content)
  if (bytes !== undefined) return bytes
  const hint = 'sign a stream detached, or give the content as bytes'
  throw new CmsError('ERR_CMS_CONTENT_UNEXPECTED', 'a stream cannot be attached', { hint })
}

/** The content to hash: from the message or from the caller, never from both. */
export function contentOf(eContent: Uint8Array | undefined, given: Content | undefined): Content {
  if (eContent !== undefined && given !== undefined) {
    const hint = 'leave the content out: the one in the message is what was signed'
    throw new CmsError('ERR_CMS_CONTENT_UNEXPECTED', 'the message holds its content, and content was given', {
      hint,
    })
  }
  const content = eContent ?? given
  if (content === undefined) {
    const hint = 'the signature is detached: give the content that was signed'
    throw new CmsError('ERR_CMS_CONTENT_MISSING', 'no content in the message', { hint })
  }
  return content
}
