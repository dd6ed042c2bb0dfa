/** A Clearstream simulator with one consumer, its files, and the doctor on them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { clearstreamDoctor, type DoctorOptions, type DoctorReport } from '../../../../apps/doctor/index.ts'
import {
  type ClearstreamSimulator,
  startClearstreamSimulator,
} from '../../../../apps/simulator/clearstream/clearstream-simulator.ts'
import { memoryTokenStore } from '../../../../src/auth/store/memory-store.ts'
import { type Flags, loadProfile } from '../../../../src/config/index.ts'
import { TraceRecorder } from '../../../../src/http/index.ts'
import { tempDir } from '../../../support/tools.ts'

export const USER = 'a000012345_00012345'
export const PASSWORD = 'correct horse battery staple'

export interface Bench extends AsyncDisposable {
  readonly simulator: ClearstreamSimulator
  readonly folder: string
  put(name: string, text: string | Uint8Array, mode?: number): string
  /** The doctor, with settings in place of the good ones; `undefined` takes one away. */
  examine(settings?: Record<string, Flags[string]>, options?: Partial<DoctorOptions>): Promise<DoctorReport>
}

export async function startBench(
  options: Parameters<typeof startClearstreamSimulator>[0] = {},
): Promise<Bench> {
  const simulator = await startClearstreamSimulator(options)
  simulator.addConsumer({ username: USER, password: PASSWORD })
  const folder = tempDir()
  const put: Bench['put'] = (name, text, mode = 0o600) => {
    const path = join(folder, name)
    writeFileSync(path, text, { mode })
    return path
  }
  mkdirSync(join(folder, 'keystores'), { mode: 0o700 })
  const { pem } = await simulator.issueConsumer(USER)
  put('empty.toml', '')
  put('password', `${PASSWORD}\n`)
  put(`keystores/ocapi-${USER}-ssl.pem`, pem)
  put(`keystores/ocapi-${USER}-cacert.pem`, simulator.ca)
  const good: Record<string, Flags[string]> = {
    url: simulator.url,
    credentials: join(folder, 'keystores'),
    'password-file': join(folder, 'password'),
    proxy: 'none',
    timeout: '20',
  }
  return {
    simulator,
    folder,
    put,
    async examine(settings = {}, more = {}) {
      const recorder = new TraceRecorder()
      const flags = Object.fromEntries(
        Object.entries({ ...good, ...settings }).filter(([, value]) => value !== undefined),
      )
      const report = await clearstreamDoctor({
        load: () =>
          loadProfile({ platform: 'clearstream', file: join(folder, 'empty.toml'), flags, env: {} }),
        store: memoryTokenStore(),
        trace: recorder.trace,
        ...more,
      })
      expectNoSecret(JSON.stringify(report.steps), PASSWORD)
      expectNoSecret(recorder.text(), PASSWORD)
      return report
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

/** In no encoding: passwords, tokens, keys. */
export function expectNoSecret(text: string, ...secrets: readonly string[]): void {
  for (const secret of secrets) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(encodeURIComponent(secret))
    expect(text).not.toContain(encodeURIComponent(secret).replaceAll('%20', '+'))
    expect(text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
  }
  expect(text).not.toMatch(/eyJ[\w-]{10,}\.[\w-]/)
  expect(text).not.toMatch(/PRIVATE KEY-----\s*[A-Za-z0-9+/]/)
}

/** What a report says in short: the outcome of each step. */
export function outcomes({ steps }: DoctorReport): Record<string, string> {
  return Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]))
}
