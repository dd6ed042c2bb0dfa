import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { gather } from './gather.ts'
import { makePem } from './make.ts'
import { IN_PASSWORD, KDFS, OUT_PASSWORD, PEM_ENCRYPTION, READING } from './options.ts'
import { disposeOf, readFiles } from './read.ts'
import { besideName, checkTarget, type Form } from './target.ts'

export const toPemCommand: Command = {
  name: 'cred to-pem',
  summary: 'Makes a PEM file of a PKCS#12 file, or of any other: key and certificates, or one of the two.',
  usage: ['FILE... [--out FILE] [OPTION...]'],
  description: [
    'A key that was encrypted is encrypted again, under a new password; --no-encrypt leaves it open. One that was open stays so; --encrypt changes that.',
    'Without --out the file is made beside the first one, as .pem, .key or .crt. It is for its owner only (0600).',
  ],
  operands: { names: ['FILE'], min: 1, max: 100 },
  groups: [
    {
      title: 'Output',
      options: [
        { name: 'out', value: 'FILE', summary: 'the file to make; - is standard output' },
        { name: 'force', summary: 'replace it where it exists' },
        { name: 'key-only', summary: 'the private key alone' },
        { name: 'certs-only', summary: "the certificates alone, the key's first" },
      ],
    },
    {
      title: PEM_ENCRYPTION.title,
      options: [
        ...PEM_ENCRYPTION.options,
        { name: 'kdf', value: Object.keys(KDFS), summary: 'default: pbkdf2. Java does not know scrypt' },
      ],
    },
    IN_PASSWORD,
    OUT_PASSWORD,
    READING,
  ],
  examples: [
    { title: 'Key and certificates', command: 'sealkit cred to-pem user.p12' },
    {
      title: 'The certificates, on standard output',
      command: 'sealkit cred to-pem user.p12 --certs-only --out -',
    },
  ],
  exitCodes: {
    good: 'made',
    usage: 'the command line is wrong, or the file exists',
    credential: 'a file cannot be read or written, is damaged, or a password is wrong',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the file to make PEM of',
  run: runToPem,
}

async function runToPem(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const [first = ''] = args.operands
  const form = formOf(args)
  const target = args.get('out') ?? (first === '-' ? '-' : besideName(first, form))
  checkTarget(target, args)
  const files = await readFiles(args.operands, args, context)
  try {
    const kdf = KDFS[args.get('kdf') as keyof typeof KDFS]
    await makePem(target, gather(files, args.get('choose')), form, { kdf }, args, context)
    return ExitCode.good
  } finally {
    disposeOf(files)
  }
}

function formOf(args: Arguments): Exclude<Form, 'p12'> {
  if (!args.has('key-only')) return args.has('certs-only') ? 'crt' : 'pem'
  if (!args.has('certs-only')) return 'key'
  throw usageError(
    '--key-only and --certs-only exclude each other',
    'leave both out for key and certificates',
  )
}
