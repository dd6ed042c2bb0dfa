import { ConfigError } from '../errors.ts'
import { PLATFORM_VARIABLE, PROFILE_VARIABLE } from './names.ts'
import { type FileProfile, type FileSettings, isPlatform } from './read-settings.ts'
import { PLATFORMS, type Platform } from './settings.ts'
import { didYouMean } from './suggest.ts'

/** What is asked for. */
export interface Wanted {
  readonly platform: Platform | undefined
  readonly profile: string | undefined
  readonly env: NodeJS.ProcessEnv
}

/** What was chosen: a profile of the file, or a platform without one. */
export interface Chosen {
  readonly name: string | undefined
  readonly platform: Platform
  readonly profile: FileProfile | undefined
}

/**
 * Chooses the profile: the one that is named, else that of `SEALKIT_PROFILE`, else the file's `default-profile`, else
 * the only one that fits the platform. Without any the platform's settings come from environment and flags.
 *
 * @param places where a file was looked for
 * @throws ConfigError `ERR_CONFIG_PROFILE`; `ERR_CONFIG_MISSING` where nothing says which platform is meant
 */
export function chooseProfile(
  settings: FileSettings | undefined,
  { platform: asked, profile, env }: Wanted,
  places: readonly string[],
): Chosen {
  const platform = asked ?? platformOf(env)
  const named = profile ?? (env[PROFILE_VARIABLE] || undefined)
  if (named !== undefined) return byName(named, platform, settings, places)
  const all = settings?.profiles ?? new Map<string, FileProfile>()
  const usual = settings?.defaultProfile
  if (usual !== undefined) {
    const found = all.get(usual)
    if (found === undefined) throw noSuchProfile(usual, all, 'default-profile: ')
    if (platform === undefined || found.platform === platform) return chosen(usual, found)
  }
  const fitting = [...all].filter(([, each]) => platform === undefined || each.platform === platform)
  const [only] = fitting
  if (fitting.length === 1 && only !== undefined) return chosen(...only)
  if (fitting.length > 1) throw severalProfiles(fitting.map(([name]) => name))
  if (platform === undefined) throw noPlatform(places, settings !== undefined)
  return { name: undefined, platform, profile: undefined }
}

function chosen(name: string, profile: FileProfile): Chosen {
  return { name, platform: profile.platform, profile }
}

function byName(
  name: string,
  platform: Platform | undefined,
  settings: FileSettings | undefined,
  places: readonly string[],
): Chosen {
  if (settings === undefined) {
    const hint = `write a configuration file; looked for: ${places.join(', ')}`
    const message = 'a profile is asked for, and there is no configuration file'
    throw new ConfigError('ERR_CONFIG_PROFILE', message, { hint })
  }
  const profile = settings.profiles.get(name)
  if (profile === undefined) throw noSuchProfile(name, settings.profiles)
  if (platform !== undefined && profile.platform !== platform) {
    const message = `profile ${name} is for ${profile.platform}, not for ${platform}`
    throw new ConfigError('ERR_CONFIG_PROFILE', message, { hint: `choose a profile for ${platform}` })
  }
  return chosen(name, profile)
}

function platformOf(env: NodeJS.ProcessEnv): Platform | undefined {
  const given = env[PLATFORM_VARIABLE]
  if (!given) return undefined
  if (isPlatform(given)) return given
  const message = `${PLATFORM_VARIABLE} must be ${PLATFORMS.join(' or ')}${didYouMean(given, PLATFORMS)}`
  throw new ConfigError('ERR_CONFIG_SETTING', message, { hint: 'set it to one of these, or unset it' })
}

function noSuchProfile(name: string, all: ReadonlyMap<string, FileProfile>, before = ''): ConfigError {
  const names = [...all.keys()]
  // What was given may be anything; it is shown where it looks like a name.
  const shown = /^[\w.-]{1,64}$/.test(name) ? ` ${name}` : ' of this name'
  const hint = names.length === 0 ? 'the file has no profiles' : `the file has ${names.join(', ')}`
  const message = `${before}there is no profile${shown}${didYouMean(name, names)}`
  return new ConfigError('ERR_CONFIG_PROFILE', message, { hint })
}

function severalProfiles(names: readonly string[]): ConfigError {
  const message = `several profiles fit: ${names.join(', ')}`
  const hint = `choose one by --profile NAME or ${PROFILE_VARIABLE}, or for good by default-profile = "NAME" in the file`
  return new ConfigError('ERR_CONFIG_PROFILE', message, { hint })
}

function noPlatform(places: readonly string[], hasFile: boolean): ConfigError {
  const platforms = PLATFORMS.join(' or ')
  const hint = hasFile
    ? `write a profile into the file, or set ${PLATFORM_VARIABLE} to ${platforms}`
    : `write a configuration file, or set ${PLATFORM_VARIABLE} to ${platforms}; looked for: ${places.join(', ')}`
  return new ConfigError('ERR_CONFIG_MISSING', 'nothing says which platform is meant', { hint })
}
