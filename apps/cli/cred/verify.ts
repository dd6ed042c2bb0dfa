import type { Credentials } from '../../../src/credentials/index.ts'
import { CredentialError, PathError } from '../../../src/errors.ts'
import { parseReference } from '../../../src/path/host-name.ts'
import { type Profile, type Purpose, validatePath } from '../../../src/path/index.ts'
import { pathJson } from '../../../src/trust/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { CA_OPTION, PATH_OPTIONS, revocationOf, timeOf, trustOf, untrustedOf } from '../trust-options.ts'
import { IN_PASSWORD, READING } from './options.ts'
import { disposeOf, nameOf, readFile } from './read.ts'
import { type Question, textOf } from './verify-report.ts'

const PURPOSES = ['tls-server', 'tls-client', 'cms-signer', 'timestamping', 'any'] as const
const PROFILES = ['default', 'strict', 'webpki'] as const

export const credVerifyCommand: Command = {
  name: 'cred verify',
  summary: 'Validates a certificate against trusted authorities (RFC 5280), and says why it is not good.',
  usage: ['CERT --ca BUNDLE [--purpose PURPOSE | --host NAME] [OPTION...]'],
  description: [
    "Shows the path from the certificate to a trusted authority as a tree with its verdict. Of a file with several certificates the private key's is judged, or else the first; the others serve to build paths, as those of --untrusted do, and are not trusted.",
    'Without --purpose and --host only the path is validated, not what the certificate may be used for. sealkit has no network: revocation is checked by the lists and responses that are given.',
  ],
  operands: { names: ['CERT'], min: 1, max: 1 },
  groups: [
    { title: 'Whom to trust', options: [{ ...CA_OPTION, required: true }] },
    {
      title: 'What to ask',
      options: [
        {
          name: 'purpose',
          value: PURPOSES,
          summary: 'what the certificate is to be used for; default: tls-server with --host, else any',
        },
        {
          name: 'host',
          value: 'NAME',
          summary: 'the server it must be for: a DNS name or IP address (RFC 9525)',
        },
        {
          name: 'profile',
          value: PROFILES,
          summary:
            "default: what RFC 5280 asks of who relies on a certificate; strict: and of who issues it; webpki: the CA/Browser Forum's rules",
        },
      ],
    },
    {
      title: 'How to validate',
      options: [
        ...PATH_OPTIONS,
        { name: 'ocsp', value: 'FILE', multiple: true, summary: 'OCSP responses: DER (RFC 6960)' },
      ],
    },
    { title: 'Output', options: [{ name: 'json', summary: 'the answer for programs' }] },
    IN_PASSWORD,
    { title: READING.title, options: READING.options.filter(({ name }) => name !== 'choose') },
  ],
  examples: [
    {
      title: 'The certificate of a server, with what it sent',
      command: 'sealkit cred verify server.pem --ca server-cert-cacerts.pem --host api.clearstream.com',
    },
    {
      title: 'Your own client certificate',
      command: 'sealkit cred verify user.p12 --ca client-cert-cacerts.pem --purpose tls-client',
    },
  ],
  exitCodes: {
    good: 'the certificate is valid',
    negative: 'it is not',
    usage: 'the command line is wrong, or standard input cannot be read',
    credential: 'a file cannot be read, holds no certificate, or the password is wrong',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the file with the certificate, and the authorities by --ca',
  run: runCredVerify,
}

async function runCredVerify(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const question = questionOf(args)
  const time = timeOf(args)
  const path = args.operands[0] as string
  const { target, others } = await certificatesOf(path, args, context)
  const revocation = await revocationOf(args, context, args.all('ocsp'))
  const untrusted = await untrustedOf(args, context)
  const { store, intermediates } = await trustOf(args, context)
  const file = nameOf(path)
  const asked = { file, ...question, host: question.host ?? null, revocation: revocation.mode }
  try {
    const result = await validatePath(target, {
      ...question,
      trust: store,
      untrusted: [...others, ...untrusted, ...intermediates],
      time,
      revocation,
      signal: context.signal,
    })
    if (args.has('json')) await context.output.json({ ...asked, ...pathJson(result) })
    else await context.output.data(textOf(file, question, result, context.output))
    return result.verdict === 'valid' ? ExitCode.good : ExitCode.negative
  } catch (error) {
    // Certificates that are made to cost time are not valid ones.
    if (!(error instanceof PathError)) throw error
    const { code, message, hint } = error
    const answer = { ...asked, verdict: 'invalid', error: { code, message, hint: hint ?? null } }
    if (args.has('json')) await context.output.json(answer)
    else
      await context.output.data(
        `${printable(file)}: ${context.output.paint('NOT VALID', 'red')}: ${message}\n`,
      )
    context.output.say(`sealkit: ${message}`, 'red')
    return ExitCode.negative
  }
}

function questionOf(args: Arguments): Question {
  const host = args.get('host')
  const purpose = (args.get('purpose') ?? (host === undefined ? 'any' : 'tls-server')) as Purpose
  const profile = (args.get('profile') ?? 'default') as Profile
  if (host !== undefined && purpose !== 'tls-server') throw usageError('--host is for --purpose tls-server')
  try {
    if (host !== undefined) parseReference(host)
  } catch {
    const hint = 'without https:// and port; a name with other letters in its ASCII form, xn--…'
    throw usageError('--host must be a DNS name in ASCII or an IP address', hint)
  }
  return { purpose, host, profile }
}

async function certificatesOf(
  path: string,
  args: Arguments,
  context: Context,
): Promise<{ target: Certificate; others: readonly Certificate[] }> {
  const file = await readFile(path, args, context)
  disposeOf([file])
  const { certificates, keys }: Credentials = file.credentials
  const target = keys.find(({ certificate }) => certificate !== undefined)?.certificate
  const all = certificates.map(({ certificate }) => certificate)
  const [first] = all
  if (first !== undefined) return { target: target ?? first, others: all }
  const hint = 'give the file with the certificate'
  throw new CredentialError('ERR_CREDENTIAL_NO_CERTIFICATE', `${nameOf(path)}: no certificate`, { hint })
}
