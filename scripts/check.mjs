// @ts-check
/** `npm run check`: all static checks, or those named as arguments. All of them run, whatever fails. */
import { checks, runCheck } from './checks.mjs'
import { Failure, runMain } from './process.mjs'
import { setUp } from './setup.mjs'

await runMain(async () => {
  const names = process.argv.slice(2)
  const known = checks.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Failure(`no check ${unknown}; there are ${known.join(', ')}`)
  await setUp()
  let failed = 0
  for (const check of checks) {
    if (names.length > 0 && !names.includes(check.name)) continue
    if (!(await runCheck(check))) failed++
  }
  return failed === 0 ? 0 : 1
})
