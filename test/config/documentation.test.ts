/** docs/configuration.md says what the table of settings says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { flagsOf, variablesOf } from '../../src/config/names.ts'
import { REQUIRED, SETTINGS, type SettingDefinition, type SettingType } from '../../src/config/settings.ts'
import { root } from '../support/tools.ts'
import { settingRows } from './setting-rows.ts'

const text = readFileSync(join(root, 'docs/configuration.md'), 'utf8')

/** The rows of the table below a heading. */
function rowsBelow(heading: string): string[] {
  const section = text.split(/^#{2,3} /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  return section.match(/^\| `.*$/gm) ?? []
}

describe('docs/configuration.md', () => {
  it.each(Object.entries(settingRows()))('has the settings of %s, word for word', (heading, rows) => {
    expect(rows.length).toBeGreaterThan(5)
    expect(rowsBelow(heading)).toEqual(rows)
  })
})

describe('the table of settings', () => {
  it('leads to names that do not clash', () => {
    const names = new Set(SETTINGS.map(({ name }) => name))
    const byName = [...names].map((name) => SETTINGS.find((each) => each.name === name) as SettingDefinition)
    for (const namesOf of [variablesOf, flagsOf]) {
      const all = byName.flatMap(namesOf)
      expect(new Set(all).size).toBe(all.length)
    }
    for (const reserved of ['config', 'profile', 'platform', 'json', 'help'])
      expect(names).not.toContain(reserved)
  })

  it('has a name once for each platform, of the same kind where both share the flag', () => {
    const kinds = new Map<string, Set<SettingType>>()
    for (const { name, type, platforms } of SETTINGS) {
      expect(
        SETTINGS.filter((each) => each.name === name && each.platforms.some((p) => platforms.includes(p))),
      ).toHaveLength(1)
      kinds.set(name, new Set([...(kinds.get(name) ?? []), type === 'key' ? 'path' : type]))
    }
    for (const [name, types] of kinds) expect(types.size, name).toBe(1)
  })

  it('knows what it requires', () => {
    for (const [platform, groups] of Object.entries(REQUIRED)) {
      for (const name of groups.flat()) {
        const definition = SETTINGS.find(
          (each) => each.name === name && (each.platforms as string[]).includes(platform),
        )
        expect(definition, `${platform} ${name}`).toBeDefined()
        expect(definition?.default).toBeUndefined()
      }
    }
  })
})
