// @ts-check
/** The static checks: a name for the command line, the tool that does it, and how. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { npmCommand, npmEnvironment } from './install.mjs'
import { cacheFolder, root, run, runNode, say, seconds } from './process.mjs'

/** @typedef {{ status: number, output: string }} Result */
/** @typedef {{ name: string, by: string, run: () => Promise<Result> }} Check */

/** @type {readonly Check[]} */
export const checks = [
  { name: 'types', by: 'tsc', run: checkTypes },
  { name: 'lint', by: 'biome', run: () => tool('biome', 'check', '--error-on-warnings') },
  { name: 'unused', by: 'knip', run: () => tool('knip', '--treat-config-hints-as-errors') },
  { name: 'floors', by: 'dependency-cruiser', run: () => tool('depcruise', 'src', 'providers', 'apps') },
  { name: 'package', by: 'publint, attw', run: checkPackage },
  { name: 'reference', by: 'typedoc', run: () => tool('typedoc') },
]

/**
 * Runs one check; what the tool printed is shown only when it failed.
 * @param {Check} check
 * @returns {Promise<boolean>}
 */
export async function runCheck({ name, by, run }) {
  const start = performance.now()
  const { status, output } = await run()
  if (status !== 0) process.stderr.write(`${output.trimEnd()}\n`)
  say(`${status === 0 ? 'ok' : 'FAILED'}  ${name} (${by}), ${seconds(start)}`)
  return status === 0
}

/**
 * @param {string} name a command in node_modules/.bin
 * @param {readonly string[]} args
 */
function tool(name, ...args) {
  return runNode([join(root, 'node_modules/.bin', name), ...args], { capture: true })
}

/** The support page has the DOM's types, which nothing else has. */
async function checkTypes() {
  const own = await tool('tsc', '--noEmit', '-p', '.')
  const page = await tool('tsc', '--noEmit', '-p', 'apps/support/page')
  return { status: own.status || page.status, output: own.output + page.output }
}

/** What `npm pack` would publish, as its users' tools see it. */
async function checkPackage() {
  mkdirSync(cacheFolder, { recursive: true })
  const folder = mkdtempSync(join(cacheFolder, 'pack-'))
  try {
    const [npm, ...args] = npmCommand()
    const flags = ['pack', '--ignore-scripts', '--pack-destination', folder]
    const packed = await run(npm, [...args, ...flags], { capture: true, env: npmEnvironment() })
    if (packed.status !== 0) return packed
    const [name = ''] = readdirSync(folder)
    const tarball = join(folder, name)
    const lint = await tool('publint', 'run', tarball, '--strict')
    if (lint.status !== 0) return lint
    // ESM only: what CommonJS and TypeScript's old resolution make of it does not count.
    return await tool('attw', tarball, '--profile', 'esm-only')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
