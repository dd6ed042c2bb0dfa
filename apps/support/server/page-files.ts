import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the built page. */
export interface PageFile {
  readonly type: string
  readonly bytes: Uint8Array
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** Where the build puts the page. */
const BUILT = new URL('../page/', import.meta.url)

/**
 * Reads the page whole, by the paths under which it is asked for: no path of a request becomes one of a file.
 *
 * @throws what reading throws; Error where there is no index.html, as in a tree that is not built
 */
export async function readPage(folder: string | URL = BUILT): Promise<ReadonlyMap<string, PageFile>> {
  const root = folder instanceof URL ? fileURLToPath(folder) : folder
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = new Map<string, PageFile>()
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(join(root, '/').length).replaceAll('\\', '/')
    files.set(`/${name}`, { type, bytes: await readFile(path) })
  }
  const index = files.get('/index.html')
  if (index === undefined || ![...files.keys()].some((name) => name.endsWith('.js'))) {
    throw new Error(`the support page is not built: ${root}`)
  }
  return files.set('/', index)
}
