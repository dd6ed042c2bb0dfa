import { type Platform, type Profile, SecretReference, type Setting } from '../../../src/config/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { loadFrom } from '../config/options.ts'
import { usageError } from '../errors.ts'
import { givenPassword } from '../secrets.ts'

/** The profile that the options describe, and its warnings told. */
export async function clientProfile(
  platform: Platform,
  args: Arguments,
  context: Context,
  stdinTaken: boolean,
): Promise<Profile> {
  const profile = await loadFrom(args, platform)
  for (const warning of profile.warnings) context.output.say(`note: ${warning}`)
  if (!args.has('password-fd')) return profile
  const password = await givenPassword(args, context, 'password', stdinTaken)?.()
  if (typeof password !== 'string' || password === '') {
    throw usageError('--password-fd: there is no password in UTF-8')
  }
  return withPassword(profile, SecretReference.inline(password, 'password'))
}

function withPassword(profile: Profile, value: SecretReference): Profile {
  const origin = { kind: 'flag', place: '--password-fd' } as const
  const password: Setting = { name: 'password', value, origin, hides: [] }
  return {
    ...profile,
    get: (name) => (name === 'password' ? password : profile.get(name)),
    require: (name) => (name === 'password' ? password : profile.require(name)),
  }
}
