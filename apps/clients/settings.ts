import type { Profile } from '../../src/config/index.ts'
import { ConfigError } from '../../src/errors.ts'

/** The text of a setting; undefined where it is not set. */
export function textOf(profile: Profile, name: string): string | undefined {
  const value = profile.get(name)?.value
  return value === undefined ? undefined : String(value)
}

/** The text of a setting that must be there. @throws ConfigError `ERR_CONFIG_MISSING` */
export function requiredText(profile: Profile, name: string): string {
  return String(profile.require(name).value)
}

/** The texts of a list; undefined where it is not set. */
export function listOf(profile: Profile, name: string): readonly string[] | undefined {
  const value = profile.get(name)?.value
  if (value === undefined) return undefined
  return Array.isArray(value) ? (value as readonly string[]) : [String(value)]
}

/** A number; undefined where it is not set. */
export function numberOf(profile: Profile, name: string): number | undefined {
  const value = profile.get(name)?.value
  return typeof value === 'number' ? value : undefined
}

/** What the settings say is no fault of the programmer. @throws ConfigError `ERR_CONFIG_SETTING` for a TypeError */
export function bySettings<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const hint = 'sealkit config check tells where each setting comes from'
    throw new ConfigError('ERR_CONFIG_SETTING', `the settings do not do: ${cause.message}`, { hint, cause })
  }
}
