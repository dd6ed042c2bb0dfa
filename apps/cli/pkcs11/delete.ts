import { deleteObjects } from '../../../providers/pkcs11/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { TOKEN_OPTIONS } from '../token-options.ts'
import { accessOf, EXIT_CODES, JSON_OUTPUT } from './options.ts'

export const deleteCommand: Command = {
  name: 'pkcs11 delete',
  summary: 'Deletes keys or certificates of a token. A key that is deleted is gone.',
  usage: ['URI [--yes] [OPTION...]'],
  description: [
    'The URI must name object or id; with type=cert only the certificate is meant, with type=private only the private key. Without --yes nothing is deleted: what would be is listed.',
  ],
  operands: { names: ['URI'], min: 1, max: 1 },
  groups: [
    { title: 'Confirmation', options: [{ name: 'yes', summary: 'delete what the URI means' }] },
    JSON_OUTPUT,
    ...TOKEN_OPTIONS,
  ],
  examples: [
    {
      title: 'An old certificate',
      command: 'sealkit pkcs11 delete "pkcs11:token=Trader;object=old;type=cert" --yes',
    },
  ],
  exitCodes: { ...EXIT_CODES, good: 'deleted', negative: 'nothing was deleted: --yes was not given' },
  noArguments: 'name the object: pkcs11:token=LABEL;object=LABEL',
  run: runDelete,
}

async function runDelete(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output } = context
  const isConfirmed = args.has('yes')
  let meant: readonly string[] = []
  const confirm = (uris: readonly string[]): boolean => {
    meant = uris
    return isConfirmed
  }
  const deleted = await deleteObjects({ ...accessOf(args, context), confirm })
  if (args.has('json')) await output.json({ deleted, meant })
  else
    await output.data(
      meant.map((uri) => `${isConfirmed ? 'deleted ' : 'would be deleted '}${printable(uri)}\n`).join(''),
    )
  if (!isConfirmed) output.say('nothing was deleted: add --yes to delete')
  return isConfirmed ? ExitCode.good : ExitCode.negative
}
