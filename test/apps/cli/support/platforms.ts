/** Both simulators with a user each, and a folder with a configuration for them: for the tests of the clients' commands. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import {
  type ClearstreamSimulator,
  startClearstreamSimulator,
} from '../../../../apps/simulator/clearstream/clearstream-simulator.ts'
import { type MoexSimulator, startMoexSimulator } from '../../../../apps/simulator/moex/moex-simulator.ts'
import { build } from '../../../../scripts/build.mjs'
import { tempDir } from '../../../support/tools.ts'
import { PASSWORD, type Result, type RunOptions, sealkit } from './program.ts'

/** No output of a command that is not asked for a token may show one of these. */
export const CLIENT_SECRET = 'Zq9x7/client+secret=='
export const USER = 'a000012345_00012345'

export interface Platforms extends AsyncDisposable {
  readonly folder: string
  readonly moex: MoexSimulator
  readonly clearstream: ClearstreamSimulator
  /** Runs the command in the folder, with nothing of this machine's own. */
  run(args: readonly string[], options?: RunOptions): Promise<Result>
  readonly env: Readonly<Record<string, string>>
}

export async function startPlatforms(): Promise<Platforms> {
  await build()
  const folder = tempDir()
  const moex = await startMoexSimulator()
  const clearstream = await startClearstreamSimulator()
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 })
  const { keyPem, certificatePem } = await moex.issueUser({ login: 'jane', password: PASSWORD })
  moex.addClient({ clientId: 'bank-app', clientSecret: CLIENT_SECRET })
  clearstream.addConsumer({ username: USER, password: PASSWORD })
  const { pem } = await clearstream.issueConsumer(USER)
  put('key.pem', keyPem)
  put('cert.pem', certificatePem)
  put('password', `${PASSWORD}\n`)
  put('client-secret', CLIENT_SECRET)
  put('moex-ca.pem', moex.ca)
  mkdirSync(join(folder, 'keystores'), { mode: 0o700 })
  put(`keystores/ocapi-${USER}-ssl.pem`, pem)
  put(`keystores/ocapi-${USER}-cacert.pem`, clearstream.ca)
  mkdirSync(join(folder, 'config/sealkit'), { recursive: true })
  put('config/sealkit/config.toml', configuration(folder, moex, clearstream))
  const env = {
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
  }
  return {
    folder,
    moex,
    clearstream,
    env,
    run: (args, options = {}) => sealkit(args, { cwd: folder, ...options, env: { ...env, ...options.env } }),
    async [Symbol.asyncDispose]() {
      await moex[Symbol.asyncDispose]()
      await clearstream[Symbol.asyncDispose]()
    },
  }
}

function configuration(folder: string, moex: MoexSimulator, clearstream: ClearstreamSimulator): string {
  const path = (name: string) => JSON.stringify(join(folder, name))
  return `
[profiles.m]
platform = "moex"
passport-url = "${moex.passportUrl}"
token-url = "${moex.tokenUrl}"
api-origins = ["${moex.url}"]
login = "jane"
password = { file = ${path('password')} }
client-id = "bank-app"
client-secret = { file = ${path('client-secret')} }
scope = "client_registration"
key = ${path('key.pem')}
certificate = ${path('cert.pem')}
ca = ${path('moex-ca.pem')}
proxy = "none"

[profiles.c]
platform = "clearstream"
url = "${clearstream.url}"
credentials = ${path('keystores')}
password = { file = ${path('password')} }
proxy = "none"
`
}

/** Searched for in everything but the token that was asked for. */
export function expectNoToken({ stdout, stderr }: Result): void {
  for (const text of [stdout.toString(), stderr]) {
    expect(text).not.toContain(CLIENT_SECRET)
    expect(text).not.toContain(encodeURIComponent(CLIENT_SECRET))
    expect(text).not.toMatch(/eyJ[\w-]{10,}/)
    expect(text).not.toContain(Buffer.from(PASSWORD).toString('base64').slice(0, 20))
  }
}
