import { checkMt599 } from '../../../src/onboarding/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { CliError, inputError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { openFile, readAll } from '../files.ts'
import { lineLength, refuse } from './onboarding-refused.ts'

/** An MT599 has 10,000 characters at most. */
const MAX_TEXT = 64 * 1024

/** Checks the text of a file. */
export async function checkText(path: string, args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output } = context
  const options = lineLength(args)
  const report = checkMt599(await readText(path, context), options)
  if (!report.valid) return await refuse(report, args, output)
  if (args.has('json')) await output.json(report)
  output.say(
    report.tagged ? 'SWIFT takes the text.' : 'SWIFT takes the text as field 79; field 20 is needed too.',
  )
  if (report.fields[79][0] !== 'ATTN: PRGConnect') {
    output.say('note: the first line is not ATTN: PRGConnect, as in the form of the guide')
  }
  return ExitCode.good
}

/** Text as editors save it: UTF-8, or else the eight bits of Windows. */
async function readText(path: string, { signal }: Context): Promise<string> {
  let bytes: Uint8Array
  try {
    bytes = await readAll(await openFile(path, signal), MAX_TEXT)
  } catch (error) {
    if (!(error instanceof RangeError)) throw inputError('the text', path, error)
    const hint = 'an MT599 has 10,000 characters at most'
    throw new CliError('ERR_CLI_INPUT', 'the text is longer than 64 KiB', { hint })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
