import { homedir } from 'node:os'
import { resolve } from 'node:path'

/** Makes a path whole: `~/` is the user's folder, others begin where `base` is. */
export function wholePath(path: string, base: string, env: NodeJS.ProcessEnv): string {
  if (path === '~' || path.startsWith('~/') || path.startsWith('~\\')) {
    return resolve(homeOf(env), path.slice(2))
  }
  return resolve(base, path)
}

/** The user's folder. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return env['HOME'] || env['USERPROFILE'] || homedir()
}
