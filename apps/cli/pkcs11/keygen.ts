import { generateTokenKey, type TokenKeyType } from '../../../providers/pkcs11/index.ts'
import { keyFingerprint } from '../../../src/credentials/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { waitFor } from '../cred/progress.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { TOKEN_OPTIONS } from '../token-options.ts'
import { accessOf, EXIT_CODES, idOf, JSON_OUTPUT } from './options.ts'

const TYPES = [
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
  'P-256',
  'P-384',
  'P-521',
  'Ed25519',
] as const satisfies TokenKeyType[]

export const pkcs11KeygenCommand: Command = {
  name: 'pkcs11 keygen',
  summary: 'Makes a key pair in a token; the private key never leaves it.',
  usage: ['URI --label LABEL [--type TYPE] [OPTION...]'],
  description: [
    'Prints the URI of the new key. A certificate request is made with it by sealkit cred csr --key URI; the certificate comes into the token by sealkit pkcs11 import.',
  ],
  operands: { names: ['URI'], min: 1, max: 1 },
  groups: [
    {
      title: 'The key',
      options: [
        { name: 'label', value: 'LABEL', required: true, summary: 'its name in the token' },
        { name: 'type', value: TYPES, summary: 'default: RSA-2048' },
        { name: 'id', value: 'HEX', summary: 'its CKA_ID; default: 8 random bytes' },
        { name: 'always-authenticate', summary: 'the token asks for the PIN at each signature' },
      ],
    },
    JSON_OUTPUT,
    ...TOKEN_OPTIONS,
  ],
  examples: [
    {
      title: 'For signing',
      command: 'sealkit pkcs11 keygen "pkcs11:token=Trader" --label signing --type RSA-2048',
    },
  ],
  exitCodes: { ...EXIT_CODES, good: 'made' },
  noArguments: 'name the token: pkcs11:token=LABEL',
  run: runKeygen,
}

async function runKeygen(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output } = context
  const making = generateTokenKey({
    ...accessOf(args, context),
    label: args.require('label'),
    type: TYPES.find((type) => type === args.get('type')) ?? 'RSA-2048',
    id: idOf(args.get('id')),
    alwaysAuthenticate: args.has('always-authenticate'),
  })
  const { uri, subjectPublicKeyInfo } = await waitFor('the token makes the key', context, making)
  const spkiSha256 = keyFingerprint(subjectPublicKeyInfo)
  if (args.has('json')) await output.json({ uri, spkiSha256 })
  else await output.data(`${uri}\n`)
  output.say(`made, key sha256 ${spkiSha256}`)
  return ExitCode.good
}
