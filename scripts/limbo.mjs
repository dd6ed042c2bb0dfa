// @ts-check
/** `npm run --silent limbo -- FILE.json`: x509-limbo's harness; a LimboResult goes to stdout, and nothing else. */
import { readFileSync } from 'node:fs'
import { Failure, root, runMain } from './process.mjs'
import { setUp } from './setup.mjs'

await runMain(async () => {
  const [file] = process.argv.slice(2)
  if (file === undefined) throw new Failure('usage: npm run --silent limbo -- FILE.json')
  await setUp()
  const { runLimbo } = await import('../test/suites/limbo.mjs')
  const results = await runLimbo(JSON.parse(readFileSync(file, 'utf8')))
  const { version } = JSON.parse(readFileSync(new URL('package.json', `file://${root}/`), 'utf8'))
  process.stdout.write(`${JSON.stringify({ version: 1, harness: `sealkit ${version}`, results }, null, 1)}\n`)
})
