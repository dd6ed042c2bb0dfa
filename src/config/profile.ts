import { ConfigError } from '../errors.ts'
import { flagsOf, variablesOf } from './names.ts'
import type { SecretReference } from './secret-reference.ts'
import { type Platform, REQUIRED, SETTINGS, settingOf } from './settings.ts'

/** Where a value comes from. */
export interface Origin {
  /** From the weakest to the strongest. */
  readonly kind: 'default' | 'file' | 'environment' | 'flag'
  /** `~/.config/sealkit/config.toml:12`, `SEALKIT_CLIENT_ID`, `--client-id`; empty for a default. */
  readonly place: string
}

/** What a setting can be. Paths are whole; lists are never empty. */
export type SettingValue = string | number | boolean | readonly string[] | SecretReference

/** A setting that is used. */
export interface Setting {
  /** As in the file: `client-id`. */
  readonly name: string
  readonly value: SettingValue
  readonly origin: Origin
  /** Weaker places that say something else, the strongest first; defaults do not count. */
  readonly hides: readonly Origin[]
}

/** The settings for one connection, out of file, environment and flags. */
export interface Profile {
  /** Undefined where no profile of a file is used. */
  readonly name: string | undefined
  readonly platform: Platform
  /** The configuration file; undefined where there is none. */
  readonly file: string | undefined
  /** All that are set, defaults included, in the order of the documentation. */
  readonly settings: readonly Setting[]
  /** Settings that the platform cannot do without: of each list one is missing. */
  readonly missing: readonly (readonly string[])[]
  /** Sentences for the user. They may hold any character. */
  readonly warnings: readonly string[]
  /** A setting; undefined where it is not set. Throws TypeError for a name that no platform knows. */
  get(name: string): Setting | undefined
  /** A setting that must be there; else ConfigError `ERR_CONFIG_MISSING`. */
  require(name: string): Setting
}

/** Puts a profile together. */
export function makeProfile(parts: Omit<Profile, 'get' | 'require' | 'missing'>): Profile {
  const { name: profile, platform, settings } = parts
  const get = (name: string): Setting | undefined => {
    if (!SETTINGS.some((definition) => definition.name === name)) throw new TypeError(`no setting ${name}`)
    return settings.find((setting) => setting.name === name)
  }
  return {
    ...parts,
    missing: REQUIRED[platform].filter((names) => names.every((name) => get(name) === undefined)),
    get,
    require(name) {
      const setting = get(name)
      if (setting === undefined) throw missingSetting(name, parts, profile)
      return setting
    },
  }
}

function missingSetting(
  name: string,
  { platform, file }: Pick<Profile, 'platform' | 'file'>,
  profile: string | undefined,
): ConfigError {
  const definition = settingOf(platform, name)
  const whose = profile === undefined ? platform : `profile ${profile}`
  const message = `${whose}: ${name} is missing${definition === undefined ? '' : ` (${definition.summary})`}`
  const hint = definition === undefined ? undefined : waysToSet(definition, { file, profile })
  return new ConfigError('ERR_CONFIG_MISSING', message, { hint })
}

/** How a setting is set, for people. */
function waysToSet(
  definition: Parameters<typeof variablesOf>[0],
  { file, profile }: { file: string | undefined; profile: string | undefined },
): string {
  const table = `[profiles.${profile ?? 'NAME'}]${file === undefined ? ' of a configuration file' : ` of ${file}`}`
  const variable = variablesOf(definition).at(-1)
  return `set ${definition.name} in ${table}, by ${variable} or by --${flagsOf(definition)[0]}`
}
