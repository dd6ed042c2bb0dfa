import { type Flags, loadProfile, type Platform, type Profile } from '../../../src/config/index.ts'
import { flagsOf } from '../../../src/config/names.ts'
import { SETTINGS, type SettingDefinition, type SettingType } from '../../../src/config/settings.ts'
import type { Arguments } from '../arguments.ts'
import type { Option, OptionGroup } from '../options.ts'

/** Which configuration is used. */
export const PROFILE_OPTIONS: OptionGroup = {
  title: 'Configuration (docs/configuration.md)',
  options: [
    {
      name: 'profile',
      value: 'NAME',
      summary: 'the profile. Default: SEALKIT_PROFILE, else that of the file',
    },
    {
      name: 'config',
      value: 'FILE',
      summary: 'the configuration file. Default: SEALKIT_CONFIG, else sealkit/config.toml where XDG says',
    },
  ],
}

/**
 * The settings as options, stronger than environment and file.
 *
 * @param platform default: those of all platforms
 */
export function settingOptions(platform?: Platform): OptionGroup {
  const options = new Map<string, Option>()
  for (const definition of SETTINGS) {
    if (platform !== undefined && !definition.platforms.includes(platform)) continue
    for (const option of optionsFor(definition))
      options.set(option.name, merged(options.get(option.name), option))
  }
  return { title: 'Settings (in place of those of environment and file)', options: [...options.values()] }
}

/**
 * Loads the profile that the options describe.
 *
 * @param settings the group of settings that the command has; default: all of the platform
 */
export async function loadFrom(
  args: Arguments,
  platform: Platform | undefined,
  settings: OptionGroup = settingOptions(platform),
): Promise<Profile> {
  const flags: Record<string, Flags[string]> = {}
  for (const { name, value, multiple } of settings.options) {
    const values = args.all(name)
    if (values.length > 0) flags[name] = value === undefined ? true : multiple ? values : values[0]
  }
  return await loadProfile({ platform, profile: args.get('profile'), file: args.get('config'), flags })
}

const VALUES: Readonly<Record<Exclude<SettingType, 'choice' | 'boolean' | 'secret'>, string>> = {
  text: 'TEXT',
  integer: 'N',
  url: 'URL',
  origins: 'ORIGIN',
  path: 'FILE',
  'path-or-url': 'FILE',
  key: 'KEY',
  module: 'FILE',
  trust: 'BUNDLE',
  store: 'FOLDER',
  proxy: 'URL',
}

function optionsFor(definition: SettingDefinition): Option[] {
  const { name, type, values = [], summary } = definition
  switch (type) {
    case 'secret': {
      const [file = '', env = ''] = flagsOf(definition)
      return [
        { name: file, value: 'FILE', summary: `${summary}: the file that holds it` },
        { name: env, value: 'NAME', summary: `${summary}: the environment variable that holds it` },
      ]
    }
    case 'boolean':
      return [{ name, summary }]
    case 'choice':
      return [{ name, value: values, summary }]
    case 'trust':
    case 'origins':
      return [{ name, value: VALUES[type], multiple: true, summary }]
    default:
      return [{ name, value: VALUES[type], summary }]
  }
}

/** A name that both platforms have. */
function merged(before: Option | undefined, option: Option): Option {
  if (before === undefined) return option
  const summary =
    before.summary === option.summary ? option.summary : `${before.summary}; or ${option.summary}`
  const { value } = option
  if (typeof value === 'string' || value === undefined || !Array.isArray(before.value))
    return { ...option, summary }
  return { ...option, value: [...new Set([...(before.value as readonly string[]), ...value])], summary }
}
