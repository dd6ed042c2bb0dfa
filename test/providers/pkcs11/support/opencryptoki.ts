/**
 * opencryptoki's token in software: the one that counts wrong PINs and locks. Its data and its daemon are the
 * machine's, so only one suite has them at a time, and none where a token is that is not a test's.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findModule } from '../../../support/tools.ts'
import { RawModule } from './raw.ts'
import type { Token } from './token-tool.ts'

const data = '/var/lib/opencryptoki'
const locks = '/var/lock/opencryptoki'
const memory = '/dev/shm'
const socket = '/run/pkcsslotd.socket'
const pidFile = '/run/pkcsslotd.pid'
/** Says whose the data are: the process, and what was there before it. */
const noteFile = join(data, 'sealkit-test.json')

const label = 'sealkit-test'
/** What an empty token has. */
const firstSoPin = '87654321'
const soPin = '76543210'
/** The longest that the token takes. */
export const pin = '24681357'

interface Note {
  readonly pid: number
  readonly before: readonly string[]
}

export class Opencryptoki implements AsyncDisposable {
  readonly token: Token = { module: findModule('libopencryptoki.so') as string, label, pin, env: {} }
  readonly #stop: () => Promise<void>

  private constructor(stop: () => Promise<void>) {
    this.#stop = stop
  }

  /** Waits for its turn, starts the daemon, makes a token. */
  static async open(): Promise<Opencryptoki> {
    await takeTurn()
    const stop = await startDaemon()
    const opencryptoki = new Opencryptoki(stop)
    opencryptoki.#initialise()
    return opencryptoki
  }

  #initialise(): void {
    using module = new RawModule(this.token.module)
    const { pkcs11, c } = module
    const models = pkcs11.C_GetSlotList(true).filter((one) => /soft/i.test(pkcs11.C_GetTokenInfo(one).model))
    const [slot] = models
    if (slot === undefined) throw new Error('opencryptoki.conf has no token in software')
    // 32 characters are read, and pkcs11js does not pad.
    pkcs11.C_InitToken(slot, firstSoPin, label.padEnd(32))
    const session = module.session(slot)
    pkcs11.C_Login(session, c.CKU_SO, firstSoPin)
    pkcs11.C_SetPIN(session, firstSoPin, soPin)
    // The first PIN is one to be changed; so the user changes it.
    pkcs11.C_InitPIN(session, '11223344')
    pkcs11.C_Logout(session)
    pkcs11.C_Login(session, c.CKU_USER, '11223344')
    pkcs11.C_SetPIN(session, '11223344', pin)
    pkcs11.C_Logout(session)
  }

  /** Sets the count of wrong PINs to 0, as the security officer of a company does it. */
  unlock(module: RawModule): void {
    const { pkcs11, c } = module
    const session = module.session(module.slot(label))
    pkcs11.C_Login(session, c.CKU_SO, soPin)
    pkcs11.C_InitPIN(session, pin)
    pkcs11.C_CloseSession(session)
  }

  /** Ends the daemon and leaves everything as it was. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
    cleanUp()
  }
}

/** Everything that opencryptoki writes. */
function written(): string[] {
  const below = (folder: string): string[] => {
    if (!existsSync(folder)) return []
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  }
  const shared = readdirSync(memory).filter((name) => name.startsWith('var.lib.opencryptoki.'))
  return [...below(data), ...below(locks), ...shared.map((name) => join(memory, name))]
}

async function takeTurn(): Promise<void> {
  for (let wait = 0; ; wait++) {
    if (readNote() === undefined) {
      const owned = written().filter((path) => path.endsWith('NVTOK.DAT'))
      if (owned.length > 0) throw new Error(`opencryptoki has a token that is not a test's: ${owned}`)
      if (isRunning(readPid())) throw new Error("opencryptoki's daemon is running, and not for a test")
    }
    if (await tryNote()) return
    if (wait > 2400) throw new Error('another test has opencryptoki and does not end')
    await sleep(100)
  }
}

/** Takes over from a test that was killed, whose data still lie there. */
async function tryNote(): Promise<boolean> {
  const note = readNote()
  if (note !== undefined) {
    if (isRunning(note.pid)) return false
    await endDaemon(readPid())
    cleanUp()
  }
  try {
    writeFileSync(noteFile, JSON.stringify({ pid: process.pid, before: written() }), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

function readNote(): Note | undefined {
  try {
    return JSON.parse(readFileSync(noteFile, 'utf8')) as Note
  } catch {
    return undefined
  }
}

function cleanUp(): void {
  const before = new Set(readNote()?.before)
  // The note last: while it is there nobody else begins.
  const made = written().filter((path) => !before.has(path) && path !== noteFile)
  for (const path of made) rmSync(path, { recursive: true, force: true })
  rmSync(noteFile, { force: true })
}

/** Waits for it: one that is still ending takes the next one's socket and shared memory with it. */
async function endDaemon(pid: number): Promise<void> {
  for (let wait = 0; isRunning(pid); wait++) {
    if (wait % 100 === 0) process.kill(pid, wait < 500 ? 'SIGTERM' : 'SIGKILL')
    await sleep(10)
  }
}

async function startDaemon(): Promise<() => Promise<void>> {
  // One that was killed leaves its socket, which would look like the new daemon's.
  rmSync(socket, { force: true })
  const daemon = spawn('pkcsslotd', ['-f'], { stdio: 'ignore' })
  const ended = once(daemon, 'exit')
  for (let wait = 0; !isSocket(); wait++) {
    if (daemon.exitCode !== null || wait > 3000) throw new Error('pkcsslotd does not start')
    await sleep(10)
  }
  return async () => {
    daemon.kill('SIGTERM')
    await ended
  }
}

function isSocket(): boolean {
  return statSync(socket, { throwIfNoEntry: false })?.isSocket() === true
}

/** The daemon's process; 0 where none runs: the file of one that was killed may name somebody else's by now. */
function readPid(): number {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'pkcsslotd' ? pid : 0
  } catch {
    return 0
  }
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
