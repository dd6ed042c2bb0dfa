import { randomBytes } from 'node:crypto'
import { SealkitError } from '../../src/errors.ts'
import { ServerAuthority, startClearstreamSimulator, startMoexSimulator } from '../simulator/index.ts'
import { tellClearstream } from './clearstream.ts'
import { tellMoex } from './moex.ts'
import { Story, say } from './talk.ts'

/**
 * The main jobs from end to end, against simulators of both platforms on this machine, in a folder that the caller
 * removes. The story is on stderr; stdout has a summary in JSON, without secrets.
 *
 * @returns the exit code: 0 only where all went as it should
 */
export async function runDemo(folder: string): Promise<number> {
  const story = new Story()
  const start = performance.now()
  say('sealkit: from credentials to access tokens of MOEX and Clearstream, and a call to each.', 'bold')
  say(
    'All on this machine: the platforms are simulators, test doubles; keys, passwords and tokens are made up',
    'dim',
  )
  say('for this run, and go away after it.', 'dim')
  const error = await tell(story, folder).catch((cause: unknown) => cause)
  const milliseconds = Math.round(performance.now() - start)
  const good = error === undefined
  const failure = good ? null : { code: codeOf(error), message: (error as Error).message }
  process.stdout.write(
    `${JSON.stringify({ good, milliseconds, steps: story.steps, error: failure }, null, 2)}\n`,
  )

  say('')
  if (failure === null) say(`All good, in ${(milliseconds / 1000).toFixed(1)} s.`, 'green')
  else say(`It failed after step ${story.steps.length}: ${failure.message} (${failure.code})`, 'red')
  if (error instanceof SealkitError && error.hint !== undefined) say(`Try: ${error.hint}`)
  say('Next: your own credentials, see README.md; or a simulator that stays, to try things on:', 'dim')
  say('  node dist/apps/cli/main.js simulate all', 'dim')
  return good ? 0 : 1
}

async function tell(story: Story, folder: string): Promise<undefined> {
  const authority = await ServerAuthority.create()
  await using moex = await startMoexSimulator({ authority })
  await using clearstream = await startClearstreamSimulator({ authority })
  const [password, clientSecret] = [newSecret(), newSecret()]
  await tellMoex(story, moex, folder, { password, clientSecret })
  await tellClearstream(story, clearstream, folder, newSecret())
  const problems = [...moex.problems, ...clearstream.problems]
  if (problems.length > 0) throw new Error('a simulator failed', { cause: problems[0] })
}

function codeOf(error: unknown): string {
  return error instanceof SealkitError ? error.code : 'ERR_UNKNOWN'
}

function newSecret(): string {
  return randomBytes(18).toString('base64url')
}
