import { writeTruststore } from '../../../src/credentials/index.ts'
import { CredentialError } from '../../../src/errors.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { newPasswordSource } from '../new-secrets.ts'
import { counted } from './describe.ts'
import { gather } from './gather.ts'
import { IN_PASSWORD, OUT_PASSWORD, READING } from './options.ts'
import { waitFor } from './progress.ts'
import { disposeOf, nameOf, readFiles } from './read.ts'
import { checkTarget, sayWritten, writeTarget } from './target.ts'

export const truststoreCommand: Command = {
  name: 'cred truststore',
  summary: 'Makes a truststore for Java: a PKCS#12 file of certificates that it is to trust.',
  usage: ['FILE... --out FILE [OPTION...]'],
  description: [
    'Takes the certificates of all files; each gets an alias of its own: its common name, or what --alias says. Java wants a password of 6 characters or more to read it: -Djavax.net.ssl.trustStore=FILE -Djavax.net.ssl.trustStorePassword=...',
  ],
  operands: { names: ['FILE'], min: 1, max: 1000 },
  groups: [
    {
      title: 'Output',
      options: [
        { name: 'out', value: 'FILE', required: true, summary: 'the file to make; - is standard output' },
        { name: 'force', summary: 'replace it where it exists' },
        {
          name: 'alias',
          value: 'NAME',
          multiple: true,
          summary: 'of the first certificate, again of the second',
        },
      ],
    },
    OUT_PASSWORD,
    IN_PASSWORD,
    { title: READING.title, options: READING.options.filter(({ name }) => name !== 'choose') },
  ],
  examples: [
    {
      title: 'Of a bundle in PEM',
      command: 'sealkit cred truststore ocapi-a000012345_00012345-cacert.pem --out truststore.p12',
    },
  ],
  exitCodes: {
    good: 'made',
    usage: 'the command line is wrong, or the file exists',
    credential: 'a file cannot be read or written, holds no certificate, or Java would not take the password',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the files with the certificates',
  run: runTruststore,
}

async function runTruststore(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const target = args.require('out')
  checkTarget(target, args)
  const files = await readFiles(args.operands, args, context)
  try {
    const { certificates: entries, keys, from } = gather(files, undefined)
    if (entries.length === 0) {
      const hint = 'give the file with the certificates of the authorities'
      throw new CredentialError('ERR_CREDENTIAL_NO_CERTIFICATE', `${from}: no certificate`, { hint })
    }
    if (keys.length > 0)
      context.output.say('note: private keys do not belong into a truststore and are left out', 'yellow')
    const aliases = aliasesOf(args, entries)
    const stdinTaken = args.operands.includes('-')
    const password = newPasswordSource(args, context, { what: nameOf(target), stdinTaken })
    const certificates = entries.map(({ certificate }) => certificate)
    const work = writeTruststore(certificates, { password, aliases })
    const data = await waitFor(`making ${nameOf(target)}`, context, work)
    await writeTarget(target, data, args, context, { plainKey: false })
    sayWritten(target, counted(certificates.length, 'certificate'), context)
    return ExitCode.good
  } finally {
    disposeOf(files)
  }
}

function aliasesOf(
  args: Arguments,
  entries: readonly { readonly friendlyName: string | undefined }[],
): (string | undefined)[] {
  const given = args.all('alias')
  if (given.length > entries.length) {
    throw usageError(`${given.length} times --alias, and there are ${counted(entries.length, 'certificate')}`)
  }
  return entries.map(({ friendlyName }, i) => given[i] ?? friendlyName)
}
