import { chmodSync, lstatSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { standing } from './standing.ts'

/**
 * Listens on a UNIX socket that its owner alone can use.
 *
 * @throws TypeError where something else has the name; `EADDRINUSE` where somebody listens there already
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status !== undefined && !status.isSocket())
    throw new TypeError(`${path} is there, and is no UNIX socket`)
  // One of a proxy that was killed.
  if (status !== undefined && !(await isAlive(path))) rmSync(path)
  await standing(server, () => {
    // The name is made within the call: nobody else may connect before its mode is set.
    const before = process.umask(0o177)
    try {
      server.listen(path)
    } finally {
      process.umask(before)
    }
  })
  chmodSync(path, 0o600)
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED'))
  })
}
