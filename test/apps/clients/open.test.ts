/** From a profile to a client: against the simulators. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClearstream, openMoex } from '../../../apps/clients/index.ts'
import { type ClearstreamSimulator, startClearstreamSimulator } from '../../../apps/simulator/index.ts'
import { type Flags, loadProfile, SecretReference } from '../../../src/config/index.ts'
import { ConfigError } from '../../../src/errors.ts'
import type { TraceEvent } from '../../../src/http/index.ts'
import { tempDir } from '../../support/tools.ts'

const USER = 'a000012345_00012345'
const PASSWORD = 'Zq9x7 correct horse'
const folder = tempDir()
let simulator: ClearstreamSimulator

beforeAll(async () => {
  simulator = await startClearstreamSimulator({ consumers: [{ username: USER, password: PASSWORD }] })
  const { pem } = await simulator.issueConsumer(USER)
  writeFileSync(join(folder, `ocapi-${USER}-ssl.pem`), pem, { mode: 0o600 })
  writeFileSync(join(folder, `ocapi-${USER}-cacert.pem`), simulator.ca)
})
afterAll(() => simulator[Symbol.asyncDispose]())

const env = { SEALKIT_CONFIG: join(folder, 'none.toml') }
writeFileSync(env.SEALKIT_CONFIG, '')

function clearstreamProfile(flags: Flags = {}) {
  const password = SecretReference.inline(PASSWORD, 'password')
  const all = { url: simulator.url, credentials: folder, proxy: 'none', store: 'memory', password, ...flags }
  return loadProfile({ platform: 'clearstream', env, flags: all })
}

function moexProfile(flags: Flags = {}) {
  const all = { login: 'jane', 'client-id': 'app', scope: 's', key: 'key.pem', proxy: 'none', ...flags }
  return loadProfile({ platform: 'moex', env, flags: { store: 'memory', ...all } })
}

describe('openClearstream', () => {
  test('finds the files, traces without secrets, tells each secret once', async () => {
    const events: TraceEvent[] = []
    const secrets: string[] = []
    await using clearstream = await openClearstream(await clearstreamProfile(), {
      trace: (event) => events.push(event),
      onSecret: (secret) => secrets.push(secret),
    })
    expect((await clearstream.client.info()).version).toBe('1.221101XP.12')
    await clearstream.client.token({ fresh: true })
    expect(secrets).toEqual([PASSWORD])
    expect(events.length).toBeGreaterThan(5)
    expect(JSON.stringify(events)).not.toMatch(/Zq9x7|eyJ/)
    expect(clearstream.http.certificate?.subject.commonName).toBe(USER)
  })

  test('asks for a password that the profile does not name', async () => {
    const asked: string[] = []
    await using clearstream = await openClearstream(await clearstreamProfile({ password: undefined }), {
      prompt: async (what) => {
        asked.push(what)
        return PASSWORD
      },
    })
    await clearstream.client.token()
    expect(asked).toEqual(['password of clearstream'])
  })

  test('with nobody to ask that is missing', async () => {
    await using clearstream = await openClearstream(await clearstreamProfile({ password: undefined }))
    await expect(clearstream.client.token()).rejects.toMatchObject({ code: 'ERR_CONFIG_MISSING' })
  })

  test.each<[string, Flags, string]>([
    ['no files at all', { credentials: undefined }, 'ERR_CONFIG_MISSING'],
    ['an empty folder', { credentials: tempDir() }, 'ERR_CREDENTIAL_NOT_FOUND'],
    ['a proxy user without a proxy', { 'proxy-username': 'me' }, 'ERR_CONFIG_SETTING'],
    ['keys that are none', { jwks: join(folder, 'none.toml') }, 'ERR_CONFIG_SETTING'],
    ['keys that are not there', { jwks: join(folder, 'nowhere') }, 'ERR_CONFIG_SETTING'],
    ['the portal for people', { url: 'https://xact.clearstream.com' }, 'ERR_HTTP_URL'],
  ])('%s', async (_, flags, code) => {
    const opening = clearstreamProfile(flags).then((profile) => openClearstream(profile))
    await expect(opening).rejects.toMatchObject({ code, hint: expect.stringMatching(/\S/) })
  })
})

describe('openMoex', () => {
  test.each(['login', 'client-id', 'scope', 'key'])('%s is missing', async (name) => {
    const profile = await moexProfile({ [name]: undefined })
    expect(() => openMoex(profile)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_MISSING' }))
  })

  test('what the client does not take is a fault of the configuration', async () => {
    const profile = await moexProfile({ login: 'ja:ne' })
    expect(() => openMoex(profile)).toThrow(ConfigError)
    expect(() => openMoex(profile)).toThrow(/login must not hold a colon/)
  })

  test('opens without reading anything', async () => {
    await using moex = openMoex(await moexProfile())
    expect(moex.client.tokens.key).toMatchObject({ platform: 'moex', host: 'sso.moex.com' })
    expect(await moex.store.list()).toEqual([])
  })
})
