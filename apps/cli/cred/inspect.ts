import { formatInspection, type Inspection, inspect } from '../../../src/inspect/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { promptHidden } from '../prompt.ts'
import { givenPassword, type PasswordSource } from '../secrets.ts'
import { IN_PASSWORD, READING } from './options.ts'
import { waitFor } from './progress.ts'
import { bytesOf, limitsOf, nameOf, naming } from './read.ts'

export const inspectCommand: Command = {
  name: 'cred inspect',
  summary: 'Shows what files hold: keys, certificates, requests, revocation lists, signatures.',
  usage: ['FILE... [--json] [OPTION...]'],
  description: [
    'PKCS#12, PEM, DER, PKCS#7 and CMS are told apart by their content. Secrets are never shown. Nothing is changed and nothing is validated: who made a certificate, this does not tell.',
    'Without a password (Ctrl-D where it is asked for) what lies open is shown, and what protects the rest.',
  ],
  operands: { names: ['FILE'], min: 1, max: 1000 },
  groups: [
    {
      title: 'Output',
      options: [
        { name: 'json', summary: 'a JSON object; for several files an array of them' },
        { name: 'no-password', summary: 'do not ask for one: show what can be seen without' },
      ],
    },
    IN_PASSWORD,
    { title: READING.title, options: READING.options.filter(({ name }) => name === 'max-iterations') },
  ],
  examples: [
    { title: 'What is in a file, and how long it lasts', command: 'sealkit cred inspect user.p12' },
    {
      title: 'For a program',
      command: 'sealkit cred inspect user.p12 --password-file password --json',
    },
  ],
  exitCodes: {
    good: 'shown',
    usage: 'the command line is wrong, or standard input cannot be read',
    credential: 'a file cannot be read or is damaged, or the password is wrong',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the names of files; - is standard input',
  run: runInspect,
}

async function runInspect(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output } = context
  const results: { file: string; inspection: Inspection }[] = []
  for (const path of args.operands) {
    const { bytes, warnings } = await bytesOf(path, context)
    const password = passwordFor(path, args, context)
    const work = naming(path, () => inspect(bytes, { password, limits: limitsOf(args) }))
    const inspection = await waitFor(`opening ${nameOf(path)}`, context, work)
    if (inspection.protection.plainKeys) for (const note of warnings) output.say(`note: ${note}`, 'yellow')
    results.push({ file: nameOf(path), inspection })
    if (!args.has('json')) await output.data(textOf(nameOf(path), inspection, results.length > 1, context))
  }
  if (!args.has('json')) return ExitCode.good
  const objects = results.map(({ file, inspection }) => ({ file, ...inspection }))
  await output.json(objects.length === 1 ? objects[0] : objects)
  return ExitCode.good
}

/** Given, or asked for where there is a terminal; nobody has to. */
function passwordFor(
  path: string,
  args: Arguments,
  context: Context,
): PasswordSource | (() => Promise<string | undefined>) | undefined {
  const given = givenPassword(args, context, 'password', path === '-')
  if (!args.has('no-password')) {
    return (
      given ??
      (() => promptHidden(`Password for ${nameOf(path)} (Ctrl-D: show what lies open)`, context.signal))
    )
  }
  if (given === undefined) return undefined
  throw usageError('--no-password and a password exclude each other')
}

function textOf(file: string, inspection: Inspection, further: boolean, { output }: Context): string {
  const colour = output.paint('', 'bold') !== ''
  const text = formatInspection(inspection, { colour })
  return `${further ? '\n' : ''}${output.paint(printable(file), 'bold')}: ${text}`
}
