import type { ModuleChoice, Pin } from '../../../providers/pkcs11/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { usageError } from '../errors.ts'
import type { OptionGroup } from '../options.ts'
import { isTokenUri, moduleChoice, pinOptions } from '../token-options.ts'

export const JSON_OUTPUT: OptionGroup = {
  title: 'Output',
  options: [{ name: 'json', summary: 'for programs' }],
}

/** What the commands about tokens say of their exit codes. */
export const EXIT_CODES = {
  usage: 'the command line is wrong',
  credential: 'module, token, PIN or object: missing, wrong, or they do not fit',
  interrupted: 'interrupted by Ctrl-C',
} as const

/** The token or object that a command is about: its one operand. */
function uriOf(args: Arguments): string {
  const [uri = ''] = args.operands
  if (isTokenUri(uri)) return uri
  throw usageError('the token is named by a URI', 'pkcs11:token=LABEL; sealkit pkcs11 slots lists them')
}

/** Token, module and PIN of a command. */
export function accessOf(
  args: Arguments,
  context: Context,
): ModuleChoice & { uri: string; pin?: Pin; useFinalTry: boolean; signal: AbortSignal } {
  const uri = uriOf(args)
  const { signal } = context
  return { uri, ...moduleChoice(args), ...pinOptions(uri, args, context, false), signal }
}

/** An id in hexadecimal. */
export function idOf(given: string | undefined): Uint8Array | undefined {
  if (given === undefined) return undefined
  if (/^([0-9a-f]{2}){1,64}$/i.test(given)) return Uint8Array.from(Buffer.from(given, 'hex'))
  throw usageError('--id must be bytes in hexadecimal: 01 or a1b2c3')
}
