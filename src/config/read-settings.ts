import { checkValue, isWrong, type RawValue } from './check-value.ts'
import { type Document, isTable, type Table } from './document.ts'
import { type Fault, settingFaults } from './faults.ts'
import { matches, PATTERNS } from './patterns.ts'
import { PLATFORMS, type Platform, type SettingDefinition, SHARED_SETTINGS, settingsOf } from './settings.ts'
import { didYouMean } from './suggest.ts'

/** A setting of the file. */
export interface FileEntry {
  readonly definition: SettingDefinition
  readonly raw: RawValue
  readonly line: number | undefined
}

/** The settings of a file, checked. */
export interface FileSettings {
  readonly defaultProfile: string | undefined
  readonly defaults: readonly FileEntry[]
  readonly profiles: ReadonlyMap<string, FileProfile>
}

/** A profile of the file. */
export interface FileProfile {
  readonly platform: Platform
  readonly entries: readonly FileEntry[]
  readonly line: number | undefined
}

const TOP_KEYS = ['default-profile', 'defaults', 'profiles', '$schema']

/**
 * Checks all that a file holds, also in profiles that are not used.
 *
 * @throws ConfigError `ERR_CONFIG_SETTING` with every fault
 */
export function readSettings(document: Document, file: string): FileSettings {
  const reader = new SettingsReader(document)
  const settings = reader.read()
  if (reader.faults.length > 0) throw settingFaults(file, reader.faults)
  return settings
}

class SettingsReader {
  readonly faults: Fault[] = []
  readonly #document: Document

  constructor(document: Document) {
    this.#document = document
  }

  read(): FileSettings {
    const { root } = this.#document
    for (const key of Object.keys(root)) if (!TOP_KEYS.includes(key)) this.#unknownAtTop(key)
    const schema = root['$schema']
    if (schema !== undefined && typeof schema !== 'string') this.#fault(['$schema'], '$schema must be a text')
    const profiles = this.#profiles(root['profiles'])
    return {
      defaultProfile: this.#defaultProfile(root['default-profile']),
      defaults: this.#defaults(root['defaults']),
      profiles,
    }
  }

  #defaultProfile(raw: unknown): string | undefined {
    if (raw === undefined || (typeof raw === 'string' && matches(PATTERNS.profile, raw))) return raw
    this.#fault(['default-profile'], 'default-profile must be the name of a profile')
    return undefined
  }

  #defaults(raw: unknown): FileEntry[] {
    const table = this.#table(raw, ['defaults'], 'defaults')
    return this.#entries(table, ['defaults'], SHARED_SETTINGS)
  }

  #profiles(raw: unknown): Map<string, FileProfile> {
    const profiles = new Map<string, FileProfile>()
    const all = this.#table(raw, ['profiles'], 'profiles')
    for (const [name, given] of Object.entries(all)) {
      const path = ['profiles', name]
      if (!matches(PATTERNS.profile, name)) {
        this.#fault(path, "a profile's name is made of letters, digits, dots, dashes and underscores")
        continue
      }
      const { platform, ...table } = this.#table(given, path, `profiles.${name}`)
      if (!isPlatform(platform)) {
        const meant = typeof platform === 'string' ? didYouMean(platform, PLATFORMS) : ''
        const must = PLATFORMS.map((each) => JSON.stringify(each)).join(' or ')
        const place = platform === undefined ? path : [...path, 'platform']
        this.#fault(place, `profile ${name}: platform must be ${must}${meant}`)
        continue
      }
      const entries = this.#entries(table, path, settingsOf(platform), ['platform'])
      profiles.set(name, { platform, entries, line: this.#document.lineOf(path) })
    }
    return profiles
  }

  #table(raw: unknown, path: readonly string[], name: string): Table {
    if (raw === undefined) return {}
    if (isTable(raw)) return raw
    this.#fault(path, `${name} must be a table`)
    return {}
  }

  #entries(
    table: Table,
    path: readonly string[],
    definitions: readonly SettingDefinition[],
    others: readonly string[] = [],
  ): FileEntry[] {
    const entries: FileEntry[] = []
    for (const [name, value] of Object.entries(table)) {
      const place = [...path, name]
      const definition = definitions.find((each) => each.name === name)
      if (definition === undefined) {
        const known = [...definitions.map((each) => each.name), ...others]
        this.#fault(place, `${unknownSetting(name, path)}${didYouMean(name, known)}`)
        continue
      }
      const raw = checkValue(value, definition)
      if (isWrong(raw)) this.#fault(place, `${name} ${raw.wrong}`)
      else entries.push({ definition, raw, line: this.#document.lineOf(place) })
    }
    return entries
  }

  #unknownAtTop(key: string): void {
    const isSetting = PLATFORMS.some((platform) => settingsOf(platform).some(({ name }) => name === key))
    const why = isSetting ? `${key} belongs into [profiles.NAME]` : `unknown key${shown(key)}`
    this.#fault([key], `${why}${isSetting ? '' : didYouMean(key, TOP_KEYS)}`)
  }

  #fault(path: readonly string[], message: string): void {
    this.faults.push({ line: this.#document.lineOf(path), message })
  }
}

function unknownSetting(name: string, path: readonly string[]): string {
  const [, profile] = path
  if (profile !== undefined) return `profile ${profile}: unknown setting${shown(name)}`
  const elsewhere = PLATFORMS.some((platform) => settingsOf(platform).some((each) => each.name === name))
  if (elsewhere) return `${name} cannot stand in [defaults], it belongs into [profiles.NAME]`
  return `unknown setting${shown(name)}`
}

/** A key is shown where it looks like one. */
function shown(key: string): string {
  return /^[\w$-]{1,40}$/.test(key) ? ` ${key}` : ''
}

export function isPlatform(value: unknown): value is Platform {
  return (PLATFORMS as readonly unknown[]).includes(value)
}
