import type { Pin } from '../../../providers/pkcs11/index.ts'
import { printable } from '../printable.ts'
import { promptHidden } from '../prompt.ts'
import { passwordError, ways } from '../secrets.ts'

const HINT =
  'name it in the configuration (a file, a variable, a command), give the option that ends in -file or -env, or run in a terminal'

/** How it is asked. */
interface Ask {
  readonly signal: AbortSignal
  /** Makes room on the terminal. */
  readonly before: () => void
}

/** Asks for secrets on the terminal, for each once. */
export function promptOf({ signal, before }: Ask): (what: string) => Promise<string> {
  const typed = new Map<string, Promise<string>>()
  const ask = async (what: string): Promise<string> => {
    before()
    const answer = await promptHidden(what.charAt(0).toUpperCase() + what.slice(1), signal)
    if (answer === undefined || answer === '') throw passwordError(`the ${what} is needed`, HINT)
    return answer
  }
  return (what) => {
    const answer = typed.get(what) ?? ask(what)
    typed.set(what, answer)
    return answer
  }
}

/** Asks for the PIN of a token, each time that it is needed. */
export function pinPrompt({ signal, before }: Ask): Pin {
  return async ({ token, triesLeft }) => {
    const left = { unknown: '', few: ', few tries left', one: ', ONE TRY LEFT' }[triesLeft]
    before()
    const typed = await promptHidden(`PIN for token ${printable(token)}${left}`, signal)
    if (typed === undefined) throw passwordError(`the token ${token} needs a PIN`, ways('pin'))
    return typed
  }
}
