import { generateKey, type PrivateKey, writePem } from '../../../src/credentials/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { newPasswordSource } from '../new-secrets.ts'
import { keySha256 } from './describe.ts'
import { KDFS, KEY_TYPES, OUT_PASSWORD } from './options.ts'
import { waitFor } from './progress.ts'
import { nameOf } from './read.ts'
import { checkTarget, sayWritten, writeTarget } from './target.ts'

export const keygenCommand: Command = {
  name: 'cred keygen',
  summary: 'Makes a new private key, in PEM (PKCS#8).',
  usage: ['--out FILE [--type TYPE] [OPTION...]'],
  description: [
    'The key is encrypted under a password; --no-encrypt leaves it open. The file is for its owner only (0600).',
    'GOST keys are computed by code that is not audited and takes a time that depends on the key: keep production keys in a token.',
  ],
  groups: [
    {
      title: 'The key',
      options: [
        { name: 'type', value: KEY_TYPES, summary: 'default: RSA-3072' },
        { name: 'out', value: 'FILE', required: true, summary: 'the file to make; - is standard output' },
        { name: 'force', summary: 'replace it where it exists; the key in it is lost' },
        { name: 'no-encrypt', summary: 'leave the key open' },
        { name: 'kdf', value: Object.keys(KDFS), summary: 'default: pbkdf2. Java does not know scrypt' },
      ],
    },
    OUT_PASSWORD,
  ],
  examples: [
    { title: 'For signing', command: 'sealkit cred keygen --type RSA-2048 --out signing.key' },
    {
      title: 'For a service that cannot be asked',
      command: 'sealkit cred keygen --type P-256 --no-encrypt --out api.key',
    },
    {
      title: 'GOST R 34.10-2012, TC 26 parameter set A',
      command: 'sealkit cred keygen --type GOST3410-2012-256-A --out gost.key',
    },
  ],
  exitCodes: {
    good: 'made',
    usage: 'the command line is wrong, or the file exists',
    credential: 'no password, or the file cannot be written',
    interrupted: 'interrupted by Ctrl-C',
  },
  noArguments: 'the name of the file is given by --out',
  run: runKeygen,
}

async function runKeygen(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const target = args.require('out')
  checkTarget(target, args)
  const lock = await askLock(target, args, context)
  using key = await newKey(args.get('type'), context)
  const data = await waitFor('encrypting the key', context, writePem({ keys: [{ key }] }, lock))
  await writeTarget(target, data, args, context, { plainKey: lock.password === undefined })
  if (lock.password === undefined && target !== '-') {
    context.output.say(`note: the private key in ${target} is not encrypted`, 'yellow')
  }
  sayWritten(target, `private key, ${key.name}, key sha256 ${keySha256(key)}`, context)
  return ExitCode.good
}

/** Makes a key of a type of the option. */
export async function newKey(type: string | undefined, context: Context): Promise<PrivateKey> {
  const chosen = KEY_TYPES.find((name) => name === type) ?? 'RSA-3072'
  return await waitFor(`making a key, ${chosen}`, context, generateKey(chosen))
}

/** How a new key is encrypted. The password is asked for before the work is done. */
export async function askLock(
  target: string,
  args: Arguments,
  context: Context,
): Promise<{ password: string | Uint8Array | undefined; kdf?: 'PBKDF2' | 'scrypt' | undefined }> {
  const passwords = ['out-password-file', 'out-password-fd', 'out-password-env']
  if (args.has('no-encrypt')) {
    if (passwords.some((name) => args.has(name))) {
      throw usageError('--no-encrypt and a password exclude each other')
    }
    return { password: undefined }
  }
  const hint = '--no-encrypt leaves the key open'
  const source = newPasswordSource(args, context, { what: nameOf(target), stdinTaken: false, hint })
  return { password: await source(), kdf: KDFS[args.get('kdf') as keyof typeof KDFS] }
}
