import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** A file that the tool has written, or part of it. */
export interface ReadFile {
  readonly bytes: Uint8Array
  /** Bytes in all. */
  readonly size: number
}

// Windows knows neither. A pipe in the place of the file must not block.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Reads the end of a file, `most` bytes of it; undefined where there is none, or it is something else. At once: the
 * files are small, and another thread would cost more.
 */
export function readFileEnd(path: string, most: number): ReadFile | undefined {
  let fd: number | undefined
  try {
    fd = openSync(path, FLAGS)
    const stats = fstatSync(fd)
    if (!stats.isFile()) return undefined
    const bytes = new Uint8Array(Math.min(stats.size, most))
    const bytesRead = readSync(fd, bytes, 0, bytes.length, Math.max(0, stats.size - most))
    return { bytes: bytes.subarray(0, bytesRead), size: stats.size }
  } catch {
    // Windows: still open in the tool. It is not there yet.
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
