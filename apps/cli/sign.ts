import { openKey } from '../../providers/open.ts'
import { type SignOptions, sign } from '../../src/cms/index.ts'
import type { Arguments } from './arguments.ts'
import { validityNotes } from './certificates.ts'
import type { Command, Context } from './command.ts'
import { ContentSource } from './content.ts'
import { usageError } from './errors.ts'
import { ExitCode, type ExitCodeValue } from './exit-codes.ts'
import { passwordSource } from './secrets.ts'
import { isToolUri, signByTool } from './sign-by-tool.ts'
import { DIGESTS, INCLUSIONS, SIDS, SIGN_OPTIONS } from './sign-options.ts'
import { destinationOf } from './sign-output.ts'
import { tokenOptions } from './token-options.ts'

/** Its base64 must fit into one string of JavaScript. */
const MAX_ATTACHED = 256 * 1024 * 1024

export const signCommand: Command = {
  name: 'sign',
  summary: 'Signs content: makes a CMS signature (RFC 5652), detached unless told otherwise.',
  usage: [
    '--key FILE [--cert FILE] [--in FILE] [OPTION...]',
    '--key FILE [--cert FILE] [OPTION...] < CONTENT',
  ],
  description: [
    'The content is signed byte for byte: of --in FILE, or of standard input. It is never taken from an argument, since it may be a secret, as a Passport token is.',
    'The signature goes to standard output: one line of base64 and nothing else. Everything said goes to standard error.',
  ],
  groups: SIGN_OPTIONS,
  examples: [
    { title: 'A MOEX Passport token', command: 'sealkit sign --key key.pem --cert cert.pem --in token.txt' },
    {
      title: 'With a smart card or an HSM',
      command: 'sealkit sign --key "pkcs11:token=Trader;object=signing" --in token.txt',
    },
    {
      title: "With GOST, by Validata's command line",
      command: 'sealkit sign --key "validata:profile=Ivanov" --in token.txt',
    },
    {
      title: 'From a variable, without a line end, to a file; key and certificate in one',
      command: 'printf %s "$TOKEN" | sealkit sign --key signing.pem --out token.sig',
    },
  ],
  exitCodes: {
    good: 'signed',
    usage: 'the command line is wrong, or the content cannot be read',
    credential: 'key, certificate, password, token or PIN: missing, unreadable, or they do not fit',
    refused: 'the timestamp authority refused',
    network: 'the timestamp authority cannot be reached',
    server: 'the timestamp authority sent no good timestamp',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'the content comes from --in FILE or from standard input, never from an argument',
  run: runSign,
}

async function runSign(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output, signal } = context
  const destination = destinationOf(args, context)
  const path = args.get('in') ?? '-'
  const options = signOptions(args)
  const keyName = keyOf(args)
  if (isToolUri(keyName)) {
    const content = new ContentSource(path, context)
    return await signByTool(args, context, {
      uri: keyName,
      content,
      destination,
      timestamp: options.timestamp,
    })
  }
  const password = passwordSource(args, context, { what: keyName, stdinTaken: path === '-' })
  await using key = await openKey(keyName, {
    certificate: args.get('cert'),
    chain: args.get('chain'),
    password,
    ...tokenOptions(keyName, args, context, path === '-'),
    hash: hashOf(args),
    pss: args.has('pss'),
    signal,
  })
  const content = new ContentSource(path, context)
  const given = args.has('attached') ? await content.bytes(MAX_ATTACHED) : content
  const signature = await sign(given, { ...options, signers: key, signal })
  const notes = [...key.warnings, ...validityNotes(key.certificate), ...content.notes]
  for (const note of notes) output.say(`note: ${note}`, 'yellow')
  await destination(signature, key, notes)
  return ExitCode.good
}

function keyOf(args: Arguments): string {
  const key = args.require('key')
  if (!key.includes('-----BEGIN')) return key
  throw usageError(
    '--key takes the name of a file, not the key itself',
    'a key on the command line is seen by every user of the machine',
  )
}

function signOptions(args: Arguments): Omit<SignOptions, 'signers'> {
  return {
    detached: !args.has('attached'),
    signingCertificate: args.has('cades'),
    algorithmProtection: args.has('algorithm-protection'),
    timestamp: timestampUrl(args.get('timestamp')),
    certificates: INCLUSIONS.find((name) => name === args.get('certificates')),
    sid: SIDS[args.get('sid') as keyof typeof SIDS],
    signingTime: args.has('no-signing-time') ? false : undefined,
  }
}

function hashOf(args: Arguments): (typeof DIGESTS)[keyof typeof DIGESTS] | undefined {
  return DIGESTS[args.get('digest') as keyof typeof DIGESTS]
}

function timestampUrl(given: string | undefined): URL | undefined {
  if (given === undefined) return undefined
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw usageError('--timestamp must be an http or https URL')
  }
  if (url.username === '' && url.password === '') return url
  throw usageError(
    '--timestamp takes no URL with a name or password in it',
    'arguments are seen by every user',
  )
}
