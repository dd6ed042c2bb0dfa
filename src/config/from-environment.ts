import { ConfigError } from '../errors.ts'
import { checkValue, isWrong, type RawValue } from './check-value.ts'
import { fromText } from './from-text.ts'
import { CONFIG_VARIABLE, PLATFORM_VARIABLE, PROFILE_VARIABLE, variableOf, variablesOf } from './names.ts'
import { SETTINGS, type SettingDefinition } from './settings.ts'
import { suggest } from './suggest.ts'

/** A value from outside the file. */
export interface Given {
  readonly raw: RawValue
  /** The variable's or flag's name, for people. */
  readonly place: string
}

/**
 * The value that the environment gives a setting. An empty variable is none. That of a secret holds the secret itself;
 * the one with `_FILE` behind its name names a file.
 *
 * @throws ConfigError `ERR_CONFIG_SETTING`
 */
export function fromEnvironment(definition: SettingDefinition, env: NodeJS.ProcessEnv): Given | undefined {
  const set = variablesOf(definition).filter((variable) => env[variable])
  const [place] = set
  if (place === undefined) return undefined
  if (set.length > 1) throw wrongVariable(`${set.join(' and ')} exclude each other`)
  const text = env[place] as string
  if (definition.type === 'secret' && place === variableOf(definition.name)) {
    return { raw: { env: place }, place }
  }
  const raw = checkValue(
    definition.type === 'secret' ? { file: text } : fromText(definition, text),
    definition,
  )
  if (isWrong(raw)) throw wrongVariable(`${place} ${raw.wrong}`)
  return { raw, place }
}

function wrongVariable(message: string): ConfigError {
  return new ConfigError('ERR_CONFIG_SETTING', message, { hint: 'set it anew, or unset it' })
}

const NAMES = [
  ...new Set(SETTINGS.flatMap(variablesOf)),
  CONFIG_VARIABLE,
  PROFILE_VARIABLE,
  PLATFORM_VARIABLE,
]

/** Warnings about variables that look like a mistyped one. Others beginning so may be another program's. */
export function mistypedVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).flatMap((name) => {
    if (!/^SEALKIT_[A-Z0-9_]{1,40}$/.test(name) || NAMES.includes(name)) return []
    const meant = suggestNear(name)
    return meant === undefined ? [] : [`${name} is no setting; did you mean ${meant}?`]
  })
}

/** All begin alike: what is compared is what follows. */
function suggestNear(name: string): string | undefined {
  const start = 'SEALKIT_'.length
  const meant = suggest(
    name.slice(start),
    NAMES.map((each) => each.slice(start)),
  )
  return meant === undefined ? undefined : `SEALKIT_${meant}`
}
