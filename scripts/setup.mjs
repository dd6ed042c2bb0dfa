// @ts-check
/**
 * What must be there before anything runs: packages and the build. When nothing changed it takes no time.
 * Run by itself (`npm run build`) it does just that.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { installPackages } from './install.mjs'
import { Failure, isMain, root, runMain } from './process.mjs'

export async function setUp() {
  await setUpPackages()
  await build()
}

export async function setUpPackages() {
  checkNodeVersion()
  await installPackages()
}

function checkNodeVersion() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [major = 0, minor = 0] = engines.node.replace('>=', '').split('.').map(Number)
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number)
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return
  throw new Failure(`Node ${engines.node} is needed, this is ${process.versions.node}`)
}

if (isMain(import.meta.url)) await runMain(setUp)
