import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { gather } from './gather.ts'
import { makeP12, type P12Wishes } from './make.ts'
import { ENCRYPTIONS, IN_PASSWORD, KDFS, MACS, OUT_PASSWORD, P12_DETAILS, READING } from './options.ts'
import { disposeOf, readFiles, wholeNumber } from './read.ts'
import { besideName, checkTarget } from './target.ts'

export const toP12Command: Command = {
  name: 'cred to-p12',
  summary: 'Makes a PKCS#12 file (.p12) of a private key and its certificates.',
  usage: [
    'FILE... [--out FILE] [OPTION...]',
    '--key FILE --cert FILE [--chain FILE] [--out FILE] [OPTION...]',
  ],
  description: [
    'Which certificate belongs to the key, the keys themselves say, not the order of the files; the issuers are put in order behind it.',
    'Without --out the file is made beside the first one: ocapi-USER-ssl.pem becomes ocapi-USER-ssl.p12. It is for its owner only (0600).',
  ],
  operands: { names: ['FILE'], min: 0, max: 100 },
  groups: [
    {
      title: 'What goes in',
      options: [
        { name: 'key', value: 'FILE', summary: 'the private key; - is standard input' },
        { name: 'cert', value: 'FILE', multiple: true, summary: 'its certificate' },
        {
          name: 'chain',
          value: 'FILE',
          multiple: true,
          summary: 'certificates of its issuers, in any order',
        },
      ],
    },
    {
      title: 'Output',
      options: [
        { name: 'out', value: 'FILE', summary: 'the file to make; - is standard output' },
        { name: 'force', summary: 'replace it where it exists' },
      ],
    },
    P12_DETAILS,
    IN_PASSWORD,
    OUT_PASSWORD,
    READING,
  ],
  examples: [
    {
      title: 'Key and certificate in one file',
      command: 'sealkit cred to-p12 ocapi-a000012345_00012345-ssl.pem',
    },
    {
      title: 'In two files, for Java',
      command: 'sealkit cred to-p12 --key api.key --cert api.crt --profile java --out api.p12',
    },
  ],
  exitCodes: {
    good: 'made',
    usage: 'the command line is wrong, or the file exists',
    credential:
      'a file cannot be read or written, key and certificate are missing or do not fit, or a password is wrong',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the files with key and certificate',
  run: runToP12,
}

async function runToP12(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const paths = [...args.all('key'), ...args.all('cert'), ...args.all('chain'), ...args.operands]
  const [first] = paths
  if (first === undefined)
    throw usageError('FILE is missing', 'give the file with the key and its certificate')
  const wishes = wishesOf(args, first)
  const target = args.get('out') ?? (first === '-' ? undefined : besideName(first, 'p12'))
  if (target === undefined) throw usageError('from standard input: say where to, --out FILE')
  checkTarget(target, args)
  const files = await readFiles(paths, args, context)
  try {
    await makeP12(target, gather(files, args.get('choose')), wishes, args, context)
    return ExitCode.good
  } finally {
    disposeOf(files)
  }
}

function wishesOf(args: Arguments, source: string): P12Wishes {
  const iterations = args.get('iterations')
  const encryption = ENCRYPTIONS[args.get('encryption') as keyof typeof ENCRYPTIONS]
  const kdf = KDFS[args.get('kdf') as keyof typeof KDFS]
  if (kdf !== undefined && encryption === 'PBE-SHA1-3DES') {
    throw usageError('--encryption 3des has a key derivation of its own: leave out --kdf')
  }
  if (kdf !== undefined && args.get('profile') === 'legacy' && encryption === undefined) {
    throw usageError('--profile legacy has a key derivation of its own: leave out --kdf')
  }
  if (kdf === 'scrypt' && iterations !== undefined)
    throw usageError('scrypt has no iterations: leave out --iterations')
  return {
    profile: args.get('profile'),
    name: args.get('name'),
    source,
    encryption,
    mac: MACS[args.get('mac') as keyof typeof MACS],
    kdf,
    iterations: iterations === undefined ? undefined : wholeNumber('iterations', iterations, 1000, 5_000_000),
  }
}
