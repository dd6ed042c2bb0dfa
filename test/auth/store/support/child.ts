/** A process of its own on a store: `node child.js MODE FOLDER LEASE [NAME]`. Run by `processes.ts`. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileTokenStore } from '../../../../src/auth/store/file-store.ts'
import { tokenKeyId } from '../../../../src/auth/token-set.ts'
import { fullEntry, key } from '../entries.ts'

const [mode = '', folder = '', lease = '', name = ''] = process.argv.slice(2)
const store = fileTokenStore({ folder, lease: Number(lease) })
const id = tokenKeyId(key('alice'))
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Adds a line to a file in a way that loses one when two do it at a time. Whole or not at all. */
async function addLine(line: string): Promise<void> {
  const path = join(folder, '..', 'lines')
  const before = readFileSync(path, 'utf8')
  await sleep(Math.random() * 4)
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${before}${line}\n`)
  renameSync(draft, path)
}

const modes: Record<string, () => Promise<void>> = {
  /** Takes the lock, says so and keeps it. */
  hold: () =>
    store.withLock(id, async () => {
      say('held')
      await sleep(2 ** 30)
    }),
  /** The same, and no timer ever runs: as a process that hangs. */
  hang: () =>
    store.withLock(id, async () => {
      say('held')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    }),
  /** Takes the lock once and ends. */
  once: async () => {
    await store.withLock(id, async () => say('held'))
  },
  /** Adds lines under the lock, and says which have been added. */
  add: async () => {
    for (let i = 0; i < 20; i++) {
      await store.withLock(id, () => addLine(`${name}.${i}`))
      say(`${name}.${i}`)
    }
  },
  /** The same with fewer lines, and is killed with the lock in its hand. */
  'add-and-die': async () => {
    for (let i = 0; i < 5; i++) {
      await store.withLock(id, async () => {
        await addLine(`${name}.${i}`)
        say(`${name}.${i}`)
        if (i === 4) process.kill(process.pid, 'SIGKILL')
      })
    }
  },
  /** Writes entries of different lengths, without end. */
  write: async () => {
    say('writing')
    for (let i = 1; ; i = (i * 7) % 1009) await store.write(id, fullEntry('alice', `${i}.`.repeat(i * 10)))
  },
  /** Writes once. */
  'write-once': async () => {
    await store.write(id, fullEntry('alice'))
    say('written')
  },
}

await modes[mode]?.().catch((error) => {
  say(`${error.code} ${error.message} | ${error.hint}`)
  process.exitCode = 1
})
