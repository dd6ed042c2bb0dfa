/** The JSON schema and the parser take and refuse the same files. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { stringify } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../src/config/index.ts'
import { readDocument } from '../../src/config/read-file.ts'
import { readSettings } from '../../src/config/read-settings.ts'
import {
  PLATFORMS,
  type Platform,
  type SettingDefinition,
  type SettingType,
  SHARED_SETTINGS,
  settingsOf,
} from '../../src/config/settings.ts'
import { ConfigError } from '../../src/errors.ts'

const validate = new Ajv2020({ allErrors: true }).compile(configSchema)

function parserTakes(text: string, name: string): boolean {
  try {
    readSettings(readDocument(new TextEncoder().encode(text), name), name)
    return true
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'ERR_CONFIG_SETTING') return false
    throw error
  }
}

const file = fc.constantFrom(
  'a',
  '~/a',
  '../a b/c.pem',
  '/etc/x',
  'C:\\keys\\a',
  'ключ.pem',
  'system',
  'file',
)
const url = fc.constantFrom('https://a.example', 'https://a.example:8443/b?c=d', 'https://[::1]:1/')
const GOOD: Readonly<Record<Exclude<SettingType, 'choice' | 'integer'>, fc.Arbitrary<unknown>>> = {
  text: fc.constantFrom('a', 'a b', 'é', '__proto__', '"', 'true', '1'),
  boolean: fc.boolean(),
  url,
  origins: oneOrSeveral(fc.constantFrom('https://a.example', 'https://*.moex.com', 'https://localhost:1/')),
  path: file,
  'path-or-url': fc.oneof(file, url),
  key: fc.oneof(file, fc.constantFrom('pkcs11:token=a', 'validata:', 'file:///a')),
  module: file,
  trust: oneOrSeveral(file),
  store: file,
  proxy: fc.constantFrom('none', 'environment', 'http://p:3128', 'https://p.example/'),
  secret: fc.oneof(
    fc.constant('inline'),
    fc.record({ file }),
    fc.record({ env: fc.constantFrom('A', '_a1') }),
    fc.record({ command: fc.array(fc.constantFrom('a', 'b c'), { minLength: 1 }) }),
    fc.constant({ command: ['C:\\pass.exe', 'a:b'] }),
    fc.constant({ prompt: true }),
  ),
}

function oneOrSeveral(one: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }))
}

function good({ type, values = [], min = 0, max = 0 }: SettingDefinition): fc.Arbitrary<unknown> {
  if (type === 'choice') return fc.constantFrom(...values)
  if (type === 'integer') return fc.integer({ min, max })
  return GOOD[type]
}

const bad = fc.constantFrom<unknown>(
  '',
  'a\nb',
  'a\u007f',
  -1,
  1.5,
  99_999,
  true,
  'true',
  [],
  [1],
  ['a', ''],
  {},
  { file: '' },
  { file: 'a', env: 'B' },
  { fil: 'a' },
  { env: 'not a name' },
  { command: 'a b' },
  { command: [] },
  { command: [''] },
  { command: ['a', 1] },
  { prompt: false },
  { prompt: 'true' },
  'http://a.example',
  'https://user:pass@a.example',
  'https://a.example/#f',
  'ftp://a',
  'file:///a',
  'https://',
  'socks5://a:1',
  'prod',
  'tests',
)

function table(
  definitions: readonly SettingDefinition[],
  faults: boolean,
): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.fromEntries(
    definitions.map((each) => [
      each.name,
      faults ? fc.oneof({ weight: 250, arbitrary: good(each) }, { weight: 1, arbitrary: bad }) : good(each),
    ]),
  )
  const record = fc.record(entries, { requiredKeys: [] })
  if (!faults) return record
  const unknown = fc.constantFrom('login', 'pasword', 'jwks', 'constructor', 'toString', 'password', 'x y')
  const extra = unknown.map((name): Record<string, unknown> => ({ [name]: 'a' }))
  const none: Record<string, unknown> = {}
  const rarely = fc.oneof({ weight: 20, arbitrary: fc.constant(none) }, { weight: 1, arbitrary: extra })
  return fc.tuple(record, rarely).map(([known, more]) => ({ ...known, ...more }))
}

function profile(platform: Platform, faults: boolean): fc.Arbitrary<unknown> {
  const settings = table(settingsOf(platform), faults)
  if (!faults) return settings.map((each) => ({ platform, ...each }))
  const wrong = fc.constantFrom<unknown>('moexx', 1, 'clearstream', 'moex')
  const named = fc.oneof(
    { weight: 30, arbitrary: fc.constant<unknown>(platform) },
    { weight: 1, arbitrary: wrong },
  )
  return fc.oneof(
    { weight: 40, arbitrary: fc.tuple(named, settings).map(([name, each]) => ({ platform: name, ...each })) },
    { weight: 1, arbitrary: settings },
    { weight: 1, arbitrary: fc.constantFrom<unknown>([], 'text', 1, {}) },
  )
}

function configs(faults: boolean): fc.Arbitrary<Record<string, unknown>> {
  const names = fc.constantFrom('a', 'moex-test', 'x.y_z', '0', 'constructor')
  const wrongNames = fc.constantFrom('-a', 'a b', '', 'a'.repeat(65), 'é', 'a/b')
  const name = faults
    ? fc.oneof({ weight: 30, arbitrary: names }, { weight: 1, arbitrary: wrongNames })
    : names
  const profiles = fc.dictionary(name, fc.oneof(...PLATFORMS.map((each) => profile(each, faults))), {
    maxKeys: 3,
  })
  return fc.record(
    {
      $schema: fc.constant('https://example.com/schema.json'),
      'default-profile': faults
        ? fc.constantFrom<unknown>('a', 'b', 'c', 'd', 'moex-test', 'x', 'y', 'z', '', 1)
        : names,
      defaults: table(SHARED_SETTINGS, faults),
      profiles,
      ...(faults ? { defalts: fc.constant({}), timeout: fc.constant(1) } : {}),
    },
    faults ? { requiredKeys: ['defaults', 'profiles'] } : { requiredKeys: [] },
  )
}

/** Unknown keys at the top are rare, else nothing would be valid. */
const mostlyKnown = configs(true).chain((config) =>
  fc.integer({ min: 0, max: 9 }).map((dice) => {
    const { defalts: _, timeout: __, ...known } = config
    return dice === 0 ? config : known
  }),
)

