import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Profile, readSecretReference, SecretReference, type Setting } from '../../src/config/index.ts'
import { readableByOthers } from '../../src/config/permissions.ts'
import { isUri } from '../../src/config/resolve-value.ts'
import { type SettingDefinition, settingOf } from '../../src/config/settings.ts'
import { SealkitError } from '../../src/errors.ts'
import { systemReason } from './system-reason.ts'

/** What was found about one setting. */
export interface Examined {
  readonly setting: Setting
  /** Why it cannot be used. */
  readonly problem: string | undefined
  /** What else there is to say. */
  readonly note: string | undefined
  /** Whether the note is a warning. */
  readonly warns: boolean
}

/** How far to go. */
export interface ExamineOptions {
  /** Runs the commands of secrets. */
  readonly runCommands: boolean
  readonly signal: AbortSignal
}

/** Looks at what a profile names: are the files there, can the secrets be read. No secret comes out. */
export async function examine(profile: Profile, options: ExamineOptions): Promise<Examined[]> {
  return await Promise.all(
    profile.settings.map(async (setting) => {
      const definition = settingOf(profile.platform, setting.name) as SettingDefinition
      const { value } = setting
      const found =
        value instanceof SecretReference ? await secret(value, options) : await named(definition, value)
      return { setting, problem: found.problem, note: found.note, warns: found.warns === true }
    }),
  )
}

interface Found {
  readonly problem?: string
  readonly note?: string
  readonly warns?: true
}

async function secret(reference: SecretReference, { runCommands, signal }: ExamineOptions): Promise<Found> {
  const source = SecretReference.sourceOf(reference)
  if (source.kind === 'prompt') return {}
  if (source.kind === 'command' && !runCommands) {
    const [program = ''] = source.command
    if (await isProgram(program)) return { note: 'not run; --run-commands does' }
    return { problem: 'there is no such program' }
  }
  if (source.kind === 'file') {
    const status = await stat(source.path).catch(() => undefined)
    if (status !== undefined && !status.isFile()) return { note: 'no regular file; not read' }
  }
  const warnings: string[] = []
  try {
    await readSecretReference(reference, { signal, onWarning: (warning) => warnings.push(warning) })
    const [note] = warnings
    return note === undefined ? { note: 'can be read' } : { note: `can be read; ${note}`, warns: true }
  } catch (error) {
    if (error instanceof SealkitError) return { problem: error.message }
    throw error
  }
}

async function named({ name, type }: SettingDefinition, value: Setting['value']): Promise<Found> {
  const paths = pathsOf(type, value)
  for (const path of paths) {
    try {
      await access(path, constants.R_OK)
      const status = await stat(path)
      if (name === 'credentials' && !status.isDirectory()) return { problem: `${path} is no folder` }
      const isKey = name === 'key' || name === 'tls-key'
      if (isKey && status.isFile() && readableByOthers(status)) {
        return { note: `can be read by others: chmod 600 ${path}`, warns: true }
      }
    } catch (error) {
      return { problem: `cannot read ${path}: ${systemReason(error)}` }
    }
  }
  return {}
}

/** The files that a setting names. A folder for tokens is made when it is needed. */
function pathsOf(type: SettingDefinition['type'], value: Setting['value']): readonly string[] {
  switch (type) {
    case 'path':
      return [value as string]
    case 'path-or-url':
      return isUri(value as string) ? [] : [value as string]
    case 'key':
      return keyPath(value as string)
    case 'module':
      return isAbsolute(value as string) ? [value as string] : []
    case 'trust':
      return (value as readonly string[]).filter((each) => isAbsolute(each))
    default:
      return []
  }
}

function keyPath(key: string): string[] {
  if (!isUri(key)) return [key]
  return /^file:/i.test(key) && URL.canParse(key) ? [fileURLToPath(key)] : []
}

/** Whether a program is there, as `spawn` would look for it. */
async function isProgram(name: string): Promise<boolean> {
  const folders = isAbsolute(name) ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  const endings = process.platform === 'win32' ? ['', '.exe', '.com'] : ['']
  for (const folder of folders) {
    for (const ending of endings) {
      const path = isAbsolute(name) ? `${name}${ending}` : join(folder, `${name}${ending}`)
      const status = await stat(path).catch(() => undefined)
      if (!status?.isFile()) continue
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return true
    }
  }
  return false
}
