import { open } from 'node:fs/promises'
import { ConfigError } from '../errors.ts'
import type { Document } from './document.ts'
import { malformed } from './faults.ts'
import { readJson } from './read-json.ts'
import { readToml } from './read-toml.ts'

/** Longest configuration that is read. */
const MAX_BYTES = 1024 * 1024

/** A configuration file, read. */
export interface ConfigFile {
  readonly path: string
  readonly document: Document
  /** Of the very file that was read. */
  readonly mode: number
  readonly uid: number
  readonly isFile: boolean
}

/**
 * Reads a configuration file: JSON where it is named so or begins with a brace, else TOML.
 *
 * @throws ConfigError `ERR_CONFIG_NOT_FOUND`, `ERR_CONFIG_MALFORMED`
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const { bytes, ...status } = await readBytes(path)
  return { path, document: readDocument(bytes, path), ...status }
}

/**
 * Reads what a configuration file holds.
 *
 * @throws ConfigError `ERR_CONFIG_MALFORMED`
 */
export function readDocument(bytes: Uint8Array, path: string): Document {
  if (bytes.length > MAX_BYTES) throw malformed(path, undefined, `longer than ${MAX_BYTES} bytes`)
  const text = decode(bytes, path)
  const isJson = /\.json$/i.test(path) || (!/\.toml$/i.test(path) && /^\s*\{/.test(text))
  return isJson ? readJson(text, path) : readToml(text, path)
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed(path, undefined, 'not UTF-8')
  }
}

async function readBytes(
  path: string,
): Promise<{ bytes: Uint8Array } & Omit<ConfigFile, 'path' | 'document'>> {
  try {
    const file = await open(path, 'r')
    try {
      const status = await file.stat()
      const chunks: Uint8Array[] = []
      let length = 0
      for await (const chunk of file.createReadStream({ autoClose: false, end: MAX_BYTES })) {
        length += (chunk as Uint8Array).length
        chunks.push(chunk as Uint8Array)
        if (length > MAX_BYTES) break
      }
      return { bytes: Buffer.concat(chunks), mode: status.mode, uid: status.uid, isFile: status.isFile() }
    } finally {
      await file.close()
    }
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    const reason = REASONS[code] ?? `the system says ${code}`
    const hint = 'name a file that you may read'
    throw new ConfigError('ERR_CONFIG_NOT_FOUND', `cannot read the configuration ${path}: ${reason}`, {
      hint,
      cause,
    })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EISDIR: 'it is a folder',
}
