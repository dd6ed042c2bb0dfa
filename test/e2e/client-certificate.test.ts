/** Client certificates that are missing or refused, with TLS 1.2 and 1.3, by library and command line. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { startClearstreamSimulator } from '../../apps/simulator/index.ts'
import { build } from '../../scripts/build.mjs'
import { clearstreamClient } from '../../src/auth/index.ts'
import type { SealkitError } from '../../src/errors.ts'
import { createTransport, type TransportOptions } from '../../src/http/index.ts'
import {
  byCommand,
  byLibrary,
  clearstreamPlatform,
  expectFailure,
  moexPlatform,
  type Platform,
  USER,
} from './support/rig.ts'
import { PASSWORD, watchIssuedTokens } from './support/secrets.ts'

beforeAll(async () => {
  watchIssuedTokens()
  await build()
}, 300_000)

/** Without the client's own look at the certificate: what the server says of it. */
async function serversWord(
  platform: Platform,
  credential?: TransportOptions['credential'],
): Promise<SealkitError> {
  const ca = join(platform.folder, 'ca.pem')
  await using http = createTransport({ ca, proxy: 'none', credential })
  const { url } = platform.simulator
  const client = clearstreamClient({ url, username: USER, password: PASSWORD, http: { fetch: http.fetch } })
  return await client.token().then(
    () => {
      throw new Error('there is a token')
    },
    (error: SealkitError) => error,
  )
}

describe.each([['1.2'], [undefined]] as const)('TLS %s', (tls) => {
  it('none: told as such', async () => {
    await using platform = await clearstreamPlatform({ tls })
    const error = await serversWord(platform)
    expect(error).toMatchObject({ code: 'ERR_HTTP_CLIENT_CERTIFICATE', phase: 'client-certificate' })
    expect(error.message).toContain('wants a client certificate, and none was given')
    expect(platform.simulator.requests).toEqual([])
  })

  it("none, where a profile of MOEX's names none", async () => {
    await using moex = await moexPlatform()
    await using gate = await clearstreamPlatform({ tls })
    const settings = { 'passport-url': `${gate.simulator.url}/authenticate` }
    for (const attempt of [byLibrary, byCommand]) {
      const outcome = await attempt(moex, { settings })
      expectFailure(outcome, 'ERR_HTTP_CLIENT_CERTIFICATE', 3)
      expect(outcome.message).toContain('none was given')
      expect(outcome.hint).toContain('client certificate')
    }
    expect(gate.simulator.requests).toEqual([])
  })

  it('of another authority', async () => {
    await using platform = await clearstreamPlatform({ tls })
    await using stranger = await startClearstreamSimulator()
    const { pem } = await stranger.issueConsumer(USER)
    const settings = { certificate: platform.put('stranger.pem', pem) }
    for (const attempt of [byLibrary, byCommand]) {
      const outcome = await attempt(platform, { settings })
      expectFailure(outcome, 'ERR_HTTP_CLIENT_CERTIFICATE', 3)
      expect(outcome.message).toContain(`refuses the client certificate CN=${USER}`)
    }
    expect(platform.simulator.requests).toEqual([])
  })

  it('that has expired: told before anything is sent, and by the server', async () => {
    await using platform = await clearstreamPlatform({ tls }, { expired: true })
    for (const attempt of [byLibrary, byCommand]) {
      const outcome = await attempt(platform)
      expectFailure(outcome, 'ERR_AUTH_CERTIFICATE', 3)
      expect(outcome.message).toContain('expired')
    }
    expect(platform.simulator.connections).toBe(0)
    const certificate = readFileSync(platform.settings['certificate'] ?? '', 'utf8')
    const error = await serversWord(platform, { certificate })
    expect(error).toMatchObject({ code: 'ERR_HTTP_CLIENT_CERTIFICATE', phase: 'client-certificate' })
    expect(error.message).toContain(`refuses the client certificate CN=${USER}`)
  })

  it('of another user: refused by the token endpoint, with a note before', async () => {
    await using platform = await clearstreamPlatform({ tls }, { commonName: 'a000099999_00099999' })
    expectFailure(await byLibrary(platform), 'ERR_AUTH_REFUSED', 4)
    const outcome = await byCommand(platform)
    expectFailure(outcome, 'ERR_AUTH_REFUSED', 4)
    expect(outcome.texts['stderr']).toContain('note: the client certificate is for a000099999_00099999')
    expect(platform.simulator).toMatchObject({ refusals: Array(2).fill('certificate of another user') })
  })
})

describe('a certificate that is not required', () => {
  it('and missing: 403 at the token endpoint, told as a refused login', async () => {
    await using simulator = await startClearstreamSimulator({ clientCertificates: 'optional' })
    await using http = createTransport({ ca: simulator.ca, proxy: 'none' })
    const options = { url: simulator.url, username: USER, password: PASSWORD, http: { fetch: http.fetch } }
    const error = await clearstreamClient(options)
      .token()
      .catch((caught: SealkitError) => caught)
    expect(error).toMatchObject({ code: 'ERR_AUTH_REFUSED', status: 403 })
    expect((error as SealkitError).hint).toMatch(/certificate/)
  })
})

it('no key, no certificate, a wrong password of the file: told before anything is sent', async () => {
  await using platform = await clearstreamPlatform()
  const { certificatePem } = await platform.simulator.issueConsumer(USER)
  const encrypted = await (await platform.simulator.issueConsumer(USER)).p12('another pässword')
  const rows = [
    [{ certificate: platform.put('only.pem', certificatePem) }, 'ERR_CREDENTIAL_NO_KEY'],
    [
      { certificate: platform.put('x.p12', encrypted), 'key-password-file': 'file-password' },
      /^ERR_CREDENTIAL_(PASSWORD|MAC)_WRONG$/,
    ],
    [{ certificate: join(platform.folder, 'nowhere.pem') }, 'ERR_CREDENTIAL_NOT_FOUND'],
  ] as const
  for (const [given, code] of rows) {
    const settings: Record<string, string> = { ...given }
    if (settings['key-password-file']) settings['key-password-file'] = join(platform.folder, 'file-password')
    expectFailure(await byLibrary(platform, { settings }), code, 3)
    expectFailure(await byCommand(platform, { settings }), code, 3)
  }
  expect(platform.simulator.connections).toBe(0)
})
