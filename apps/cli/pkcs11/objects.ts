import { type ListedObject, listObjects } from '../../../providers/pkcs11/index.ts'
import type { Arguments } from '../arguments.ts'
import { utc } from '../certificates.ts'
import type { Command, Context } from '../command.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { TOKEN_OPTIONS } from '../token-options.ts'
import { accessOf, EXIT_CODES, JSON_OUTPUT } from './options.ts'

export const objectsCommand: Command = {
  name: 'pkcs11 objects',
  summary: 'Lists the keys and certificates of a token, with the URIs to name them by.',
  usage: ['URI [--json] [OPTION...]'],
  description: [
    'Private keys are shown after login, so the PIN is asked for; --no-login lists what is public. Key and certificate with the same mark have the same public key.',
  ],
  operands: { names: ['URI'], min: 1, max: 1 },
  groups: [
    JSON_OUTPUT,
    { title: 'Login', options: [{ name: 'no-login', summary: 'ask for no PIN' }] },
    ...TOKEN_OPTIONS,
  ],
  examples: [{ title: 'What is in a token', command: 'sealkit pkcs11 objects "pkcs11:token=Trader"' }],
  exitCodes: { ...EXIT_CODES, good: 'there is something', negative: 'there is nothing that fits' },
  noArguments: 'name the token: pkcs11:token=LABEL',
  run: runObjects,
}

async function runObjects(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output } = context
  const { pin, ...access } = accessOf(args, context)
  const objects = await listObjects(args.has('no-login') || pin === undefined ? access : { ...access, pin })
  if (args.has('json')) await output.json({ objects: objects.map(forJson) })
  else if (objects.length === 0) output.say('nothing in the token fits')
  else {
    const marks = marksOf(objects)
    await output.data(`${objects.map((object) => textOf(object, marks, context)).join('\n')}\n`)
  }
  return objects.length > 0 ? ExitCode.good : ExitCode.negative
}

function forJson({ certificate, keyIdentity: _, ...object }: ListedObject): Record<string, unknown> {
  return { ...object, id: object.id ?? null, certificate: certificate?.toJSON() ?? null }
}

/** Numbers for public keys that several objects have. */
function marksOf(objects: readonly ListedObject[]): ReadonlyMap<string, string> {
  const identities = [...new Set(objects.flatMap(({ keyIdentity }) => keyIdentity ?? []))]
  return new Map(identities.map((identity, i) => [identity, `${i + 1}`]))
}

const WORDS = { private: 'private key', public: 'public key', cert: 'certificate' } as const

function textOf(
  { type, label, id, uri, key, keyIdentity, alwaysAuthenticate, certificate }: ListedObject,
  marks: ReadonlyMap<string, string>,
  { output }: Context,
): string {
  const mark = (keyIdentity && marks.get(keyIdentity)) ?? '-'
  const always = alwaysAuthenticate ? ', PIN for each signature' : ''
  const name = label === '' ? 'without label' : label
  return [
    `${mark.padStart(2)} ${output.paint(WORDS[type], 'bold')} ${printable(name)}, id ${id ?? 'none'}, ${key}${always}`,
    ...(certificate === undefined
      ? []
      : [`   ${printable(`${certificate.subject}`)}, until ${utc(certificate.notAfter)}`]),
    `   ${printable(uri)}`,
  ].join('\n')
}
