import {
  createCertificateRequest,
  type NewKey,
  type PrivateKey,
  writePem,
} from '../../../src/credentials/index.ts'
import { KEY_USAGES } from '../../../src/x509/extensions.ts'
import { generalNameToString, KeyPurpose, type KeyUsage } from '../../../src/x509/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { checkOutFile, writeOutFile } from '../out-file.ts'
import { didYouMean } from '../suggest.ts'
import { gather, onlyKey } from './gather.ts'
import { askLock, newKey } from './keygen.ts'
import { IN_PASSWORD, KDFS, KEY_TYPES, OUT_PASSWORD, READING } from './options.ts'
import { disposeOf, nameOf, readFile } from './read.ts'
import { checkTarget, sayWritten, writeTarget } from './target.ts'

const PURPOSES = Object.keys(KeyPurpose)

export const csrCommand: Command = {
  name: 'cred csr',
  summary: 'Makes a certificate request (PKCS#10, PEM) for a key that is there or for a new one.',
  usage: [
    '--key FILE [--subject NAME] [--san NAME] [--out FILE] [OPTION...]',
    '--new-key TYPE --key-out FILE --subject NAME [--san NAME] [--out FILE] [OPTION...]',
  ],
  description: [
    'The request goes to standard output, or to --out FILE. Where the file of --key holds the certificate that is to be renewed, subject and alternative names are taken from it, unless they are given.',
  ],
  groups: [
    {
      title: 'The key',
      options: [
        { name: 'key', value: 'FILE', summary: 'the private key: PEM, DER or PKCS#12' },
        { name: 'new-key', value: KEY_TYPES, summary: 'make one' },
        { name: 'key-out', value: 'FILE', summary: 'where the new key goes' },
        { name: 'no-encrypt', summary: 'leave the new key open' },
        { name: 'kdf', value: Object.keys(KDFS), summary: 'for the new key; default: pbkdf2' },
      ],
    },
    {
      title: 'The request',
      options: [
        { name: 'subject', value: 'NAME', summary: 'CN=api,O=Bank,C=LU or /C=LU/O=Bank/CN=api' },
        {
          name: 'san',
          value: 'NAME',
          multiple: true,
          summary:
            'alternative name: DNS:api.example, IP:192.0.2.1, email:a@b.example, URI:https://b.example',
        },
        { name: 'key-usage', value: 'USAGE', multiple: true, summary: `asked for: ${KEY_USAGES.join(', ')}` },
        {
          name: 'extended-key-usage',
          value: 'PURPOSE',
          multiple: true,
          summary: `asked for: ${PURPOSES.join(', ')}, or an OID`,
        },
        { name: 'out', value: 'FILE', summary: 'write the request there' },
        { name: 'force', summary: 'replace files that exist' },
      ],
    },
    IN_PASSWORD,
    OUT_PASSWORD,
    { title: READING.title, options: READING.options },
  ],
  examples: [
    {
      title: 'With a new key',
      command:
        'sealkit cred csr --new-key RSA-2048 --key-out api.key --subject CN=api,O=Bank,C=LU --out api.csr',
    },
    {
      title: 'To renew a certificate with its key',
      command: 'sealkit cred csr --key user.p12 --out user.csr',
    },
  ],
  exitCodes: {
    good: 'made',
    usage: 'the command line is wrong, or a file exists',
    credential: 'a key or a name cannot be read, a password is wrong, or a file cannot be written',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'the key is given by --key FILE or made by --new-key TYPE',
  run: runCsr,
}

async function runCsr(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const out = args.get('out') ?? '-'
  if (out !== '-') checkOutFile(out, { force: args.has('force') })
  const existing = args.get('key')
  if ((existing === undefined) === !args.has('new-key')) {
    throw usageError(
      'one of --key and --new-key is needed',
      'is the key there already, or is one to be made?',
    )
  }
  if (existing === undefined) await withNewKey(out, args, context)
  else {
    if (args.has('key-out'))
      throw usageError('--key-out is for a new key', 'leave it out: the key of --key stays where it is')
    const file = await readFile(existing, args, context)
    try {
      await writeRequest(
        out,
        await requestFor(onlyKey(gather([file], args.get('choose'))), args),
        args,
        context,
      )
    } finally {
      disposeOf([file])
    }
  }
  return ExitCode.good
}

/** Nothing is written before all has been made. */
async function withNewKey(out: string, args: Arguments, context: Context): Promise<void> {
  const target = args.get('key-out')
  if (target === undefined || target === '-') throw usageError('--new-key needs --key-out FILE')
  if (target === out) throw usageError('--key-out and --out are the same file')
  checkTarget(target, args)
  if (!args.has('subject') && !args.has('san')) throw usageError('--subject is missing')
  const lock = await askLock(target, args, context)
  using key = await newKey(args.get('new-key'), context)
  const request = await requestFor({ key }, args)
  const pem = await writePem({ keys: [{ key }] }, lock)
  await writeTarget(target, pem, args, context, { plainKey: lock.password === undefined })
  sayWritten(target, `private key, ${key.name}`, context)
  await writeRequest(out, request, args, context)
}

async function requestFor(
  { key, certificate }: NewKey & { readonly key: PrivateKey },
  args: Arguments,
): Promise<string> {
  const subject = args.get('subject') ?? certificate?.subject
  if (subject === undefined && !args.has('san')) {
    throw usageError(
      '--subject is missing',
      'the file of the key holds no certificate that it could be taken from',
    )
  }
  const given = args.all('san')
  const old = args.has('subject') ? [] : (certificate?.subjectAltName ?? []).map(generalNameToString)
  const request = await createCertificateRequest({
    subject: subject ?? '',
    key,
    subjectAltNames: given.length > 0 ? given : old,
    keyUsage: args.all('key-usage').map(keyUsage),
    extendedKeyUsage: args.all('extended-key-usage').map(purpose),
  })
  return request.toPem()
}

async function writeRequest(out: string, pem: string, args: Arguments, context: Context): Promise<void> {
  if (out === '-') return await context.output.data(pem)
  writeOutFile(out, pem, { force: args.has('force') })
  sayWritten(nameOf(out), 'certificate request', context)
}

function keyUsage(given: string): KeyUsage {
  const found = KEY_USAGES.find((usage) => usage === given)
  if (found !== undefined) return found
  throw usageError(`--key-usage must be one of ${KEY_USAGES.join(', ')}${didYouMean(given, KEY_USAGES)}`)
}

function purpose(given: string): string {
  if (PURPOSES.includes(given) || /^[0-2](\.\d{1,10}){2,20}$/.test(given)) return given
  const known = PURPOSES.join(', ')
  throw usageError(`--extended-key-usage must be an OID or one of ${known}${didYouMean(given, PURPOSES)}`)
}
