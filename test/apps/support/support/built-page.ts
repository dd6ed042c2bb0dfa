import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildSupportPage } from '../../../../scripts/support-page.mjs'
import { tempDir } from '../../../support/tools.ts'

let built: Promise<string> | undefined

/** The page, built anew for the test file: a folder. */
export function builtPage(): Promise<string> {
  built ??= build()
  return built
}

async function build(): Promise<string> {
  const folder = join(tempDir(), 'page')
  await buildSupportPage(folder)
  return folder
}

/** The files of the built page with their sizes, packed by gzip. */
export function filesOf(folder: string): { name: string; text: string; gzip: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      return { name: relative(folder, path), text: bytes.toString('utf8'), gzip: gzipSync(bytes).length }
    })
}
