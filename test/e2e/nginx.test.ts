/** nginx between client and API: somebody else's mutual TLS, with TLS 1.2 and 1.3, directly and through the proxy. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConsumerAuthority } from '../../apps/simulator/consumer-authority.ts'
import { ServerAuthority, startConnectProxy } from '../../apps/simulator/index.ts'
import { build } from '../../scripts/build.mjs'
import { curlFor } from '../apps/simulator/support/curl.ts'
import { describeWith } from '../support/tools.ts'
import { type Nginx, startNginx } from './support/nginx.ts'
import {
  byCommand,
  byLibrary,
  clearstreamPlatform,
  expectFailure,
  expectSuccess,
  moexPlatform,
  type Platform,
  USER,
} from './support/rig.ts'
import { FILE_PASSWORD, keepKey, keepSecret, watchIssuedTokens } from './support/secrets.ts'

const ACCESS = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhMDAwMDEyMzQ1XzAwMDEyMzQ1In0.c3R1Yi1zaWduYXR1cmU'
keepSecret('access token', ACCESS)

describeWith(['nginx', 'curl'], 'nginx', () => {
  // What nginx lets through, as the platform behind it sees it.
  const behind = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST') {
      response.end(JSON.stringify({ access_token: ACCESS, token_type: 'Bearer', expires_in: 300 }))
    } else {
      const { 'x-client-subject': subject, 'x-client-protocol': protocol, authorization } = request.headers
      const isKnown = authorization === `Bearer ${ACCESS}`
      response.end(JSON.stringify({ info_str: subject, version: protocol, isKnown }))
    }
  })
  let servers: ServerAuthority
  let clients: ConsumerAuthority
  let upstream: string
  beforeAll(async () => {
    watchIssuedTokens()
    await build()
    behind.listen(0, '127.0.0.1')
    await once(behind, 'listening')
    upstream = `http://127.0.0.1:${(behind.address() as AddressInfo).port}`
    servers = await ServerAuthority.create()
    clients = await ConsumerAuthority.create('test authority of API consumers')
  }, 300_000)
  afterAll(() => {
    behind.close()
    behind.closeAllConnections()
  })

  const start = async (protocol: 'TLSv1.2' | 'TLSv1.3') =>
    await startNginx({ ...(await servers.identity()), clientCa: clients.ca, protocol, upstream })

  /** A consumer whose certificate nginx knows, or not. */
  const consumer = async (nginx: Nginx, authority = clients) => {
    const platform = await clearstreamPlatform()
    const issued = await authority.issue(USER)
    keepKey(issued.keyPem)
    const settings = {
      url: nginx.url,
      ca: platform.put('nginx-ca.pem', servers.ca),
      certificate: platform.put('nginx.p12', await issued.p12(FILE_PASSWORD, 'legacy')),
      'key-password-file': platform.put('file-password', FILE_PASSWORD),
    }
    return { ...platform, settings: { ...platform.settings, ...settings }, issued }
  }

  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (protocol) => {
    it('a certificate that it knows passes, directly and through the proxy', async () => {
      await using nginx = await start(protocol)
      await using proxy = await startConnectProxy()
      await using platform = await consumer(nginx)
      for (const attempt of [byLibrary, byCommand]) {
        for (const settings of [{}, { proxy: proxy.url }]) {
          const outcome = await attempt(platform, { settings })
          expectSuccess(outcome)
          const expected = { info_str: `CN=${USER}`, version: protocol, isKnown: true }
          expect(JSON.parse(outcome.body)).toEqual(expected)
        }
      }
      expect(proxy.tunnels).toBeGreaterThanOrEqual(2)
    })

    it('none: its page is told as such, directly and through the proxy', async () => {
      await using nginx = await start(protocol)
      await using proxy = await startConnectProxy()
      await using moex = await moexPlatform()
      const settings = {
        'passport-url': `${nginx.url}/authenticate`,
        ca: moex.put('nginx-ca.pem', servers.ca),
      }
      for (const attempt of [byLibrary, byCommand]) {
        for (const route of [{}, { proxy: proxy.url }]) {
          const outcome = await attempt(moex as Platform, { settings: { ...settings, ...route } })
          expectFailure(outcome, 'ERR_AUTH_CERTIFICATE', 3)
          expect(outcome.message).toContain('wants a client certificate, and none was given')
        }
      }
    })

    it('of another authority, or expired: the same', async () => {
      await using nginx = await start(protocol)
      const others = await ConsumerAuthority.create('another authority')
      await using platform = await consumer(nginx, others)
      for (const attempt of [byLibrary, byCommand]) {
        const outcome = await attempt(platform)
        expectFailure(outcome, 'ERR_AUTH_CERTIFICATE', 3)
        expect(outcome.message).toContain('refuses the client certificate')
      }
    })

    it('curl sees what we tell: 400 with its page', async () => {
      await using nginx = await start(protocol)
      const answer = await curlFor(servers.ca)(`${nginx.url}/playground/v1/info`)
      expect(answer.status).toBe(400)
      expect(answer.body).toContain('No required SSL certificate was sent')
    })
  })
})
