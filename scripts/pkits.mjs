// @ts-check
/** `npm run --silent pkits`: NIST's 249 tests; one line each, and how many passed. */
import { setUpDebianPackages } from './debian.mjs'
import { Failure, runMain } from './process.mjs'
import { setUp } from './setup.mjs'

await runMain(async () => {
  await setUp()
  await setUpDebianPackages()
  const { isThere, runPkits } = await import('../test/suites/pkits.mjs')
  if (!isThere())
    throw new Failure("NIST's data is missing: sudo apt-get install -y python3-cryptography-vectors")
  const outcomes = await runPkits()
  for (const { number, name, outcome, context } of outcomes) {
    process.stdout.write(`${outcome} ${number} ${name}${outcome === 'pass' ? '' : `: ${context}`}\n`)
  }
  const count = (/** @type {string} */ wanted) => outcomes.filter(({ outcome }) => outcome === wanted).length
  process.stdout.write(`${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped\n`)
  return count('fail') === 0 ? 0 : 1
})
