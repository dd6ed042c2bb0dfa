import type { Hash } from 'node:crypto'
import { digest, type HashAlgorithm, type HashName, startHash } from '../algorithms/index.ts'

/**
 * What is signed: bytes, a string (its UTF-8 bytes), or a stream of byte chunks: an async iterable, a Node
 * Readable or a web ReadableStream. Streams are hashed as they pass and are not kept.
 */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>

/** Takes the content piece by piece: a running hash or a running signature verification. */
export interface ContentSink {
  update(chunk: Uint8Array): unknown
}

/** The content at once, or undefined where it is a stream. */
export function contentBytes(content: Content): Uint8Array | undefined {
  if (typeof content === 'string') return Buffer.from(content, 'utf8')
  if (content instanceof Uint8Array) return content
  if (content !== null && typeof content === 'object' && Symbol.asyncIterator in content) return undefined
  throw new TypeError('content must be a Uint8Array, a string or an async iterable of Uint8Array')
}

/** Runs the content through the sinks. */
export async function feed(
  content: Content,
  sinks: readonly ContentSink[],
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted()
  const bytes = contentBytes(content)
  if (bytes !== undefined) {
    for (const sink of sinks) sink.update(bytes)
    return
  }
  for await (const chunk of content as AsyncIterable<Uint8Array>) {
    signal?.throwIfAborted()
    // A stream with an encoding set gives strings, whose bytes may no longer be the original ones.
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a stream of content must give Uint8Array chunks')
    for (const sink of sinks) sink.update(chunk)
  }
}

/** Running hashes, to be fed and finished. */
export function hashSinks(hashes: Iterable<HashAlgorithm>): {
  sinks: readonly ContentSink[]
  finish: () => Map<HashName, Uint8Array>
} {
  const running = new Map<HashName, Hash>()
  for (const hash of hashes) if (!running.has(hash.name)) running.set(hash.name, startHash(hash))
  return {
    sinks: [...running.values()],
    finish: () => new Map(Array.from(running, ([name, hash]) => [name, hash.digest()])),
  }
}

/** Hashes the content once with each of the hash functions: bytes at hand at once, without a promise. */
export function hashContent(
  content: Content,
  hashes: Iterable<HashAlgorithm>,
  signal?: AbortSignal,
): Map<HashName, Uint8Array> | Promise<Map<HashName, Uint8Array>> {
  const bytes = contentBytes(content)
  if (bytes === undefined) return hashStream(content, hashes, signal)
  signal?.throwIfAborted()
  const digests = new Map<HashName, Uint8Array>()
  for (const hash of hashes) digests.set(hash.name, digest(hash, bytes))
  return digests
}

async function hashStream(
  content: Content,
  hashes: Iterable<HashAlgorithm>,
  signal: AbortSignal | undefined,
): Promise<Map<HashName, Uint8Array>> {
  const { sinks, finish } = hashSinks(hashes)
  await feed(content, sinks, signal)
  return finish()
}
