/** The programs in examples/ that call an API, against the simulator, as a user would run them. */
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ClearstreamSimulator, startClearstreamSimulator } from '../../apps/simulator/index.ts'
import { build } from '../../scripts/build.mjs'
import { run } from '../interop/support/run.ts'
import { root, tempDir } from '../support/tools.ts'

const USER = 'a000012345_00012345'
const PASSWORD = 'correct horse battery staple'

let simulator: ClearstreamSimulator
let folder: string

beforeAll(() => build())
beforeEach(async () => {
  simulator = await startClearstreamSimulator()
  simulator.addConsumer({ username: USER, password: PASSWORD })
  folder = tempDir()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/sealkit'))
  for (const name of ['ky', 'openapi-fetch']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  const { pem } = await simulator.issueConsumer(USER)
  for (const [name, text] of Object.entries({ 'api.pem': pem, 'ca.pem': simulator.ca, password: PASSWORD })) {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
  }
})
afterEach(() => simulator[Symbol.asyncDispose]())

/** Runs one to its end; no secret is in what it says. */
async function example(name: string) {
  copyFileSync(join(root, 'examples', name), join(folder, name))
  const env = { PASSWORD_FILE: 'password', XDG_STATE_HOME: join(folder, 'state'), NO_PROXY: '*' }
  const args = [name, simulator.url, USER, 'api.pem', 'ca.pem']
  const { status, stdout, stderr } = await run(process.execPath, args, { cwd: folder, env })
  const said = stdout.toString() + stderr.toString()
  expect(said).not.toContain(PASSWORD)
  expect(said).not.toMatch(/eyJ/)
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

const paths = () => simulator.requests.map(({ method, path, status }) => `${method} ${path} ${status}`)
const LOGIN = 'POST /authmanager/oauth2/access_token 200'
const CALL = 'GET /playground/v1/echo 200'

describe('examples that call an API', () => {
  it.each(['authorized-fetch.mjs', 'openapi-fetch.mjs', 'ky.mjs'])('%s calls it', async (name) => {
    expect(await example(name)).toEqual({ status: 0, stdout: 'hello\n', stderr: '' })
    expect(paths()).toEqual([LOGIN, CALL])
  })

  it.each(['authorized-fetch.mjs', 'openapi-fetch.mjs', 'ky.mjs'])(
    '%s fails where it fails',
    async (name) => {
      simulator.faults.maintenance = true
      simulator.faults.paths = ['/playground']
      const { status, stdout } = await example(name)
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(paths()[0]).toBe(LOGIN)
    },
  )

  it('authorized-fetch.mjs keeps the token for the next', async () => {
    await example('authorized-fetch.mjs')
    expect((await example('authorized-fetch.mjs')).status).toBe(0)
    expect(paths()).toEqual([LOGIN, CALL, CALL])
    expect(readdirSync(join(folder, 'state/sealkit/tokens'))).toHaveLength(1)
  })

  it('own-token-store.mjs shares a token', async () => {
    const { status, stdout, stderr } = await example('own-token-store.mjs')
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '2 clients, 1 token\n', stderr: '' })
    expect(paths()).toEqual([LOGIN])
  })
})
