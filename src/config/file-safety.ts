import { ConfigError } from '../errors.ts'
import { readableByOthers, whoElseWrites } from './permissions.ts'
import type { ConfigFile } from './read-file.ts'
import type { FileEntry, FileSettings } from './read-settings.ts'
import { isUri } from './resolve-value.ts'

/**
 * Judges by a file's permissions what it may hold: what names programs must not be writable by others, and what holds
 * secrets should not be readable by them.
 *
 * @returns warnings
 * @throws ConfigError `ERR_CONFIG_SECRET`
 */
export async function checkSafety(file: ConfigFile, settings: FileSettings): Promise<string[]> {
  const entries = [
    ...settings.defaults,
    ...[...settings.profiles.values()].flatMap((profile) => profile.entries),
  ]
  const runs = entries.find(runsCode)
  const who = runs === undefined ? undefined : await whoElseWrites(file)
  if (runs !== undefined && who !== undefined) {
    const what = `${file.path} names a program to run (${runs.definition.name}) and ${who}`
    const hint = 'what others may write, they may make run: chmod go-w, or put it where only you may write'
    throw new ConfigError('ERR_CONFIG_SECRET', what, { hint })
  }
  if (!readableByOthers(file) || !entries.some(holdsSecret)) return []
  const mode = (file.mode & 0o777).toString(8).padStart(4, '0')
  return [`${file.path} holds secrets and can be read by others (mode ${mode}): chmod 600 ${file.path}`]
}

/** Commands, modules, and keys that another program or module uses. */
function runsCode({ definition, raw }: FileEntry): boolean {
  if (definition.type === 'module') return true
  if (definition.type === 'key') return isUri(raw as string) && !/^file:/i.test(raw as string)
  return definition.type === 'secret' && typeof raw === 'object' && 'command' in raw
}

/** Whether an entry is or holds the secret itself, not only where it is. */
export function holdsSecret({ definition, raw }: Pick<FileEntry, 'definition' | 'raw'>): boolean {
  if (typeof raw !== 'string') return false
  return definition.type === 'secret' || (definition.type === 'key' && PIN_IN_URI.test(raw))
}

/** A URI of a key in a token may hold the PIN (RFC 7512 section 2.4). */
export const PIN_IN_URI: RegExp = /([?&]pin-value=)[^&]*/i
