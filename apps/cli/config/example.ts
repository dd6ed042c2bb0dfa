import {
  type Platform,
  REQUIRED,
  type SettingDefinition,
  SHARED_SETTINGS,
  settingsOf,
} from '../../../src/config/settings.ts'

/** A configuration file to fill in: every setting with what it is; those that may be left out as comments. */
export function exampleConfig(platforms: readonly Platform[]): string {
  const lines = [
    '# Configuration of sealkit. `sealkit config check` explains what would be used.',
    '# Secrets stay elsewhere: { file = "PATH" }, { env = "NAME" }, { command = ["PROGRAM", "ARGUMENT"] } or',
    '# { prompt = true }. Paths are relative to this file; ~/ is your folder.',
    '',
    `default-profile = "${platforms[0]}"`,
    '',
    '[defaults]',
    ...SHARED_SETTINGS.flatMap((definition) => entry(definition, false)),
  ]
  for (const platform of platforms) {
    const required = REQUIRED[platform].map(([name]) => name)
    lines.push('', `[profiles.${platform}]`, `platform = "${platform}"`)
    for (const definition of settingsOf(platform)) {
      if (definition.shared !== true) lines.push(...entry(definition, required.includes(definition.name)))
    }
  }
  return `${lines.join('\n')}\n`
}

function entry(definition: SettingDefinition, needed: boolean): string[] {
  return [`# ${definition.summary}`, `${needed ? '' : '# '}${definition.name} = ${exampleValue(definition)}`]
}

function exampleValue({ name, type, values, min, default: usual }: SettingDefinition): string {
  if (usual !== undefined) return JSON.stringify(usual)
  switch (type) {
    case 'secret':
      return '{ prompt = true }'
    case 'choice':
      return JSON.stringify(values?.[0])
    case 'integer':
      return String(min ?? 0)
    case 'boolean':
      return 'false'
    case 'url':
    case 'path-or-url':
      return '"https://host.example/path"'
    case 'origins':
      return '["https://host.example"]'
    case 'trust':
      return '["system"]'
    case 'module':
      return '"opensc-pkcs11"'
    case 'text':
      return JSON.stringify(`your ${name}`)
    default:
      return JSON.stringify(`${name}.pem`)
  }
}
