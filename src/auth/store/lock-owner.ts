import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Who made a lock file: what stands in it. Nothing secret. */
export interface LockOwner {
  /** Of this one file: no other, before or after it, has the same. */
  readonly nonce: string
  /** For people. */
  readonly host: string
  readonly pid: number
  /** What `pid` belongs to: numbers of another realm say nothing here. */
  readonly realm: string
  /** When the process began, as its system counts it; empty where the system does not tell. */
  readonly began: string
}

/** This process, as the maker of a new file. */
export function newOwner(): LockOwner {
  const nonce = randomBytes(16).toString('hex')
  return { nonce, host: hostname(), pid: process.pid, realm, began: statOf(process.pid)?.began ?? '' }
}

/** @returns undefined for anything that `JSON.stringify(newOwner())` cannot have made */
export function parseOwner(text: string): LockOwner | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { nonce, host, pid, realm, began } = value as Record<string, unknown>
  if (typeof nonce !== 'string' || !/^[0-9a-f]{32}$/.test(nonce)) return undefined
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1 || pid > 2 ** 31) return undefined
  if (typeof host !== 'string' || typeof realm !== 'string' || typeof began !== 'string') return undefined
  return { nonce, host, pid, realm, began }
}

/** Whether the process is known to have ended. One of another machine is never known to. */
export function hasEnded(owner: Pick<LockOwner, 'pid' | 'realm' | 'began'>): boolean {
  if (owner.realm !== realm) return false
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
  const stat = statOf(owner.pid)
  if (stat === undefined) return false
  // One that was killed and not yet asked for by its parent; or another that got the same number.
  return /^[ZX]$/.test(stat.state) || (owner.began !== '' && stat.began !== owner.began)
}

/**
 * Where numbers of processes mean the same: the machine since it was started and, on Linux, the namespace.
 * Containers may share a folder, and even a host name, and not their processes.
 */
export const realm = createHash('sha256')
  .update(JSON.stringify([hostname(), contentOf('/proc/sys/kernel/random/boot_id'), namespace()]))
  .digest('hex')
  .slice(0, 16)

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** Fields 3 and 22 of Linux's proc_pid_stat(5); the name before them may hold blanks and brackets. */
function statOf(pid: number): { state: string; began: string } | undefined {
  const text = contentOf(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, began] = [fields[0], fields[19]]
  return state === undefined || began === undefined ? undefined : { state, began }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
