// @ts-check
/** Writes the manual pages of the command line, which package.json names under "man", into a build's man/. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './process.mjs'

export async function writeManPages(/** @type {string} */ build) {
  const load = (/** @type {string} */ name) => import(pathToFileURL(join(build, 'apps/cli', name)).href)
  const { COMMANDS, GROUPS } = await load('commands.js')
  const { manPages } = await load('man/pages.js')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folder = join(build, 'man')
  mkdirSync(folder)
  /** @type {Map<string, string>} */
  const pages = await manPages({ commands: COMMANDS, groups: GROUPS }, version)
  for (const [name, text] of pages) writeFileSync(join(folder, `${name}.1`), text)
}
