/** The CONNECT proxy, by curl. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { json } from '../../../apps/simulator/answer.ts'
import { ServerAuthority } from '../../../apps/simulator/authority.ts'
import { type ConnectProxy, startConnectProxy } from '../../../apps/simulator/index.ts'
import { loopbackTarget } from '../../../apps/simulator/proxy/target.ts'
import { SimulatorServer } from '../../../apps/simulator/server.ts'
import { describeWith } from '../../support/tools.ts'
import { type CurlAnswer, curlFor } from './support/curl.ts'

describeWith('curl', 'the CONNECT proxy', () => {
  let authority: ServerAuthority
  let server: SimulatorServer
  let proxy: ConnectProxy
  let curl: (...args: string[]) => Promise<CurlAnswer>
  beforeAll(async () => {
    authority = await ServerAuthority.create()
    server = await SimulatorServer.start({
      authority,
      routes: { 'GET /': () => json(200, { reached: true }) },
    })
    proxy = await startConnectProxy({ username: 'jane', password: 'p:ss wörd' })
    curl = curlFor(authority.ca)
  })
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    for (const name of Object.keys(proxy.faults)) delete proxy.faults[name as 'drop']
  })
  const through = (...args: string[]) =>
    curl('--proxy', proxy.url, '--proxy-user', 'jane:p:ss wörd', ...args, server.url)

  it('tunnels to a server, and counts', async () => {
    const before = proxy.tunnels
    expect(await through()).toMatchObject({ exit: 0, status: 200, body: '{"reached":true}' })
    expect(proxy.tunnels).toBe(before + 1)
    while (proxy.open > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it.each([['wrong:password'], ['jane:'], ['jane:p:ss']])('407 for %s', async (user) => {
    const answer = await curl('--proxy', proxy.url, '--proxy-user', user, server.url)
    expect([answer.exit, answer.status]).toEqual([56, 0])
    expect(answer.stderr).toContain('407')
  })

  it('407 without a name; 405 for what is no CONNECT', async () => {
    expect((await curl('--proxy', proxy.url, server.url)).stderr).toContain('407')
    expect((await curl(`http://127.0.0.1:${proxy.port}/`)).status).toBe(405)
  })

  it('403 for other machines, 502 for a port where nobody is', async () => {
    const args = ['--proxy', proxy.url, '--proxy-user', 'jane:p:ss wörd']
    expect((await curl(...args, 'https://other.example/')).stderr).toContain('403')
    expect((await curl(...args, 'https://127.0.0.1:1/')).stderr).toContain('502')
  })

  it.each([
    ['drop', 56],
    ['garbage', 56],
    ['badGateway', 56],
  ] as const)('%s', async (fault, exit) => {
    const { attempts, tunnels } = proxy
    proxy.faults[fault] = true
    expect((await through()).exit).toBe(exit)
    expect([proxy.attempts - attempts, proxy.tunnels]).toEqual([1, tunnels])
  })

  it('hang, and slow', async () => {
    proxy.faults.hang = true
    expect((await through('--max-time', '1')).exit).toBe(28)
    proxy.faults.hang = false
    proxy.faults.slow = 1
    expect((await through()).status).toBe(200)
    proxy.faults.slow = 600_000
    expect((await through('--max-time', '1')).exit).toBe(28)
  })

  it('over TLS, by the same authority', async () => {
    await using own = await startConnectProxy({ tls: true, authority })
    expect(own.ca).toBe(authority.ca)
    const args = ['--proxy', own.url, '--proxy-insecure']
    expect((await curl('--proxy', own.url, server.url)).exit).toBe(60)
    expect((await curl(...args, server.url)).status).toBe(200)
    expect(own.tunnels).toBe(1)
  })

  it('ends with tunnels open, and with clients that say nothing', async () => {
    const own = await startConnectProxy()
    const silent = connect(own.port, '127.0.0.1')
    silent.on('error', () => {})
    const tunnel = connect(own.port, '127.0.0.1')
    tunnel.on('error', () => {})
    tunnel.write(`CONNECT localhost:${server.port} HTTP/1.1\r\nhost: x\r\n\r\n`)
    await once(tunnel, 'data')
    const closed = Promise.all([once(silent, 'close'), once(tunnel, 'close')])
    await own[Symbol.asyncDispose]()
    await closed
    expect(own.open).toBe(0)
  })

  it('refuses half of the credentials', async () => {
    await expect(startConnectProxy({ username: 'jane' })).rejects.toThrow(TypeError)
  })
})

describe('loopbackTarget', () => {
  it.each([
    ['localhost:443', { host: '127.0.0.1', port: 443 }],
    ['127.8.9.1:1', { host: '127.8.9.1', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['localhost.example:443', undefined],
    ['127.0.0.1.example:443', undefined],
    ['10.0.0.1:443', undefined],
    ['localhost:0', undefined],
    ['localhost:65536', undefined],
    ['localhost', undefined],
    ['', undefined],
  ])('%s', (target, expected) => {
    expect(loopbackTarget(target)).toEqual(expected)
  })
})
