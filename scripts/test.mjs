// @ts-check
/**
 * `npm test`: sets up, runs the static checks and the whole suite, and stops at the first that fails.
 * `npm test -- test/cms` hands its arguments to vitest and leaves the static checks out.
 * The last line on stdout is always "N passed, N failed, N skipped".
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checks, runCheck } from './checks.mjs'
import { setUpDebianPackages } from './debian.mjs'
import { setUpPkcs11js } from './pkcs11js.mjs'
import { cacheFolder, Failure, root, runMain, runNode, say, seconds } from './process.mjs'
import { setUp } from './setup.mjs'

const report = join(cacheFolder, `vitest-${process.pid}.json`)

await runMain(async () => {
  const { status, totals } = await runAll(process.argv.slice(2))
  printTotals(totals)
  return status === 0 && totals.failed > 0 ? 1 : status
})

/**
 * @param {readonly string[]} args for vitest
 * @returns {Promise<{ status: number, totals: Totals }>}
 */
async function runAll(args) {
  const stopped = { status: 1, totals: { passed: 0, failed: 1, skipped: 0 } }
  try {
    await setUp()
    await setUpDebianPackages()
    await setUpPkcs11js()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    say(error.message)
    return stopped
  }
  for (const check of args.length === 0 ? checks : []) {
    if (await runCheck(check)) continue
    say(`stopped at the check "${check.name}" (npm run check runs all of them); no test was run`)
    return stopped
  }
  const start = performance.now()
  const status = await runVitest(args)
  const totals = readTotals(status)
  rmSync(report, { force: true })
  say(`${status === 0 ? 'ok' : 'FAILED'}  tests (vitest), ${seconds(start)}`)
  return { status, totals }
}

/** @param {readonly string[]} args */
async function runVitest(args) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const vitest = join(root, 'node_modules/.bin/vitest')
  const { status } = await runNode([vitest, 'run', ...reporters, ...args])
  return status
}

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Totals
 * @typedef {{ status: string, assertionResults: readonly { status: string }[] }} FileResult
 */

/**
 * @param {number} status vitest's exit code
 * @returns {Totals}
 */
function readTotals(status) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 }
  const json = JSON.parse(readFileSync(report, 'utf8'))
  // A file that cannot even be loaded has no tests; it counts as one that failed.
  const broken = json.testResults.filter((/** @type {FileResult} */ file) => {
    return file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
  })
  const failed = json.numFailedTests + broken.length
  return {
    passed: json.numPassedTests,
    // Errors outside of tests make vitest fail without a failed test.
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: json.numPendingTests + json.numTodoTests,
  }
}

/** @param {Totals} totals */
function printTotals({ passed, failed, skipped }) {
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
}
