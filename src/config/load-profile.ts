import { dirname } from 'node:path'
import { chooseProfile } from './choose-profile.ts'
import { placeOf } from './faults.ts'
import { checkSafety, holdsSecret } from './file-safety.ts'
import { findConfigFile } from './find-file.ts'
import { fromEnvironment, mistypedVariables } from './from-environment.ts'
import { checkFlags, type Flags, fromFlags } from './from-flags.ts'
import { makeProfile, type Origin, type Profile, type Setting, type SettingValue } from './profile.ts'
import { readConfigFile } from './read-file.ts'
import { type FileEntry, type FileSettings, isPlatform, readSettings } from './read-settings.ts'
import { resolveValue } from './resolve-value.ts'
import { type Platform, type SettingDefinition, settingsOf } from './settings.ts'

/** Options of {@link loadProfile}. */
export interface LoadProfileOptions {
  /** The platform that is wanted; default: the profile's, else that of `SEALKIT_PLATFORM`. */
  platform?: Platform | undefined
  /** Default: `SEALKIT_PROFILE`, else the file's `default-profile`, else the only one that fits. */
  profile?: string | undefined
  /** The configuration file; default: see {@link findConfigFile}. */
  file?: string | undefined
  /** Default: `process.env`. */
  env?: NodeJS.ProcessEnv | undefined
  /** The strongest. By names without dashes: `client-id`, and for secrets `password-file` or `password-env`. */
  flags?: Flags | undefined
}

/**
 * Collects the settings for a connection: those of the file, over them those of the environment (`SEALKIT_CLIENT_ID`),
 * over them the flags. Secrets are not read, only where they are: see {@link readSecretReference}. Relative paths of the
 * file begin in its folder, others in the current one; `~/` is the user's folder.
 *
 * @throws ConfigError `ERR_CONFIG_NOT_FOUND` for a file that was named and cannot be read; `ERR_CONFIG_MALFORMED` for
 *   what is neither TOML nor JSON; `ERR_CONFIG_SETTING` for unknown settings and wrong values, with their lines;
 *   `ERR_CONFIG_PROFILE` for a profile that is not there or does not fit; `ERR_CONFIG_MISSING` where nothing says which
 *   platform is meant; `ERR_CONFIG_SECRET` for a file that names programs to run and can be written by others
 * @example
 * ```ts
 * import { loadProfile, readSecretReference, SecretReference } from 'sealkit/config'
 * const env = { SEALKIT_PLATFORM: 'moex', SEALKIT_LOGIN: 'me@example.com', SEALKIT_PASSWORD: 'from a vault' }
 * const profile = await loadProfile({ env })
 * for (const warning of profile.warnings) console.error(warning)
 * const { value } = profile.require('password')
 * if (value instanceof SecretReference) await readSecretReference(value, { env })
 * ```
 */
export async function loadProfile(options: LoadProfileOptions = {}): Promise<Profile> {
  const { platform, profile, file, env = process.env, flags = {} } = options
  if (platform !== undefined && !isPlatform(platform))
    throw new TypeError('platform must be moex or clearstream')
  const { path, searched } = await findConfigFile({ file, env })
  const { settings, warnings } = await readProfiles(path)
  const chosen = chooseProfile(settings, { platform, profile, env }, searched)
  checkFlags(flags, chosen.platform)
  const entries = [...(chosen.profile?.entries ?? []), ...(settings?.defaults ?? [])]
  const whose = chosen.name === undefined ? chosen.platform : `profile ${chosen.name}`
  const used = settingsOf(chosen.platform).flatMap((definition) => {
    const surroundings = { env, what: `${definition.name} of ${whose}` }
    const given = valuesOf(definition, entries, { path, flags, ...surroundings })
    const [strongest, ...weaker] = given
    if (strongest === undefined) return []
    const hides = weaker.map(({ origin }) => origin).filter(({ kind }) => kind !== 'default')
    return [{ name: definition.name, ...strongest, hides }]
  })
  return makeProfile({
    name: chosen.name,
    platform: chosen.platform,
    file: path,
    settings: used,
    warnings: [...warnings, ...inlineSecrets(entries, used, path), ...mistypedVariables(env)],
  })
}

async function readProfiles(
  path: string | undefined,
): Promise<{ settings: FileSettings | undefined; warnings: string[] }> {
  if (path === undefined) return { settings: undefined, warnings: [] }
  const file = await readConfigFile(path)
  const settings = readSettings(file.document, path)
  return { settings, warnings: await checkSafety(file, settings) }
}

interface Places {
  readonly path: string | undefined
  readonly flags: Flags
  readonly env: NodeJS.ProcessEnv
  readonly what: string
}

/** All that is said of a setting, the strongest first. */
function valuesOf(
  definition: SettingDefinition,
  entries: readonly FileEntry[],
  { path = '', flags, env, what }: Places,
): { value: SettingValue; origin: Origin }[] {
  const found: { value: SettingValue; origin: Origin }[] = []
  const here = { folder: process.cwd(), env, what }
  const flag = fromFlags(definition, flags)
  if (flag !== undefined) {
    const value = 'reference' in flag ? flag.reference : resolveValue(definition, flag.raw, here)
    found.push({ value, origin: { kind: 'flag', place: flag.place } })
  }
  const variable = fromEnvironment(definition, env)
  if (variable !== undefined) {
    const value = resolveValue(definition, variable.raw, here)
    found.push({ value, origin: { kind: 'environment', place: variable.place } })
  }
  for (const { definition: own, raw, line } of entries) {
    if (own.name !== definition.name) continue
    const value = resolveValue(definition, raw, { ...here, folder: dirname(path) })
    found.push({ value, origin: { kind: 'file', place: placeOf(path, line) } })
  }
  if (definition.default !== undefined) {
    found.push({ value: definition.default, origin: { kind: 'default', place: '' } })
  }
  return found
}

/** Secrets that stand in the file are warned of each time they are used. */
function inlineSecrets(entries: readonly FileEntry[], used: readonly Setting[], path = ''): string[] {
  return entries.filter(holdsSecret).flatMap(({ definition: { name, type }, line }) => {
    const place = placeOf(path, line)
    if (!used.some((setting) => setting.name === name && setting.origin.place === place)) return []
    const way =
      type === 'secret' ? `${name} = { file = "…" }, { command = […] } or { prompt = true }` : 'pin = { … }'
    return [
      `${place}: ${type === 'secret' ? name : `${name} with a PIN`} stands in the file itself; better: ${way}`,
    ]
  })
}
