import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TokenError } from '../../../src/errors.ts'

const MAX_BYTES = 4096

/**
 * Reads the PIN from the file that pin-source names: `file:///run/secrets/pin`, or the absolute path. One line end
 * at its end is left out.
 *
 * @throws TokenError `ERR_TOKEN_PIN_UNUSABLE` for anything but a small file that only its owner can read
 */
export async function readPinSource(source: string): Promise<string> {
  const path = pathOf(source)
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause: unknown) => {
    throw unusable(`the file ${path} cannot be read`, 'is it there, and may this user read it?', cause)
  })
  const bytes = Buffer.alloc(MAX_BYTES + 1)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw unusable(`${path} is no ordinary file`, 'name a file')
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) {
      throw unusable(`other users may read the file ${path}`, `chmod 600 ${path}`)
    }
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    if (bytesRead > MAX_BYTES)
      throw unusable(`the file ${path} is too large for a PIN`, 'name the file with the PIN')
    const pin = new TextDecoder('utf-8', { fatal: true })
      .decode(bytes.subarray(0, bytesRead))
      .replace(/\r?\n$/, '')
    // An empty PIN would ask a token with a PIN pad to take over.
    if (pin === '') throw unusable(`the file ${path} is empty`, 'write the PIN into it')
    return pin
  } catch (cause) {
    if (cause instanceof TokenError) throw cause
    throw unusable(`the file ${path} holds no text`, 'write the PIN as UTF-8')
  } finally {
    bytes.fill(0)
    await file.close()
  }
}

/** RFC 7512 section 2.4 knows `|command` too: a URI must not run programs. */
function pathOf(source: string): string {
  if (source.startsWith('|')) throw unusable('pin-source names a program, which is not run', 'name a file')
  if (isAbsolute(source)) return source
  try {
    if (/^file:/i.test(source)) return fileURLToPath(source)
  } catch {
    // Told below, as what is no file: URI at all.
  }
  throw unusable('pin-source names no file', 'write pin-source=file:///the/whole/path')
}

function unusable(what: string, hint: string, cause?: unknown): TokenError {
  return new TokenError('ERR_TOKEN_PIN_UNUSABLE', `no PIN from pin-source: ${what}`, { hint, cause })
}
