import {
  PLATFORMS,
  REQUIRED,
  type SettingDefinition,
  type SettingType,
  SHARED_SETTINGS,
  settingsOf,
} from '../../src/config/settings.ts'

const HEADINGS = { moex: 'MOEX', clearstream: 'Clearstream' }

/** The rows of the tables in docs/configuration.md, by their headings. */
export function settingRows(): Record<string, string[]> {
  const own = PLATFORMS.map((platform) => {
    const rows = settingsOf(platform)
      .filter(({ shared }) => shared !== true)
      .map((definition) => rowOf(definition, REQUIRED[platform]))
    return [HEADINGS[platform], rows] as const
  })
  return Object.fromEntries([...own, ['Both', SHARED_SETTINGS.map((definition) => rowOf(definition, []))]])
}

function rowOf(definition: SettingDefinition, required: readonly (readonly string[])[]): string {
  const { name, summary } = definition
  return `| \`${name}\` | ${typeOf(definition)} | ${defaultOf(definition, required)} | ${summary} |`
}

function defaultOf(
  { name, default: usual, without }: SettingDefinition,
  required: readonly (readonly string[])[],
): string {
  if (usual !== undefined) return `\`${JSON.stringify(usual)}\``
  const group = required.find((names) => names.includes(name))
  const others = group?.filter((other) => other !== name) ?? []
  if (group !== undefined) return others.length === 0 ? 'needed' : `needed, or \`${others.join('`, `')}\``
  return without ?? ''
}

const WORDS: Readonly<Record<Exclude<SettingType, 'choice' | 'integer'>, string>> = {
  text: 'text',
  boolean: '`true` or `false`',
  url: 'https URL',
  origins: 'one or several origins',
  path: 'path',
  'path-or-url': 'path or https URL',
  key: 'path or URI',
  module: 'path or name',
  trust: 'one or several paths',
  store: 'a word or a path',
  proxy: 'a word or a URL',
  secret: 'secret',
}

function typeOf({ type, values = [], min, max }: SettingDefinition): string {
  if (type === 'choice') return values.map((value) => `\`"${value}"\``).join(', ')
  return type === 'integer' ? `${min} to ${max}` : WORDS[type]
}
