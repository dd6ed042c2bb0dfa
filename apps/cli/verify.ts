import { CmsSignature, type VerifyResult, verify } from '../../src/cms/index.ts'
import { CmsError, SealkitError } from '../../src/errors.ts'
import type { Certificate } from '../../src/x509/index.ts'
import type { Arguments } from './arguments.ts'
import { certificatesOf } from './certificates.ts'
import type { Command, Context } from './command.ts'
import { ContentSource } from './content.ts'
import { CliError, inputError, usageError } from './errors.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'
import { openFile, readAll } from './files.ts'
import { JUDGING, judgeOf } from './judge.ts'
import { jsonReport, unreadableJson } from './report-json.ts'
import { textReport } from './report-text.ts'

/** A message may carry its content. */
const MAX_SIGNATURE = 512 * 1024 * 1024

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Verifies a CMS signature (RFC 5652), and says what was checked and why it is not good.',
  usage: [
    '--signature FILE [--content FILE] --ca BUNDLE [OPTION...]',
    '--signature FILE [--content FILE] --signature-only [OPTION...]',
  ],
  description: [
    "With --ca the signer's certificate is validated too (RFC 5280): there must be a path from it to one of the authorities, and it must be for signing, at the time of a trusted timestamp, else at --time or now. The time that the signer itself wrote into the signature does not count.",
    'With --signature-only the signature is checked against the content and the key of the certificate, and the certificate is not validated: anyone can make such a signature under any name.',
  ],
  groups: [
    {
      title: 'What to verify',
      options: [
        {
          name: 'signature',
          value: 'FILE',
          required: true,
          summary: 'base64, DER or PEM; - is standard input',
        },
        { name: 'content', value: 'FILE', summary: 'what was signed, where the signature is detached; or -' },
        {
          name: 'cert',
          value: 'FILE',
          multiple: true,
          summary: 'certificates to look in, where the message lacks them',
        },
      ],
    },
    ...JUDGING,
    {
      title: 'What to accept',
      options: [
        { name: 'allow-weak-hashes', summary: 'SHA-1, MD5 and GOST R 34.11-94, for old signatures' },
        { name: 'lenient', summary: 'signed attributes out of DER order' },
        { name: 'allow-no-signed-attributes', summary: 'signatures over the content alone' },
      ],
    },
    { title: 'Output', options: [{ name: 'json', summary: 'a report for programs' }] },
  ],
  examples: [
    {
      title: 'A detached signature of somebody whose authority you trust',
      command: 'sealkit verify --signature token.sig --content token.txt --ca ca-bundle.pem',
    },
    {
      title: 'The signature alone',
      command: 'sealkit verify --signature token.sig --content token.txt --signature-only',
    },
  ],
  exitCodes: {
    good: 'every signature is good (with --signature-only: certificates not validated)',
    negative: 'a signature is not good, a certificate is refused, or the file is no signature',
    usage: 'the command line is wrong, or a file cannot be read',
    credential: 'certificates of --ca, --cert or --untrusted, or a list of --crl, cannot be read',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the signature by --signature FILE and what was signed by --content FILE',
  run: runVerify,
}

async function runVerify(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output, signal } = context
  const path = args.require('signature')
  const contentPath = args.get('content')
  if (path === '-' && contentPath === '-')
    throw usageError('--signature and --content cannot both be standard input')
  const trust = await judgeOf(args, context)
  const certificates: Certificate[] = []
  for (const file of args.all('cert')) certificates.push(...(await certificatesOf(file, signal)))
  const bytes = await readSignature(path, signal)
  let result: VerifyResult
  try {
    const signature = CmsSignature.from(bytes)
    result = await verify(signature, {
      content: contentPath === undefined ? undefined : new ContentSource(contentPath, context),
      certificates,
      trust,
      lenient: args.has('lenient'),
      allowWeakHashes: args.has('allow-weak-hashes'),
      allowNoSignedAttributes: args.has('allow-no-signed-attributes'),
      signal,
    })
  } catch (error) {
    if (!isAboutTheMessage(error)) throw asUsage(error)
    // No signature is no good signature: a negative answer, as for one that does not fit.
    if (args.has('json')) await output.json(unreadableJson(error))
    else await output.data(`${output.paint('NOT GOOD', 'red')}: this is no CMS signature that can be read\n`)
    output.say(`sealkit: ${error.message}`, 'red')
    if (error.hint !== undefined) output.say(`  ${error.hint}`)
    return ExitCode.negative
  }
  if (args.has('json')) await output.json(jsonReport(result))
  else await output.data(textReport(result, output.paint))
  return result.verdict === 'invalid' ? ExitCode.negative : ExitCode.good
}

async function readSignature(path: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await readAll(await openFile(path, signal), MAX_SIGNATURE)
  } catch (error) {
    if (!(error instanceof RangeError)) throw inputError('the signature', path, error)
    throw new CliError(
      'ERR_CLI_INPUT',
      `the signature is too large: more than ${MAX_SIGNATURE / 1024 ** 2} MiB`,
    )
  }
}

/** Whether an error is what the message is to blame for, and not the command line. */
function isAboutTheMessage(error: unknown): error is SealkitError {
  return error instanceof SealkitError && !(error instanceof CliError) && !CONTENT_ERRORS.has(error.code)
}

const CONTENT_ERRORS: ReadonlyMap<string, readonly [message: string, hint: string]> = new Map([
  [
    'ERR_CMS_CONTENT_MISSING',
    ['the signature is detached: what was signed is needed', 'give it by --content FILE'],
  ],
  [
    'ERR_CMS_CONTENT_UNEXPECTED',
    [
      'the message holds its content, and --content was given',
      'leave --content out: the one in the message is what was signed',
    ],
  ],
])

function asUsage(error: unknown): unknown {
  const words = error instanceof CmsError ? CONTENT_ERRORS.get(error.code) : undefined
  return words === undefined ? error : usageError(words[0], words[1])
}
