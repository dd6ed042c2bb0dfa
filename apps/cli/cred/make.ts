import {
  type KeyDerivationOptions,
  type NewCredentials,
  type WritePkcs12Options,
  writePem,
  writePkcs12,
} from '../../../src/credentials/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { newPasswordSource } from '../new-secrets.ts'
import { counted } from './describe.ts'
import { type Gathered, onlyKey, requireIdentities } from './gather.ts'
import { PROFILES } from './options.ts'
import { waitFor } from './progress.ts'
import { nameOf } from './read.ts'
import { checkTarget, conventionalName, type Form, sayWritten, writeTarget } from './target.ts'

/** How a PKCS#12 file is to be made. */
export interface P12Wishes extends Omit<WritePkcs12Options, 'password' | 'profile'> {
  readonly profile: string | undefined
  /** Friendly name. */
  readonly name: string | undefined
  /** File that the default of the name is taken from. */
  readonly source: string
}

/** Makes a PKCS#12 file of all that was gathered. */
export async function makeP12(
  path: string,
  gathered: Gathered,
  { profile, name, source, ...details }: P12Wishes,
  args: Arguments,
  context: Context,
): Promise<void> {
  checkTarget(path, args)
  requireIdentities(gathered)
  const { keys, certificates, crls } = gathered
  if (name !== undefined && keys.length > 1) {
    throw usageError(`--name is for one key, and there are ${keys.length}`, 'choose one: --choose N')
  }
  const byConvention = keys.length === 1 ? conventionalName(source) : undefined
  const named = keys.map((entry) => ({ ...entry, friendlyName: name ?? entry.friendlyName ?? byConvention }))
  const password = newPasswordSource(args, context, { what: nameOf(path), stdinTaken: source === '-' })
  const options = { ...details, password, profile: PROFILES.find((each) => each === profile) }
  const work = writePkcs12({ keys: named, certificates, crls }, options)
  const data = await waitFor(`encrypting ${nameOf(path)}`, context, work)
  await writeTarget(path, data, args, context, { plainKey: false })
  sayWritten(path, contentsOf(gathered), context)
}

/** Makes a PEM file: key and certificates, or one of the two. */
export async function makePem(
  path: string,
  gathered: Gathered,
  form: Exclude<Form, 'p12'>,
  details: KeyDerivationOptions,
  args: Arguments,
  context: Context,
): Promise<void> {
  checkTarget(path, args)
  const contents = partsOf(gathered, form)
  const holdsKey = (contents.keys ?? []).length > 0
  const encrypt = holdsKey && isToBeEncrypted(gathered, args)
  const hint = '--no-encrypt leaves the key open'
  const source = { what: nameOf(path), stdinTaken: gathered.from.includes(nameOf('-')), hint }
  const password = encrypt ? newPasswordSource(args, context, source) : undefined
  const work = writePem(contents, { ...(encrypt ? details : {}), password })
  const data = await waitFor(`encrypting ${nameOf(path)}`, context, work)
  await writeTarget(path, data, args, context, { plainKey: holdsKey && !encrypt })
  if (holdsKey && !encrypt && path !== '-') {
    context.output.say(`note: the private key in ${nameOf(path)} is not encrypted`, 'yellow')
  }
  sayWritten(path, contentsOf(gathered, form), context)
}

function partsOf(gathered: Gathered, form: Exclude<Form, 'p12'>): NewCredentials {
  const { keys, certificates, crls, from } = gathered
  if (form === 'key') {
    const { key, friendlyName } = onlyKey(gathered)
    return { keys: [{ key, friendlyName }] }
  }
  if (form === 'crt') {
    if (certificates.length > 0) return { certificates: ordered(gathered) }
    throw usageError(`${from}: there is no certificate in it`, 'for the key, name the file .key or .pem')
  }
  if (keys.length > 1) onlyKey(gathered)
  return { keys, certificates, crls }
}

/** The certificate of the key first, as programs want it. */
function ordered({ keys, certificates }: Gathered): NewCredentials['certificates'] {
  const own = keys.flatMap(({ certificate, chain }) => [
    ...(certificate === undefined ? [] : [certificate]),
    ...chain,
  ])
  return [...own.map((certificate) => ({ certificate })), ...certificates]
}

/** As asked for; else as the key was. */
function isToBeEncrypted({ encrypted }: Gathered, args: Arguments): boolean {
  const passwords = ['out-password-file', 'out-password-fd', 'out-password-env']
  const wanted = args.has('encrypt') || passwords.some((name) => args.has(name))
  if (wanted && args.has('no-encrypt')) {
    throw usageError('--no-encrypt and a password for the file that is made exclude each other')
  }
  return wanted || (encrypted && !args.has('no-encrypt'))
}

function contentsOf({ keys, certificates, crls }: Gathered, form: Form = 'p12'): string {
  const parts = [
    ...(form === 'crt' || keys.length === 0 ? [] : [counted(keys.length, 'private key')]),
    ...(form === 'key' || certificates.length === 0 ? [] : [counted(certificates.length, 'certificate')]),
    ...(form === 'key' || form === 'crt' || crls.length === 0
      ? []
      : [counted(crls.length, 'revocation list')]),
  ]
  return parts.join(', ')
}
