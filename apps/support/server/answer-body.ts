import type { CallAnswer } from '../api.ts'

/** How much of an answer is shown. */
const MOST_SHOWN = 1024 * 1024

/** Reads an answer's body up to a limit; what comes after is not waited for. */
export async function readAnswer(
  response: Response,
): Promise<Pick<CallAnswer, 'text' | 'base64' | 'bytes' | 'isCut'>> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader()
  for (;;) {
    const chunk = await reader?.read()
    if (chunk?.value === undefined) break
    chunks.push(chunk.value)
    length += chunk.value.length
    if (length <= MOST_SHOWN) continue
    // Not awaited: a server that never ends would hold it up.
    reader?.cancel().catch(() => {})
    break
  }
  const bytes = Buffer.concat(chunks).subarray(0, MOST_SHOWN)
  const isCut = length > MOST_SHOWN
  const text = textOf(bytes, isCut)
  return {
    bytes: bytes.length,
    isCut,
    ...(text === undefined ? { base64: bytes.toString('base64') } : { text }),
  }
}

/** UTF-8 without NULs; a character may be cut at the end. */
function textOf(bytes: Uint8Array, isCut: boolean): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return undefined
  }
}
