import { type ChildProcess, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** A process of its own group can be ended with all that it started. */
export const OWN_GROUP: boolean = process.platform !== 'win32'

/**
 * Ends a process and its children: on POSIX those of its process group, on Windows by `taskkill`. Children that
 * left the group (setsid) are out of reach.
 */
export function killTree(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  if (OWN_GROUP) killGroup(child.pid, signal)
  else if (child.exitCode === null && child.signalCode === null) taskkill(child.pid)
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // There is none left.
  }
}

/** By its whole path: whatever is called taskkill in the working directory is not meant. */
function taskkill(pid: number): void {
  const program = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe')
  spawnSync(program, ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true })
}
