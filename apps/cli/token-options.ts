import type { ModuleChoice, Pin } from '../../providers/pkcs11/index.ts'
import type { Arguments } from './arguments.ts'
import type { Context } from './command.ts'
import type { OptionGroup } from './options.ts'
import { printable } from './printable.ts'
import { promptHidden } from './prompt.ts'
import { givenPassword, passwordError, ways, waysOf } from './secrets.ts'

/** Which module is loaded. */
export const MODULE_OPTIONS: OptionGroup = {
  title: 'PKCS#11 module (default: of the URI, SEALKIT_PKCS11_MODULE, else all found)',
  options: [
    { name: 'module', value: 'FILE', summary: 'its path, or its name: opensc-pkcs11' },
    {
      name: 'allow-module',
      value: 'FILE',
      multiple: true,
      summary: 'load this one and no other: a module runs its own code',
    },
    { name: 'module-parameters', value: 'TEXT', summary: 'for modules that want some at their start (NSS)' },
  ],
}

/** How a token's PIN comes in. Never as an argument. */
const PIN_OPTIONS: OptionGroup = {
  title: 'PIN of a token (default: pin-source of the URI, else asked for)',
  options: [
    ...waysOf('pin'),
    { name: 'use-final-try', summary: 'try the PIN even where one more wrong one would lock the token' },
  ],
}

/** What a command takes that uses a key in a token. */
export const TOKEN_OPTIONS: readonly OptionGroup[] = [MODULE_OPTIONS, PIN_OPTIONS]

/** Whether a key is named by a URI of a token. */
export function isTokenUri(name: string): boolean {
  return /^pkcs11:/i.test(name)
}

/** Options for the key of a token; none for another key. */
export function tokenOptions(
  key: string,
  args: Arguments,
  context: Context,
  stdinTaken: boolean,
): ModuleChoice & { pin?: Pin; useFinalTry?: boolean } {
  return isTokenUri(key) ? { ...moduleChoice(args), ...pinOptions(key, args, context, stdinTaken) } : {}
}

/** What the options say of modules. */
export function moduleChoice(args: Arguments): ModuleChoice {
  const allowed = args.all('allow-module')
  return {
    module: args.get('module'),
    libraryParameters: args.get('module-parameters'),
    ...(allowed.length === 0 ? {} : { allowedModules: allowed }),
  }
}

/** Where the PIN comes from. That of the URI is the library's to read; a PIN is asked for whenever it is needed. */
export function pinOptions(
  uri: string,
  args: Arguments,
  context: Context,
  stdinTaken: boolean,
): { pin?: Pin; useFinalTry: boolean } {
  const useFinalTry = args.has('use-final-try')
  const given = givenPassword(args, context, 'pin', stdinTaken)
  if (given !== undefined) return { pin: given, useFinalTry }
  if (/[?&]pin-(source|value)=/.test(uri)) return { useFinalTry }
  const pin: Pin = async ({ token, purpose, triesLeft }) => {
    const left = { unknown: '', few: ', few tries left', one: ', ONE TRY LEFT' }[triesLeft]
    const what =
      purpose === 'login' ? `token ${printable(token)}` : `this signature, token ${printable(token)}`
    const typed = await promptHidden(`PIN for ${what}${left}`, context.signal)
    if (typed === undefined) throw passwordError(`the token ${token} needs a PIN`, ways('pin'))
    return typed
  }
  return { pin, useFinalTry }
}
