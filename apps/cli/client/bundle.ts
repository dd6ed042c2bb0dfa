import { type SupportBundleOptions, supportBundle } from '../../../src/http/index.ts'
import type { Arguments } from '../arguments.ts'
import { usageError } from '../errors.ts'
import { checkOutFile, writeOutFile } from '../out-file.ts'

/** Writes the support bundle; undefined where none is wanted. Whether it can be written is looked at now. */
export function bundleOf(
  args: Arguments,
): ((parts: Omit<SupportBundleOptions, 'command'>) => void) | undefined {
  const file = args.get('bundle')
  if (file === undefined) {
    if (args.has('force')) throw usageError('--force is for --bundle')
    return undefined
  }
  if (file === '-') throw usageError('--bundle needs the name of a file: standard output is for the answer')
  const options = { force: args.has('force'), mode: 0o600 }
  checkOutFile(file, options)
  const command = ['sealkit', ...process.argv.slice(2)]
  return (parts) => writeOutFile(file, supportBundle({ command, ...parts }), options)
}
