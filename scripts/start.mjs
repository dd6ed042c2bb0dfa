// @ts-check
/** `npm start`: sets up, then runs the demo. */
import { join } from 'node:path'
import { root, runMain, runNode } from './process.mjs'
import { setUp } from './setup.mjs'

await runMain(async () => {
  await setUp()
  const demo = join(root, 'dist/apps/demo/main.js')
  const { status } = await runNode([demo, ...process.argv.slice(2)], { stdin: 'inherit' })
  return status
})
