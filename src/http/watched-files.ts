import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { isContent } from '../credentials/input.ts'

/** The names of files among sources; contents, bytes and the known stores are left out. */
export function filesOf(sources: readonly unknown[]): string[] {
  return sources.flatMap((source) => {
    if (source instanceof URL) return [fileURLToPath(source)]
    if (typeof source !== 'string' || isContent(source)) return []
    if (source === 'system' || source === 'node') return []
    return [source.startsWith('file:') ? fileURLToPath(source) : source]
  })
}

/** What changes when one of the files does. A file that is not there counts too. */
export async function stateOf(files: readonly string[]): Promise<string> {
  const states = files.map(async (file) => {
    const status = await stat(file, { bigint: true }).catch(() => undefined)
    return status === undefined ? '-' : `${status.dev}:${status.ino}:${status.size}:${status.mtimeNs}`
  })
  return (await Promise.all(states)).join(' ')
}
