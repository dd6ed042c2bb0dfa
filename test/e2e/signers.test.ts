/** MOEX with keys that never leave their place: in SoftHSM2, and behind the stand-in for Validata's programs. */
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type ConnectProxy, startConnectProxy } from '../../apps/simulator/index.ts'
import { build } from '../../scripts/build.mjs'
import { mustRun } from '../interop/support/run.ts'
import { openSoftHsm, type SoftHsm, userPin } from '../providers/pkcs11/support/softhsm.ts'
import { gostStandIn, PIN, rsaStandIn, type StandIn } from '../providers/validata/support/stand-in.ts'
import { describeWith } from '../support/tools.ts'
import {
  byCommand,
  byLibrary,
  expectFailure,
  expectSuccess,
  LOGIN,
  moexPlatform,
  type Platform,
} from './support/rig.ts'
import { keepSecret, PASSWORD, watchIssuedTokens } from './support/secrets.ts'

keepSecret('PIN of SoftHSM2', userPin)
keepSecret('PIN of Validata', PIN)
const WRONG_PIN = '99887766'
keepSecret('wrong PIN', WRONG_PIN)

let proxy: ConnectProxy
beforeAll(async () => {
  watchIssuedTokens()
  await build()
  proxy = await startConnectProxy()
}, 300_000)
afterAll(() => proxy[Symbol.asyncDispose]())
afterEach(() => vi.unstubAllEnvs())

/** By library and command line, directly and through the proxy. */
async function byBoth(
  platform: Platform,
  settings: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string>>,
) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  for (const route of [{}, { proxy: proxy.url }]) {
    expectSuccess(await byLibrary(platform, { settings: { ...settings, ...route }, env }))
    expectSuccess(await byCommand(platform, { settings: { ...settings, ...route }, env }))
  }
}

describeWith(['pkcs11js', 'softhsm', 'openssl'], 'a key in SoftHSM2', () => {
  let softHsm: SoftHsm
  beforeAll(async () => {
    softHsm = openSoftHsm()
    await softHsm.addToken('Trader')
  })

  it('signs the passport token', async () => {
    await using platform = await moexPlatform()
    const { folder, put, settings } = platform
    const args = ['--import', settings['key'] ?? '', '--token', 'Trader', '--label', 'signing', '--id', '01']
    await mustRun('softhsm2-util', [...args, '--pin', userPin], { env: softHsm.env })
    const own = {
      key: 'pkcs11:token=Trader;object=signing',
      module: softHsm.module,
      'pin-file': put('pin', userPin),
    }
    await byBoth(platform, own, softHsm.env)
    expect(platform.simulator.refusals).toEqual([])

    const wrong = { ...own, 'pin-file': put('wrong-pin', WRONG_PIN) }
    expectFailure(await byLibrary(platform, { settings: wrong }), 'ERR_TOKEN_PIN_WRONG', 3)
    expectFailure(await byCommand(platform, { settings: wrong, env: softHsm.env }), /^ERR_TOKEN_PIN_/, 3)
    const none = { ...own, key: 'pkcs11:token=Trader;object=nothing' }
    expectFailure(
      await byCommand(platform, { settings: none, env: softHsm.env }),
      'ERR_TOKEN_KEY_NOT_FOUND',
      3,
    )
    expect(folder).not.toBe('')
  })
})

describeWith(['openssl', 'gost-engine'], "a key behind the stand-in for Validata's programs", () => {
  const uriOf = (standIn: StandIn, tool: string) =>
    `validata:profile=Ivanov;tool=${tool};temporary-folder=${standIn.temporaryFolder};output-wait=200ms`

  it.each([
    ['RSA', 'rpki1utl', async () => ({ standIn: await rsaStandIn(), env: {} })],
    ['GOST', 'zpci1utl', async () => gostStandIn('256-a')],
  ] as const)('%s', async (_, program, make) => {
    await using platform = await moexPlatform()
    const { standIn, env } = await make()
    const certificate = readFileSync(standIn.certificate, 'utf8')
    platform.simulator.addUser({ login: LOGIN, password: PASSWORD, certificates: [certificate] })
    const settings = { key: uriOf(standIn, standIn.install(program)), certificate: undefined }
    await byBoth(platform, settings, { ...env, ...standIn.environment() })
    expect(platform.simulator.refusals).toEqual([])
    expect(standIn.privateFolders()).toEqual([])
    expect(standIn.calls().length).toBe(4)
  })
})
