import { PATTERNS } from './patterns.ts'
import {
  PLATFORMS,
  type Platform,
  type SettingDefinition,
  type SettingType,
  SHARED_SETTINGS,
  settingsOf,
} from './settings.ts'

/** A JSON schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

const OF_TYPE: Readonly<Record<SettingType, (definition: SettingDefinition) => JsonSchema>> = {
  text: () => ({ type: 'string', pattern: PATTERNS.text }),
  choice: ({ values = [] }) => ({ enum: values }),
  integer: ({ min = 0, max = Number.MAX_SAFE_INTEGER }) => ({ type: 'integer', minimum: min, maximum: max }),
  boolean: () => ({ type: 'boolean' }),
  url: () => ({ type: 'string', pattern: PATTERNS.url }),
  origins: () => oneOrSeveral({ type: 'string', pattern: PATTERNS.origin }),
  path: () => ({ type: 'string', pattern: PATTERNS.path }),
  'path-or-url': () => ({ type: 'string', pattern: PATTERNS['path-or-url'] }),
  key: () => ({ type: 'string', pattern: PATTERNS.text }),
  module: () => ({ type: 'string', pattern: PATTERNS.path }),
  trust: () => oneOrSeveral({ type: 'string', pattern: PATTERNS.path }),
  store: () => ({ type: 'string', pattern: PATTERNS.path }),
  proxy: () => ({ type: 'string', pattern: PATTERNS.proxy }),
  secret: () => ({ $ref: '#/$defs/secret' }),
}

function oneOrSeveral(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'array', items: schema, minItems: 1 }] }
}

/**
 * The JSON schema (draft 2020-12) of configuration files; `sealkit config schema` prints it. What a schema cannot say,
 * loading says: whether URLs can be read, whether a name of a file is not the key itself, whether `default-profile` is
 * there.
 *
 * @example
 * ```ts
 * import { configSchema } from 'sealkit/config'
 * JSON.stringify(configSchema, null, 2)
 * ```
 */
export const configSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Configuration of sealkit',
  type: 'object',
  properties: {
    $schema: { type: 'string' },
    'default-profile': { type: 'string', pattern: PATTERNS.profile, description: 'used where none is named' },
    defaults: {
      ...closed(propertiesOf(SHARED_SETTINGS)),
      description: 'settings of all profiles that do not say otherwise',
    },
    profiles: {
      type: 'object',
      propertyNames: { pattern: PATTERNS.profile },
      additionalProperties: { $ref: '#/$defs/profile' },
      description: 'settings by the names of profiles',
    },
  },
  additionalProperties: false,
  $defs: {
    profile: {
      type: 'object',
      required: ['platform'],
      properties: { platform: { enum: PLATFORMS } },
      allOf: PLATFORMS.map((platform) => ({
        if: { type: 'object', properties: { platform: { const: platform } } },
        // biome-ignore lint/suspicious/noThenProperty: JSON schema's own keyword
        then: { $ref: `#/$defs/${platform}` },
      })),
    },
    ...Object.fromEntries(PLATFORMS.map((platform) => [platform, profileOf(platform)])),
    secret: {
      description: 'where the secret is',
      anyOf: [
        { type: 'string', pattern: PATTERNS.text, description: 'the secret itself: warned of each time' },
        only('file', { type: 'string', pattern: PATTERNS.path }),
        only('env', { type: 'string', pattern: PATTERNS.variable }),
        only('command', { type: 'array', minItems: 1, items: { type: 'string', pattern: PATTERNS.text } }),
        only('prompt', { const: true }),
      ],
    },
  },
}

function profileOf(platform: Platform): JsonSchema {
  return closed({ platform: { const: platform }, ...propertiesOf(settingsOf(platform)) })
}

function propertiesOf(definitions: readonly SettingDefinition[]): Record<string, JsonSchema> {
  return Object.fromEntries(
    definitions.map((definition) => [
      definition.name,
      {
        ...OF_TYPE[definition.type](definition),
        description: definition.summary,
        ...(definition.default === undefined ? {} : { default: definition.default }),
      },
    ]),
  )
}

function closed(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, additionalProperties: false }
}

function only(key: string, schema: JsonSchema): JsonSchema {
  return { ...closed({ [key]: schema }), required: [key] }
}
