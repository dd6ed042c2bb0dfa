import { abortable } from '../../src/cms/abortable.ts'
import { attachable, type Content } from '../../src/cms/content.ts'

/** A stream is kept in memory, to be compared with what the tool has signed. */
const MAX_BYTES = 256 * 1024 * 1024

/**
 * The bytes of a content, in a copy: the caller may write into its own while the call waits for its turn.
 *
 * @throws TypeError for content of another type, and for a stream of more than 256 MiB; the signal's reason
 */
export async function collectContent(content: Content, signal: AbortSignal | undefined): Promise<Uint8Array> {
  signal?.throwIfAborted()
  const isStream = typeof content === 'object' && content !== null && !(content instanceof Uint8Array)
  if (!isStream || !(Symbol.asyncIterator in content)) return new Uint8Array(attachable(content))
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of signal === undefined ? content : abortable(content, signal)) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a stream of content must give Uint8Array chunks')
    length += chunk.length
    if (length > MAX_BYTES) throw new TypeError('a stream of content must not have more than 256 MiB')
    chunks.push(new Uint8Array(chunk))
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    chunk.fill(0)
    at += chunk.length
  }
  return bytes
}
