/** The proof: eight processes of fifty callers on one folder make one token request, to a real HTTPS server. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClearstreamSimulator, startClearstreamSimulator } from '../../../apps/simulator/index.ts'
import { fileTokenStore } from '../../../src/auth/store/file-store.ts'
import { lookAt } from '../../../src/auth/store/lock-record.ts'
import { tempDir } from '../../support/tools.ts'
import type { CallersOptions, CallersReport } from './support/callers.ts'
import { type Started, useProcesses } from './support/processes.ts'

const USER = 'a000012345_00012345'
const PASSWORD = 'correct horse battery staple'
/** Longer than a test may take: who waits for it fails by the test's own bound. */
const LONG = 900_000

const start = useProcesses(new URL('./support/callers.ts', import.meta.url))
let simulator: ClearstreamSimulator
let options: CallersOptions
let file: string

beforeEach(async () => {
  simulator = await startClearstreamSimulator()
  simulator.addConsumer({ username: USER, password: PASSWORD })
  const { pem } = await simulator.issueConsumer(USER)
  const folder = join(tempDir(), 'tokens')
  const { url, ca } = simulator
  options = { url, ca, credential: pem, username: USER, password: PASSWORD, folder, lease: LONG }
  file = join(tempDir(), 'options.json')
  writeFileSync(file, JSON.stringify(options), { mode: 0o600 })
})
afterEach(() => simulator[Symbol.asyncDispose]())

const startMany = (count: number) => Array.from({ length: count }, () => start([file]))

/** What a process that has ended well said. */
async function reportOf({ ended, lines }: Started): Promise<CallersReport> {
  expect(await ended).toEqual({ code: 0, signal: null })
  return JSON.parse(lines.at(-1) ?? '')
}

const tokenRequests = () => simulator.requests.filter(({ path }) => path.endsWith('/access_token')).length

/** Waits for a state; the bound against hanging is the test's. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5)
}

/** The one file that is left holds the token whole, and nothing of it is anywhere else. */
async function expectOneFile(): Promise<void> {
  const warnings: string[] = []
  const store = fileTokenStore({ folder: options.folder, onWarning: (warning) => warnings.push(warning) })
  const [entry, ...others] = await store.list()
  expect(others).toEqual([])
  expect(entry?.token?.accessToken).toMatch(/^eyJ/)
  // Whoever comes next finds the lock free, and sweeps what the killed have left.
  const [name = ''] = readdirSync(options.folder).filter((name) => name.endsWith('.json'))
  await store.withLock(name.slice(0, -'.json'.length), async () => {})
  expect(readdirSync(options.folder)).toEqual([name])
  expect(readFileSync(join(options.folder, name), 'utf8')).not.toContain(PASSWORD)
  expect(warnings).toEqual([])
}

describe('eight processes of fifty callers', () => {
  it('make one token request', async () => {
    simulator.faults.slow = { milliseconds: 300 }
    const reports = await Promise.all(startMany(8).map(reportOf))
    expect(tokenRequests()).toBe(1)
    const [first] = reports
    expect(first?.tokens).toHaveLength(1)
    expect(reports).toEqual(Array(8).fill({ tokens: first?.tokens, callers: 50, warnings: [] }))
    await expectOneFile()
  })

  it('make one more for each who is killed while he makes it, and leave no dead lock', async () => {
    simulator.faults.slow = { milliseconds: 60_000 }
    let running = startMany(8)
    await Promise.all(running.map(({ spoke }) => spoke))
    for (const requests of [1, 2, 3]) {
      const haveEnded = () => running.every(({ child }) => child.exitCode !== null)
      await until(() => tokenRequests() === requests || haveEnded())
      expect(tokenRequests()).toBe(requests)
      // From now on the server answers at once.
      if (requests === 2) simulator.faults.slow = undefined
      if (requests === 3) break
      const [lock = ''] = readdirSync(options.folder).filter((name) => name.endsWith('.lock'))
      const holder = lookAt(join(options.folder, lock))?.owner?.pid
      const [killed] = running.filter(({ child }) => child.pid === holder)
      killed?.child.kill('SIGKILL')
      expect(await killed?.ended).toEqual({ code: null, signal: 'SIGKILL' })
      running = running.filter((each) => each !== killed)
    }
    const reports = await Promise.all(running.map(reportOf))
    expect(reports).toHaveLength(6)
    expect(new Set(reports.flatMap(({ tokens }) => tokens)).size).toBe(1)
    expect(tokenRequests()).toBe(3)
    await expectOneFile()
  })

  it('give all who live a token, whoever is killed at whatever moment', async () => {
    simulator.faults.slow = { milliseconds: 100 }
    const running = startMany(8)
    const killed = running.slice(0, 4)
    await Promise.all(
      killed.map(async ({ spoke, child }) => {
        await spoke
        await sleep(Math.random() * 200)
        child.kill('SIGKILL')
      }),
    )
    const reports = await Promise.all(running.slice(4).map(reportOf))
    expect(new Set(reports.flatMap(({ tokens }) => tokens)).size).toBe(1)
    expect(tokenRequests()).toBeLessThanOrEqual(1 + killed.length)
    await Promise.all(killed.map(({ ended }) => ended))
    await expectOneFile()
  })
})
