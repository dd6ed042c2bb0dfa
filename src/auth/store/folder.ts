import { mkdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import { AuthError } from '../../errors.ts'

/** What of a process says where tokens lie. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly home: string
}

/**
 * Where a user's tokens lie: state, by the rules of XDG, not configuration; on Windows what does not roam.
 *
 * @throws AuthError `ERR_AUTH_STORE` where there is no home
 */
export function defaultFolder({ env, platform, home }: Surroundings = here()): string {
  if (platform === 'win32') {
    const base = env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local')
    return win32.join(base, 'sealkit', 'tokens')
  }
  const state = env['XDG_STATE_HOME'] ?? ''
  // XDG: a path that is not absolute is passed over.
  const base = posix.isAbsolute(state) ? state : posix.join(home, '.local', 'state')
  if (posix.isAbsolute(base)) return posix.join(base, 'sealkit', 'tokens')
  throw new AuthError('ERR_AUTH_STORE', 'no folder for tokens: there is no home folder', { hint: OWN_FOLDER })
}

function here(): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir() }
}

/**
 * Makes the folder, for its owner alone, where it is missing.
 *
 * @throws AuthError `ERR_AUTH_STORE` where it cannot be made, or is not ours alone
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw storeError(`cannot make the folder ${folder}`, cause)
  }
  await checkFolder(folder)
}

/**
 * Looks whether a folder is ours, and others cannot put files in it. A symbolic link to one that is will do.
 *
 * @returns whether it is there
 * @throws AuthError `ERR_AUTH_STORE`
 */
export async function checkFolder(folder: string): Promise<boolean> {
  try {
    const stats = await stat(folder)
    if (!stats.isDirectory()) throw refused(`${folder} is no folder`, OWN_FOLDER)
    checkOwner(folder, stats.uid)
    if (hasModes() && (stats.mode & 0o022) !== 0) {
      throw refused(`others may write in ${folder}`, `take the right from them: chmod 700 ${folder}`)
    }
    return true
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return false
    throw storeError(`cannot use the folder ${folder}`, cause)
  }
}

/** @throws AuthError `ERR_AUTH_STORE` for what belongs to another user */
export function checkOwner(path: string, uid: number): void {
  const own = process.geteuid?.()
  if (own === undefined || uid === own) return
  throw refused(`${path} belongs to another user (${uid}, this is ${own})`, OWN_FOLDER)
}

/** An error of the file system as one of the store's. Those that are one already stay. */
export function storeError(what: string, cause: unknown): AuthError {
  if (cause instanceof AuthError) return cause
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const reason = REASONS.get(code) ?? `the system says ${code === '' ? String(cause) : code}`
  return new AuthError('ERR_AUTH_STORE', `${what}: ${reason}`, { cause, hint: OWN_FOLDER })
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}

export function refused(message: string, hint: string): AuthError {
  return new AuthError('ERR_AUTH_STORE', message, { hint })
}

/** Windows has no such modes; what is in the user's own folder is the user's. */
export function hasModes(): boolean {
  return process.platform !== 'win32'
}

const OWN_FOLDER = 'give the store a folder that is yours and that you can write to, or keep tokens in memory'

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'no permission'],
  ['EPERM', 'no permission'],
  ['ELOOP', 'it is a symbolic link'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'what should be a folder is none'],
  ['EEXIST', 'what should be a folder is none'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'there is no space left'],
  ['EDQUOT', 'the quota is used up'],
  ['ENAMETOOLONG', 'the name is too long'],
])
