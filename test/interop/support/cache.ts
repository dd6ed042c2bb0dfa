/** Things that are slow to make (RSA keys, compiled Java), kept between runs under node_modules/.cache. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../node_modules/.cache/sealkit-interop', import.meta.url))

/**
 * The folder for `name`, keyed by `sources` (what it is made from), made by `make` when it is not there.
 * It is filled under another name and renamed, so that parallel test workers never see half of it.
 */
export async function cachedFolder(
  name: string,
  sources: readonly string[],
  make: (folder: string) => Promise<void>,
  isFresh: (folder: string) => boolean = () => true,
): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16)
  const folder = join(root, `${name}-${key}`)
  if (existsSync(folder)) {
    if (isFresh(folder)) return folder
    await rm(folder, { recursive: true, force: true })
  }
  await mkdir(root, { recursive: true })
  const draft = await mkdtemp(`${folder}.making-`)
  try {
    await make(draft)
    await rename(draft, folder)
    await removeOld(name, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Another worker was faster: its folder is as good as ours.
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** Folders of the same name with another key: from older sources. */
async function removeOld(name: string, current: string): Promise<void> {
  const isOld = (entry: string) => /^-[0-9a-f]{16}$/.test(entry.slice(name.length)) && entry.startsWith(name)
  const old = readdirSync(root).filter((entry) => isOld(entry) && join(root, entry) !== current)
  await Promise.all(old.map((entry) => rm(join(root, entry), { recursive: true, force: true })))
}
