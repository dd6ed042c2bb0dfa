import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** A module of p11-kit's configuration (pkcs11.conf(5)). */
export interface P11KitModule {
  /** The configuration file's name without `.module`. */
  readonly name: string
  readonly path: string
  /** Higher comes first. */
  readonly priority: number
}

/** Where p11-kit keeps its configuration. */
export interface P11KitFolders {
  readonly system: string
  readonly systemModules: readonly string[]
  readonly user: string
  /** Where modules lie that are named without a path. */
  readonly libraries: readonly string[]
}

/** As distributions have it. */
function p11KitFolders(): P11KitFolders {
  return {
    system: '/etc/pkcs11/pkcs11.conf',
    systemModules: ['/usr/share/p11-kit/modules', '/etc/pkcs11/modules'],
    user: join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'pkcs11'),
    libraries: [
      '/usr/lib/x86_64-linux-gnu/pkcs11',
      '/usr/lib/aarch64-linux-gnu/pkcs11',
      '/usr/lib64/pkcs11',
      '/usr/lib/pkcs11',
      '/usr/local/lib/pkcs11',
      '/opt/homebrew/lib/pkcs11',
    ],
  }
}

type Settings = ReadonlyMap<string, string>

/**
 * Reads p11-kit's configuration: what is enabled for this program, the highest priority first. Modules behind a
 * `remote:` command are p11-kit's own to start, so they are left out; its client reaches them. So are those with
 * authorities only.
 *
 * @param exists whether a file is there
 * @param program by its name in enable-in and disable-in
 */
export async function readP11Kit(
  exists: (path: string) => boolean,
  folders: P11KitFolders = p11KitFolders(),
  program = 'sealkit',
): Promise<P11KitModule[]> {
  const found = new Map<string, Settings>()
  for (const folder of await foldersOf(folders)) {
    for (const [name, settings] of await readFolder(folder)) {
      // The user's setting of a module is merged into the system's.
      found.set(name, new Map([...(found.get(name) ?? []), ...settings]))
    }
  }
  return [...found]
    .flatMap(([name, settings]) => moduleOf(name, settings, folders.libraries, exists, program))
    .sort((a, b) => b.priority - a.priority || a.name.localeCompare(b.name))
}

/** By `user-config`: none, merge (the default), only, override. */
async function foldersOf({ system, systemModules, user }: P11KitFolders): Promise<string[]> {
  const mode = (await readSettings(system)).get('user-config') ?? 'merge'
  const own = join(user, 'modules')
  if (mode === 'none') return [...systemModules]
  return mode === 'only' || mode === 'override' ? [own] : [...systemModules, own]
}

async function readFolder(folder: string): Promise<[string, Settings][]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.module')).sort()
  return await Promise.all(
    names.map(async (name): Promise<[string, Settings]> => {
      return [name.slice(0, -'.module'.length), await readSettings(join(folder, name))]
    }),
  )
}

/** Lines of `name: value`; `#` begins a comment. */
async function readSettings(file: string): Promise<Settings> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.split(/\r?\n/).map((line) => /^\s*([\w-]+)\s*:\s*(.*?)\s*$/.exec(line))
  return new Map(lines.flatMap((line) => (line === null ? [] : [[line[1] as string, line[2] as string]])))
}

function moduleOf(
  name: string,
  settings: Settings,
  libraries: readonly string[],
  exists: (path: string) => boolean,
  program: string,
): P11KitModule[] {
  const module = settings.get('module')
  if (
    module === undefined ||
    module === '' ||
    settings.has('remote') ||
    settings.get('trust-policy') === 'yes' ||
    !isEnabled(settings, program)
  )
    return []
  const places = isAbsolute(module) ? [module] : libraries.map((folder) => join(folder, module))
  const path = places.find(exists)
  return path === undefined ? [] : [{ name, path, priority: Number(settings.get('priority')) || 0 }]
}

function isEnabled(settings: Settings, program: string): boolean {
  const list = (name: string): string[] | undefined => settings.get(name)?.split(/[\s,]+/)
  const only = list('enable-in')
  if (only !== undefined) return only.includes(program)
  return !(list('disable-in') ?? []).includes(program)
}
