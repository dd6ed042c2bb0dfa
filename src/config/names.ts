import type { SettingDefinition } from './settings.ts'

/** The environment variable of a setting: `SEALKIT_CLIENT_ID`. */
export function variableOf(name: string): string {
  return `SEALKIT_${name.replaceAll('-', '_').toUpperCase()}`
}

/** The variables that say which file and profile are used. */
export const CONFIG_VARIABLE = 'SEALKIT_CONFIG'
export const PROFILE_VARIABLE = 'SEALKIT_PROFILE'
export const PLATFORM_VARIABLE = 'SEALKIT_PLATFORM'

/** All variables of a setting; those of a secret hold it, or name a file. */
export function variablesOf({ name, type }: SettingDefinition): string[] {
  const variable = variableOf(name)
  return type === 'secret' ? [variable, `${variable}_FILE`] : [variable]
}

/** All flags of a setting, without dashes. A secret itself is never one: every user of a machine sees arguments. */
export function flagsOf({ name, type }: SettingDefinition): string[] {
  return type === 'secret' ? [`${name}-file`, `${name}-env`] : [name]
}
