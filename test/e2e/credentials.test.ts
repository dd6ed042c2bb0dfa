/** Every form of a key and certificate, by `sealkit/auth` alone, by `sealkit/clients` and by the command line. */
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { ConsumerAuthority } from '../../apps/simulator/consumer-authority.ts'
import { type ConnectProxy, startConnectProxy } from '../../apps/simulator/index.ts'
import { openSigner } from '../../providers/index.ts'
import { build } from '../../scripts/build.mjs'
import { clearstreamClient, moexClient } from '../../src/auth/index.ts'
import { createTransport } from '../../src/http/index.ts'
import { mustRun } from '../interop/support/run.ts'
import { describeWith } from '../support/tools.ts'
import {
  byCommand,
  byLibrary,
  clearstreamPlatform,
  expectSuccess,
  LOGIN,
  moexPlatform,
  type Platform,
  USER,
} from './support/rig.ts'
import { CLIENT_SECRET, FILE_PASSWORD, keepKey, PASSWORD, watchIssuedTokens } from './support/secrets.ts'

/** Certificate, key, and both in PKCS#12. */
interface Pair {
  readonly certificatePem: string
  readonly keyPem: string
  p12(password: string, profile?: 'modern' | 'legacy'): Promise<Uint8Array>
}

type Files = Readonly<Record<string, string>>

const FORMS: Readonly<Record<string, (pair: Pair, platform: Platform) => Promise<Files>>> = {
  'PEM, one file': async ({ certificatePem, keyPem }, { put }) => ({
    both: put('both.pem', certificatePem + keyPem),
  }),
  'PEM, two files': async ({ certificatePem, keyPem }, { put }) => ({
    certificate: put('own-cert.pem', certificatePem),
    key: put('own-key.pem', keyPem),
  }),
  'encrypted PEM': async ({ certificatePem, keyPem }, { put, folder }) => ({
    certificate: put('own-cert.pem', certificatePem),
    key: put('own-key.pem', encrypted(keyPem)),
    'key-password-file': join(folder, 'file-password'),
  }),
  'PKCS#12 of today': async (pair, { put, folder }) => ({
    both: put('own.p12', await pair.p12(FILE_PASSWORD)),
    'key-password-file': join(folder, 'file-password'),
  }),
  'old PKCS#12': async (pair, { put, folder }) => ({
    both: put('old.p12', await pair.p12(FILE_PASSWORD, 'legacy')),
    'key-password-file': join(folder, 'file-password'),
  }),
  'PKCS#12 of openssl -legacy': async ({ certificatePem, keyPem }, { put, folder }) => {
    const input = put('in.pem', certificatePem + keyPem)
    const options = ['-export', '-legacy', '-in', input, '-passout', `file:${join(folder, 'file-password')}`]
    const { stdout } = await mustRun('openssl', ['pkcs12', ...options])
    return { both: put('legacy.p12', stdout), 'key-password-file': join(folder, 'file-password') }
  },
}

function encrypted(keyPem: string): string {
  const how = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: FILE_PASSWORD } as const
  return createPrivateKey(keyPem).export(how) as string
}

let proxy: ConnectProxy
let signerPair: Pair
beforeAll(async () => {
  watchIssuedTokens()
  await build()
  proxy = await startConnectProxy()
  const authority = await ConsumerAuthority.create('test authority of signers')
  signerPair = await authority.issue(LOGIN, { keyType: 'RSA-2048' })
  keepKey(signerPair.keyPem)
  return () => proxy[Symbol.asyncDispose]()
}, 300_000)

/** By `sealkit/clients` and by the command, directly and through the proxy. */
async function byBoth(platform: Platform, files: Files): Promise<void> {
  const settings = { key: undefined, certificate: undefined, ...files }
  expectSuccess(await byLibrary(platform, { settings }))
  const before = proxy.tunnels
  expectSuccess(await byLibrary(platform, { settings: { ...settings, proxy: proxy.url } }))
  expect(proxy.tunnels).toBeGreaterThan(before)
  expectSuccess(await byCommand(platform, { settings: { ...settings, proxy: proxy.url } }))
}

describeWith('openssl', 'clearstream, mutual TLS', () => {
  it.each(Object.keys(FORMS))('%s', async (form) => {
    await using platform = await clearstreamPlatform()
    const issued = await platform.simulator.issueConsumer(USER)
    keepKey(issued.keyPem)
    const { both, ...files } = (await FORMS[form]?.(issued, platform)) ?? {}
    const certificate = both ?? files['certificate'] ?? ''
    await byBoth(platform, { ...files, certificate })

    const password = files['key-password-file'] === undefined ? undefined : FILE_PASSWORD
    const credential = { certificate, key: files['key'], password }
    await using http = createTransport({ ca: platform.settings['ca'] ?? '', proxy: 'none', credential })
    const { url } = platform.simulator
    const client = clearstreamClient({ url, username: USER, password: PASSWORD, http })
    expect(await client.echo('Grüße & +%')).toMatchObject({ json: { value: 'Grüße & +%' } })
  })

  it("by the folder of Xact's files", async () => {
    await using platform = await clearstreamPlatform()
    platform.put(`ocapi-${USER}-cacert.pem`, platform.simulator.ca)
    await byBoth(platform, { credentials: platform.folder, ca: join(platform.folder, 'ca.pem') })
  })
})

describeWith('openssl', 'moex, the key that signs', () => {
  it.each(Object.keys(FORMS))('%s', async (form) => {
    await using platform = await moexPlatform()
    const { simulator } = platform
    simulator.addUser({ login: LOGIN, password: PASSWORD, certificates: [signerPair.certificatePem] })
    const { both, ...files } = (await FORMS[form]?.(signerPair, platform)) ?? {}
    const key = both ?? files['key'] ?? ''
    await byBoth(platform, { ...files, key })

    const password = files['key-password-file'] === undefined ? undefined : FILE_PASSWORD
    await using http = createTransport({ ca: platform.settings['ca'] ?? '', proxy: 'none' })
    const { passportUrl, tokenUrl, url } = simulator
    const client = moexClient({
      ...{ passportUrl, tokenUrl, apiOrigins: [url], login: LOGIN, password: PASSWORD },
      ...{ clientId: 'bank-app', clientSecret: CLIENT_SECRET, scope: 'client_registration', http },
      signer: () => openSigner(key, { certificate: files['certificate'], password }),
    })
    const answer = await client.call('POST', `${simulator.apiUrl}/echo`, { body: 'Grüße' })
    expect(await answer.json()).toMatchObject({ echo: 'Grüße' })
    expect(simulator.refusals).toEqual([])
  })

  it.each(['256-a', '512-a'])('GOST in software: %s', async (set) => {
    await using platform = await moexPlatform()
    const pki = join(import.meta.dirname, '../../vectors/gost/pki')
    const [key, certificate] = [join(pki, `${set}.key`), join(pki, `${set}.crt`)]
    const pem = readFileSync(certificate, 'utf8')
    platform.simulator.addUser({ login: LOGIN, password: PASSWORD, certificates: [pem] })
    await byBoth(platform, { key, certificate })
    expect(platform.simulator.refusals).toEqual([])
  })
})
