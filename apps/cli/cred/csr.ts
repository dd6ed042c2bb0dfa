import { openPkcs11RequestKey } from '../../../providers/pkcs11/index.ts'
import {
  createCertificateRequest,
  type NewKey,
  type RequestKey,
  writePem,
} from '../../../src/credentials/index.ts'
import { generalNameToString } from '../../../src/x509/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { checkOutFile, writeOutFile } from '../out-file.ts'
import { isTokenUri, tokenOptions } from '../token-options.ts'
import { CSR_OPTIONS, keyUsage, purpose } from './csr-options.ts'
import { gather, onlyKey } from './gather.ts'
import { askLock, newKey } from './keygen.ts'
import { disposeOf, nameOf, readFile } from './read.ts'
import { checkTarget, sayWritten, writeTarget } from './target.ts'

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
  groups: CSR_OPTIONS,
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
    if (isTokenUri(existing)) return await withTokenKey(existing, out, args, context)
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

/** A key in a token signs its request; the subject is given, since a new key has no certificate. */
async function withTokenKey(
  uri: string,
  out: string,
  args: Arguments,
  context: Context,
): Promise<ExitCodeValue> {
  await using key = await openPkcs11RequestKey({ key: uri, ...tokenOptions(uri, args, context, false) })
  await writeRequest(out, await requestFor({ key, certificate: undefined }, args), args, context)
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
  { key, certificate }: { readonly key: RequestKey; readonly certificate?: NewKey['certificate'] },
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
