/**
 * A token that is far away: `p11-kit server` offers SoftHSM2's by a socket, p11-kit-client is the way to it. Killed
 * with its children it is what a pulled cable or a restarted service is.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findModule, tempDir } from '../../../support/tools.ts'
import type { Token } from './token-tool.ts'

export class P11KitServer implements AsyncDisposable {
  /** The module for this process. */
  readonly module = findModule('p11-kit-client.so') as string
  readonly #token: Token
  readonly #socket = join(tempDir(), 'pkcs11')
  #server: ChildProcess | undefined

  /** Makes p11-kit-client in this process one of this server, which is to be started. */
  constructor(token: Token) {
    this.#token = token
    process.env['P11_KIT_SERVER_ADDRESS'] = `unix:path=${this.#socket}`
  }

  async start(): Promise<void> {
    const { module, label, env } = this.#token
    const args = ['server', '--foreground', '--name', this.#socket, '--provider', module]
    // In a group of its own: it has a child for each connection, and they are killed together.
    const server = spawn('p11-kit', [...args, `pkcs11:token=${encodeURIComponent(label)}`], {
      detached: true,
      env: { ...process.env, ...env },
      stdio: 'ignore',
    })
    this.#server = server
    // The socket is there a moment before somebody listens.
    for (let wait = 0; !(await answers(this.#socket)); wait++) {
      if (server.exitCode !== null || wait > 3000) throw new Error('p11-kit server does not start')
      await sleep(10)
    }
  }

  /** Ends it and its children in the middle of whatever they do. */
  async kill(): Promise<void> {
    const server = this.#server
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    process.kill(-server.pid, 'SIGKILL')
    await ended
    rmSync(this.#socket, { force: true })
  }

  /** Stops it where it is, so that nothing is answered, until it is thawed or killed. */
  freeze(): void {
    this.#signal('SIGSTOP')
  }

  thaw(): void {
    this.#signal('SIGCONT')
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#server?.pid
    if (pid !== undefined) process.kill(-pid, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket)
  try {
    await once(connection, 'connect')
    return true
  } catch {
    return false
  } finally {
    connection.destroy()
  }
}
