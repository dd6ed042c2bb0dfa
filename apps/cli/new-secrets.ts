import type { Arguments } from './arguments.ts'
import type { Context } from './command.ts'
import { promptHidden } from './prompt.ts'
import { givenPassword, type PasswordSource, passwordError, ways } from './secrets.ts'

/** What somebody mistypes so often is no mistyping. */
const ATTEMPTS = 3

/**
 * Finds out from the options where a password comes from that is to protect something. One that is typed in is asked
 * for twice; none is empty.
 *
 * @param what it protects, for the prompt
 * @param stdinTaken whether stdin holds something else
 * @param hint another way out
 * @throws CliError `ERR_CLI_USAGE`; the source itself throws `ERR_CLI_PASSWORD`
 */
export function newPasswordSource(
  args: Arguments,
  context: Context,
  { what, stdinTaken, hint }: { what: string; stdinTaken: boolean; hint?: string | undefined },
): PasswordSource {
  const given = givenPassword(args, context, 'out-password', stdinTaken)
  if (given !== undefined) {
    return async () => {
      const password = await given()
      // A variable that is not set, a file that was not written: nobody means that.
      if (password.length === 0)
        throw passwordError(`the password for ${what} is empty: it would protect nothing`)
      return password
    }
  }
  return async () => {
    const { output, signal } = context
    for (let i = 0; i < ATTEMPTS; i++) {
      const password = await promptHidden(`New password for ${what}`, signal)
      if (password === undefined) {
        const way = ways('out-password')
        throw passwordError(`a password for ${what} is needed`, hint === undefined ? way : `${way}; ${hint}`)
      }
      if (password === '') output.say('an empty password protects nothing')
      else if (password === (await promptHidden('The same again', signal))) return password
      else output.say('the two are not the same')
    }
    throw passwordError(`no password for ${what} was given`)
  }
}
