import { existsSync } from 'node:fs'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { gather } from './gather.ts'
import { makeP12, makePem } from './make.ts'
import { IN_PASSWORD, OUT_PASSWORD, P12_DETAILS, PEM_ENCRYPTION, READING } from './options.ts'
import { disposeOf, readFile } from './read.ts'
import { besideName, checkTarget, FORMS, type Form, formOfName } from './target.ts'

export const convertCommand: Command = {
  name: 'cred convert',
  summary: 'Converts a file with key and certificate: PKCS#12 to PEM, PEM to PKCS#12.',
  usage: ['IN [OUT] [OPTION...]'],
  description: [
    'What IN is, its content says; what OUT is to be, its name: .p12 or .pfx is PKCS#12; .pem is the key and the certificates; .crt and .cer the certificates alone; .key the key alone. Without OUT a file beside IN is made: .pem out of a PKCS#12 file, else .p12; ocapi-USER-ssl.pem becomes ocapi-USER-ssl.p12.',
    'A key that was encrypted stays so, under a new password, unless --no-encrypt is given. The file made is for its owner only (0600).',
  ],
  operands: { names: ['IN', 'OUT'], min: 1, max: 2 },
  groups: [
    {
      title: 'What is made',
      options: [
        { name: 'to', value: FORMS, summary: 'in place of what the name says; for - (standard output)' },
        { name: 'force', summary: 'replace OUT where it exists' },
        ...P12_DETAILS.options.filter(({ name }) => name === 'profile' || name === 'name'),
      ],
    },
    IN_PASSWORD,
    OUT_PASSWORD,
    PEM_ENCRYPTION,
    READING,
  ],
  examples: [
    { title: 'For a browser', command: 'sealkit cred convert ocapi-a000012345_00012345-ssl.pem' },
    { title: 'For a program that reads PEM', command: 'sealkit cred convert user.p12 user.pem' },
    {
      title: 'The key alone, to another program',
      command: 'sealkit cred convert user.p12 - --to key --no-encrypt | cat',
    },
  ],
  exitCodes: {
    good: 'converted',
    usage: 'the command line is wrong, or OUT exists',
    credential:
      'a file cannot be read or written, is damaged, lacks key or certificate, or the password is wrong',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments:
    'give the file to convert and the name of the file to make; to-p12 takes key and certificate in two files',
  run: runConvert,
}

async function runConvert(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const [input = '', target] = args.operands
  const known = formOf(args, target)
  if (target !== undefined) {
    requireOrder(input, target)
    checkTarget(target, args)
  }
  if (target === undefined && input === '-') throw usageError('from standard input: say where to, OUT or -')
  const file = await readFile(input, args, context)
  try {
    const form = known ?? (file.credentials.form === 'PKCS#12' ? 'pem' : 'p12')
    const path = target ?? besideName(input, form)
    const gathered = gather([file], args.get('choose'))
    if (form === 'p12') {
      await makeP12(
        path,
        gathered,
        { profile: args.get('profile'), name: args.get('name'), source: input },
        args,
        context,
      )
    } else await makePem(path, gathered, form, {}, args, context)
    return ExitCode.good
  } finally {
    disposeOf([file])
  }
}

/** undefined where the content of IN decides. */
function formOf(args: Arguments, target: string | undefined): Form | undefined {
  const given = FORMS.find((name) => name === args.get('to'))
  if (given !== undefined || target === undefined) return given
  if (target === '-') throw usageError('--to says what goes to standard output: --to p12|pem|crt|key')
  return formOfName(target)
}

/** Whoever has swapped the two is not to be told to replace the file that is to be converted. */
function requireOrder(input: string, target: string): void {
  if (input === '-' || target === '-' || existsSync(input) || !existsSync(target)) return
  throw usageError(
    `${input}: there is no such file, and ${target} is there`,
    `the file to convert stands first: sealkit cred convert ${target} ${input}`,
  )
}
