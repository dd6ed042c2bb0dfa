import { stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { ConfigError } from '../errors.ts'
import { CONFIG_VARIABLE } from './names.ts'
import { homeOf, wholePath } from './paths.ts'

/** Where the configuration file was looked for, and found. */
export interface FoundFile {
  /** Its whole path; undefined where there is none. */
  readonly path: string | undefined
  /** By which of the three ways. */
  readonly by: 'option' | 'environment' | 'search'
  /** The places, in their order. */
  readonly searched: readonly string[]
}

/**
 * Finds the configuration file: the one that is named, else that of `SEALKIT_CONFIG`, else the first that is there of
 * `sealkit/config.toml` and `sealkit/config.json` in the user's folder of configurations and the system's (XDG Base
 * Directory Specification; `%APPDATA%` on Windows). The current folder is not looked at: a file in it, which may come
 * from anybody, could name commands to run.
 *
 * @throws ConfigError `ERR_CONFIG_NOT_FOUND` where the file that was named is not there
 * @example
 * ```ts
 * import { findConfigFile } from 'sealkit/config'
 * const { path, searched } = await findConfigFile()
 * console.log(path ?? `none of ${searched.join(', ')}`)
 * ```
 */
export async function findConfigFile(
  options: { file?: string | undefined; env?: NodeJS.ProcessEnv | undefined } = {},
): Promise<FoundFile> {
  const { file, env = process.env } = options
  if (file !== undefined) return await named(resolve(file), 'option')
  const fromEnvironment = env[CONFIG_VARIABLE]
  if (fromEnvironment) return await named(wholePath(fromEnvironment, process.cwd(), env), 'environment')
  const searched = configFolders(env).flatMap((folder) =>
    ['config.toml', 'config.json'].map((name) => join(folder, 'sealkit', name)),
  )
  for (const path of searched) if (await isThere(path)) return { path, by: 'search', searched }
  return { path: undefined, by: 'search', searched }
}

async function named(path: string, by: 'option' | 'environment'): Promise<FoundFile> {
  if (await isThere(path)) return { path, by, searched: [path] }
  const hint = by === 'option' ? 'name a file that is there' : `${CONFIG_VARIABLE} names it: set or unset it`
  throw new ConfigError('ERR_CONFIG_NOT_FOUND', `there is no configuration file ${path}`, { hint })
}

/** A file without permission is there: to pass it over would use another configuration than was meant. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code !== 'ENOENT' && code !== 'ENOTDIR'
  }
}

/** Where the user's own configuration file is, or would be. */
export function userConfigFile(env: NodeJS.ProcessEnv): string {
  return join(configFolders(env)[0] as string, 'sealkit', 'config.toml')
}

/** Folders of configurations, the user's first. A relative one is none, by the XDG specification. */
function configFolders(env: NodeJS.ProcessEnv): string[] {
  const { XDG_CONFIG_HOME: home, XDG_CONFIG_DIRS: shared } = env
  const own = home && isAbsolute(home) ? home : userFolder(env)
  const others = (shared || (process.platform === 'win32' ? '' : '/etc/xdg'))
    .split(process.platform === 'win32' ? ';' : ':')
    .filter((folder) => isAbsolute(folder))
  return [...new Set([own, ...others])]
}

function userFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32' && env['APPDATA']) return env['APPDATA']
  return join(homeOf(env), '.config')
}
