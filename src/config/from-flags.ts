import { ConfigError } from '../errors.ts'
import { checkValue, isWrong } from './check-value.ts'
import type { Given } from './from-environment.ts'
import { fromText } from './from-text.ts'
import { flagsOf } from './names.ts'
import { SecretReference } from './secret-reference.ts'
import { type Platform, SETTINGS, type SettingDefinition, settingOf } from './settings.ts'

/** What a flag can be. Texts are read as those of the environment; a switch is `true`. */
export type FlagValue = string | number | boolean | readonly string[] | SecretReference | undefined

/** Flags by their names without dashes: `client-id`, `password-file`. */
export type Flags = Readonly<Record<string, FlagValue>>

/** What the flags give a setting: a value to check, or a secret's reference as it is. */
export function fromFlags(
  definition: SettingDefinition,
  flags: Flags,
): Given | { readonly reference: SecretReference; readonly place: string } | undefined {
  if (definition.type === 'secret') return secretFrom(definition, flags)
  const value = flags[definition.name]
  if (value === undefined) return undefined
  const place = `--${definition.name}`
  const raw = checkValue(typeof value === 'string' ? fromText(definition, value) : value, definition)
  if (isWrong(raw)) throw wrongFlag(`${place} ${raw.wrong}`)
  return { raw, place }
}

function secretFrom(definition: SettingDefinition, flags: Flags) {
  const { name } = definition
  const own = flags[name]
  const given = flagsOf(definition).filter((flag) => flags[flag] !== undefined)
  const [flag] = given
  if (given.length + (own === undefined ? 0 : 1) > 1) {
    throw wrongFlag(
      `--${[...given, ...(own === undefined ? [] : [name])].join(' and --')} exclude each other`,
    )
  }
  if (own instanceof SecretReference) return { reference: own, place: `--${name}` }
  if (own !== undefined) {
    const message = `--${name}: a secret is never taken from an argument`
    throw wrongFlag(message, `use --${name}-file FILE or --${name}-env NAME, or set it in the configuration`)
  }
  if (flag === undefined) return undefined
  const raw = checkValue(flag === `${name}-env` ? { env: flags[flag] } : { file: flags[flag] }, definition)
  if (isWrong(raw)) throw wrongFlag(`--${flag}: ${raw.wrong}`)
  return { raw, place: `--${flag}` }
}

/**
 * Refuses flags that the platform has not.
 *
 * @throws ConfigError `ERR_CONFIG_SETTING` for one of the other platform; TypeError for one of neither
 */
export function checkFlags(flags: Flags, platform: Platform): void {
  for (const flag of Object.keys(flags)) {
    if (flags[flag] === undefined) continue
    const definition = SETTINGS.find((each) => each.name === flag || flagsOf(each).includes(flag))
    if (definition === undefined) throw new TypeError(`no setting has the flag --${flag}`)
    if (settingOf(platform, definition.name) === undefined) {
      throw wrongFlag(`--${flag} is no setting of ${platform}`, 'leave it out')
    }
  }
}

function wrongFlag(message: string, hint = 'docs/configuration.md lists the settings'): ConfigError {
  return new ConfigError('ERR_CONFIG_SETTING', message, { hint })
}
