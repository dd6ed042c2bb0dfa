// @ts-check
/** `npm run bench`: sets up, then runs the benchmarks on the build. */
import { join } from 'node:path'
import { setUpPkcs11js } from './pkcs11js.mjs'
import { root, runMain, runNode } from './process.mjs'
import { setUp } from './setup.mjs'

await runMain(async () => {
  await setUp()
  await setUpPkcs11js()
  const main = join(root, 'bench/main.mjs')
  const { status } = await runNode([main, ...process.argv.slice(2)], { stdin: 'inherit' })
  return status
})
