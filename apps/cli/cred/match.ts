import { formatPkcs11Uri, openPkcs11RequestKey, parsePkcs11Uri } from '../../../providers/pkcs11/index.ts'
import { RSA_ENCRYPTION_DER } from '../../../src/algorithms/index.ts'
import { der } from '../../../src/asn1/index.ts'
import { CertificateRequest, keyFingerprint } from '../../../src/credentials/index.ts'
import { takeApart } from '../../../src/credentials/input.ts'
import { withDefaults } from '../../../src/credentials/limits.ts'
import { publicKeyIdentity } from '../../../src/credentials/public-key-identity.ts'
import { CredentialError } from '../../../src/errors.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { isTokenUri, TOKEN_OPTIONS, tokenOptions } from '../token-options.ts'
import { IN_PASSWORD, READING } from './options.ts'
import { bytesOf, disposeOf, nameOf, naming, readFile } from './read.ts'

export const matchCommand: Command = {
  name: 'cred match',
  summary:
    'Says whether key, certificate, request and PKCS#12 file belong together: have the same public key.',
  usage: ['FILE FILE... [--json] [OPTION...]'],
  description: [
    'Of a file with keys, its keys count; of one without, its requests, public keys and certificates. A key in a token is named by its pkcs11: URI. All files belong together where one public key is in each of them.',
  ],
  operands: { names: ['FILE', 'a second FILE'], min: 2, max: 100 },
  groups: [
    { title: 'Output', options: [{ name: 'json', summary: 'the answer for programs' }] },
    IN_PASSWORD,
    { title: READING.title, options: READING.options.filter(({ name }) => name !== 'choose') },
    ...TOKEN_OPTIONS,
  ],
  examples: [
    { title: 'Key and certificate', command: 'sealkit cred match api.key api.crt' },
    { title: 'A key in a token', command: 'sealkit cred match "pkcs11:token=Trader;object=signing" api.crt' },
  ],
  exitCodes: {
    good: 'they belong together',
    negative: 'they do not',
    usage: 'the command line is wrong, or standard input cannot be read',
    credential: 'a file cannot be read, holds no key, or the password is wrong',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'give the files to compare',
  run: runMatch,
}

/** A public key of a file. */
interface FoundKey {
  readonly what: string
  readonly spki: Uint8Array
}

async function runMatch(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const files: { file: string; keys: readonly FoundKey[] }[] = []
  for (const path of args.operands)
    files.push({ file: shownName(path), keys: await publicKeysOf(path, args, context) })
  const [first, ...others] = files.map(({ keys }) => new Set(keys.map(({ spki }) => publicKeyIdentity(spki))))
  const common = new Set([...(first ?? [])].filter((identity) => others.every((set) => set.has(identity))))
  const match = common.size > 0
  const rows = files.map(({ file, keys }) => ({
    file,
    keys: keys.map(({ what, spki }) => ({
      what,
      spkiSha256: keyFingerprint(spki),
      matches: common.has(publicKeyIdentity(spki)),
    })),
  }))
  if (args.has('json')) await context.output.json({ match, files: rows })
  else await context.output.data(textOf(match, rows, context))
  return match ? ExitCode.good : ExitCode.negative
}

function textOf(
  match: boolean,
  rows: readonly { file: string; keys: readonly { what: string; spkiSha256: string; matches: boolean }[] }[],
  { output }: Context,
): string {
  const verdict = match
    ? output.paint('they belong together', 'green')
    : output.paint('THEY DO NOT BELONG TOGETHER', 'red')
  const lines = rows.flatMap(({ file, keys }) =>
    keys.map(({ what, spkiSha256, matches }) => {
      const mark = match && matches ? '=' : ' '
      return `${mark} ${spkiSha256}  ${printable(file)}: ${printable(what)}`
    }),
  )
  return `${[verdict, ...lines].join('\n')}\n`
}

async function publicKeysOf(path: string, args: Arguments, context: Context): Promise<FoundKey[]> {
  if (isTokenUri(path)) return await keyInToken(path, args, context)
  const read = await bytesOf(path, context)
  const open = await naming(path, async () => openKeys(read.bytes))
  if (open.length > 0) return open
  const file = await readFile(path, args, context, read)
  try {
    const { keys, certificates } = file.credentials
    const own = keys.flatMap(({ key: { name, subjectPublicKeyInfo: spki } }) =>
      spki === undefined ? [] : [{ what: `private key, ${name}`, spki: new Uint8Array(spki) }],
    )
    if (own.length > 0) return own
    if (certificates.length > 0) {
      return certificates.map(({ certificate }) => ({
        what: `certificate ${certificate.subject}`,
        spki: certificate.subjectPublicKeyInfo,
      }))
    }
    const hint = 'give a private key, a certificate, a request or a PKCS#12 file'
    throw new CredentialError('ERR_CREDENTIAL_NO_KEY', `${nameOf(path)}: no key and no certificate`, { hint })
  } finally {
    disposeOf([file])
  }
}

/** A URI without the PIN that it may hold. */
function shownName(path: string): string {
  return isTokenUri(path) ? formatPkcs11Uri(parsePkcs11Uri(path)) : nameOf(path)
}

async function keyInToken(uri: string, args: Arguments, context: Context): Promise<FoundKey[]> {
  await using key = await openPkcs11RequestKey({ key: uri, ...tokenOptions(uri, args, context, false) })
  return [{ what: 'private key in a token', spki: key.subjectPublicKeyInfo }]
}

/** Requests and public keys, which `readCredentials` passes over. */
function openKeys(bytes: Uint8Array): FoundKey[] {
  return takeApart(bytes, 'the file', withDefaults()).flatMap(({ kind, bytes: part }): FoundKey[] => {
    if (kind === 'csr') {
      const request = CertificateRequest.parse(part)
      return [{ what: `request for ${request.subject}`, spki: request.subjectPublicKeyInfo }]
    }
    if (kind === 'public-key') return [{ what: 'public key', spki: part }]
    if (kind !== 'rsa-public-key') return []
    return [{ what: 'public key', spki: der.sequence([RSA_ENCRYPTION_DER, der.bitString(part)]) }]
  })
}
