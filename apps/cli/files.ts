import { createReadStream, fstatSync, open, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { Socket } from 'node:net'
import { addAbortSignal, type Readable } from 'node:stream'
import { isatty, ReadStream } from 'node:tty'
import { promisify } from 'node:util'

/** Large reads: what is signed is hashed as fast as it can be read. */
const CHUNK = 1024 * 1024

/** Opens a file, or standard input where the path is `-`. @throws the system's errors */
export async function openFile(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  if (path === '-') return streamOf(0, signal)
  return addAbortSignal(signal, readableOf(await promisify(open)(path, 'r'), true))
}

/**
 * The bytes of a descriptor that the caller of the program opened, from where it stands.
 *
 * @throws the system's errors; EBADF for a descriptor of Node's own
 */
export function streamOf(fd: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (fd > 2 && isInternal(fd)) {
    throw Object.assign(new Error('bad file descriptor'), { code: 'EBADF', syscall: 'read' })
  }
  return addAbortSignal(signal, readableOf(fd, false))
}

/** Pipes and terminals are not read by the thread pool: a read that waits there could not be interrupted. */
function readableOf(fd: number, autoClose: boolean): Readable {
  const stats = fstatSync(fd)
  const waits = stats.isFIFO() || stats.isSocket() || isatty(fd)
  if (!waits) return createReadStream('', { fd, autoClose, highWaterMark: CHUNK })
  if (fd === 0) return process.stdin
  return isatty(fd) ? new ReadStream(fd) : new Socket({ fd, readable: true, writable: false })
}

/**
 * Whether a descriptor belongs to Node's event loop: reading such a one hangs, and closing it ends in an abort. Told
 * by Linux's /proc: what is no file, or a pipe of which this process holds the writing end.
 */
function isInternal(fd: number): boolean {
  try {
    const link = readlinkSync(`/proc/self/fd/${fd}`)
    if (link.startsWith('anon_inode:')) return true
    if (!link.startsWith('pipe:')) return false
    return readdirSync('/proc/self/fd').some((other) => isWriter(other, link))
  } catch {
    return false
  }
}

function isWriter(fd: string, pipe: string): boolean {
  try {
    if (readlinkSync(`/proc/self/fd/${fd}`) !== pipe) return false
    const [, flags = '0'] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? []
    return (Number.parseInt(flags, 8) & 3) !== 0
  } catch {
    // Closed in between, as the descriptor of the listing is.
    return false
  }
}

/** All bytes of a stream. @throws RangeError where there are more than `max` */
export async function readAll(stream: AsyncIterable<Uint8Array>, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > max) throw new RangeError(`more than ${max} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}
