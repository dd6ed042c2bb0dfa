import { posix, win32 } from 'node:path'
import type { ValidataFamily } from '../options.ts'

/** A program of Validata's: its name without `.exe`, and what it signs with. */
export interface KnownTool {
  readonly name: string
  readonly family: ValidataFamily
}

/** In the order in which they are looked for. */
export const KNOWN_TOOLS: readonly KnownTool[] = [
  // Named by MOEX's guide, in C:\Program Files\Validata\zpci.
  { name: 'zpci1utl', family: 'GOST' },
  // Named by others, in C:\Program Files\Validata\zpki.
  { name: 'zpki1utl', family: 'GOST' },
  // MOEX's guide, for RSA; unpacked by the user, hence anywhere.
  { name: 'rpki1utl', family: 'RSA' },
  // An older version.
  { name: 'xpki1utl', family: 'GOST' },
  // The Bank of Russia's.
  { name: 'spki1utl', family: 'GOST' },
]

/** Below the folder of programs. */
const FOLDERS = ['zpci', 'zpki', 'rpki', 'xpki', 'spki', 'zcs', 'rcs', 'xcs'].map((name) => [
  'Validata',
  name,
])
const WINDOWS_FOLDERS = [...FOLDERS, ['Validata'], ['MDPREI', 'spki']]

/** The machine, as far as where programs lie depends on it. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The folders that Validata installs into, of 64 bits before those of 32. */
export function knownFolders({ platform, env }: Machine, underWine: boolean): string[] {
  if (platform === 'win32') {
    const variables = ['ProgramW6432', 'ProgramFiles', 'ProgramFiles(x86)']
    const given = variables.map((name) => variable(env, name)).filter((root) => root !== undefined)
    const roots = given.length > 0 ? [...new Set(given)] : ['C:\\Program Files', 'C:\\Program Files (x86)']
    return roots.flatMap((root) => WINDOWS_FOLDERS.map((folder) => win32.join(root, ...folder)))
  }
  const native = ['/opt/Validata', '/opt/validata'].flatMap((root) => [
    root,
    posix.join(root, 'bin'),
    ...FOLDERS.flatMap(([, name = '']) => [posix.join(root, name), posix.join(root, name, 'bin')]),
  ])
  return underWine ? [...wineFolders(env), ...native] : native
}

/** Windows knows its variables in any case. */
function variable(env: Machine['env'], name: string): string | undefined {
  const found = Object.keys(env).find((each) => each.toLowerCase() === name.toLowerCase())
  const value = found === undefined ? undefined : env[found]
  return value === '' ? undefined : value
}

function wineFolders(env: Machine['env']): string[] {
  const home = env['HOME']
  const drive = env['WINEPREFIX'] ?? (home === undefined ? undefined : posix.join(home, '.wine'))
  if (drive === undefined) return []
  return ['Program Files', 'Program Files (x86)'].flatMap((programs) =>
    WINDOWS_FOLDERS.map((folder) => posix.join(drive, 'drive_c', programs, ...folder)),
  )
}

/** What a tool of an unknown path is, by its file's name: `rpki1utl64.exe` is rpki1utl. */
export function knownTool(file: string): KnownTool | undefined {
  const base = win32.basename(file).toLowerCase()
  return KNOWN_TOOLS.find(({ name }) => isNamed(base, name))
}

/** Whether a file's name is that of a tool: MOEX's archive has versions of 32 and 64 bits beside each other. */
export function isNamed(file: string, tool: string): boolean {
  const escaped = tool.replace(/\.exe$/i, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped}([-_ ]?x?(32|64|86))?(\\.exe)?$`, 'i').test(file)
}
