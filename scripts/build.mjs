// @ts-check
/** Builds dist/ by tsc, the support page by vite, and the manual pages, when the sources have changed. */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { writeManPages } from './man-pages.mjs'
import { cacheFolder, Failure, root, runNode, say, seconds } from './process.mjs'
import { buildSupportPage } from './support-page.mjs'

const dist = join(root, 'dist')
/** Lies in dist/, so that it goes when dist/ goes. */
const stamp = join(dist, '.sources')
const folders = ['src', 'providers', 'apps']
const source = /\.(ts|html|css|svg)$/
const settings = [
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'scripts/support-page.mjs',
  'scripts/man-pages.mjs',
  'node_modules/typescript/package.json',
  'node_modules/vite/package.json',
]

function hashOfSources() {
  const files = folders.flatMap((folder) => {
    const entries = fs.readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    return entries.filter((name) => source.test(name)).map((name) => join(folder, name))
  })
  const hash = createHash('sha256')
  for (const file of [...settings, ...files.sort()]) {
    const bytes = fs.readFileSync(join(root, file))
    hash.update(`${file} ${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}

function isFresh(/** @type {string} */ hash) {
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash
}

/**
 * The build is made aside and put in the place of dist/ whole: nothing is left of deleted sources, a failed
 * build leaves the old one, and two builds at a time do not mix.
 */
export async function build() {
  const hash = hashOfSources()
  if (isFresh(hash)) return
  const start = performance.now()
  say('building ...')
  fs.mkdirSync(cacheFolder, { recursive: true })
  const draft = fs.mkdtempSync(join(cacheFolder, 'build-'))
  const old = `${draft}-old`
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { status, output } = await runNode([tsc, '-p', 'tsconfig.build.json', '--outDir', draft], {
      capture: true,
    })
    if (status !== 0) {
      process.stderr.write(output)
      throw new Failure('the build failed: see the errors above')
    }
    await buildSupportPage(join(draft, 'apps/support/page'))
    await writeManPages(draft)
    const command = join(draft, 'apps/cli/main.js')
    if (fs.existsSync(command)) fs.chmodSync(command, 0o755)
    fs.writeFileSync(join(draft, '.sources'), hash)
    if (fs.existsSync(dist)) fs.renameSync(dist, old)
    fs.renameSync(draft, dist)
  } catch (error) {
    // Another build at the same time was faster: its result is as good as ours.
    if (error instanceof Failure || !isFresh(hash)) throw error
  } finally {
    for (const folder of [draft, old]) fs.rmSync(folder, { recursive: true, force: true })
  }
  say(`built, ${seconds(start)}`)
}