describe('the schema', () => {
  it('is good draft 2020-12, and takes every good file, as the parser does', () => {
    fc.assert(
      fc.property(configs(false), (config) => {
        expect(validate(config), JSON.stringify(validate.errors)).toBe(true)
        expect(parserTakes(JSON.stringify(config), 'a.json')).toBe(true)
        expect(parserTakes(stringify(config), 'a.toml')).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('and the parser agree about files with faults', () => {
    const counts = { true: 0, false: 0 }
    fc.assert(
      fc.property(mostlyKnown, (config) => {
        const valid = validate(config)
        counts[`${valid}`]++
        expect(parserTakes(JSON.stringify(config), 'a.json'), JSON.stringify(validate.errors)).toBe(valid)
        expect(parserTakes(stringify(config), 'a.toml'), JSON.stringify(validate.errors)).toBe(valid)
      }),
      { numRuns: 1500 },
    )
    expect(Math.min(counts.true, counts.false)).toBeGreaterThan(150)
  })

  it.each([
    ['a prototype', '{"__proto__": {"timeout": 1}}'],
    ['a prototype as profile', '{"profiles": {"__proto__": {"platform": "moex"}}}'],
    ['a prototype in a profile', '{"profiles": {"a": {"platform": "moex", "__proto__": {"login": "x"}}}}'],
    [
      'a prototype in a secret',
      '{"profiles": {"a": {"platform": "moex", "pin": {"__proto__": {"prompt": true}}}}}',
    ],
    ['null', '{"profiles": null}'],
    ['a list of profiles', '{"profiles": []}'],
    ['null in a profile', '{"profiles": {"a": {"platform": "moex", "login": null}}}'],
  ])('and the parser refuse %s', (_, text) => {
    expect(validate(JSON.parse(text))).toBe(false)
    expect(parserTakes(text, 'a.json')).toBe(false)
  })
})
