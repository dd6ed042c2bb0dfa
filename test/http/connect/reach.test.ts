import dns from 'node:dns/promises'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hostAndPort, type Reach, reach } from '../../../src/http/connect/reach.ts'
import { blackHole } from './support/black-hole.ts'
import { failureOf } from './support/connecting.ts'
import { closedPort, listen, tcp } from './support/listen.ts'

afterEach(() => void vi.restoreAllMocks())

function target(wanted: Partial<Reach> & { port: number }): Reach & { lines: string[] } {
  const lines: string[] = []
  const tell: Reach['tell'] = (_, ...told) => void lines.push(...told)
  return { whom: 'server', host: '127.0.0.1', limit: 20_000, signal: undefined, tell, lines, ...wanted }
}

/** What the name server would say. */
function resolveTo(...addresses: readonly string[]): void {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  vi.spyOn(dns, 'lookup').mockImplementation((async () => found) as unknown as typeof dns.lookup)
}

function dnsFailure(code: string): void {
  const error = Object.assign(new Error(`getaddrinfo ${code}`), { code })
  vi.spyOn(dns, 'lookup').mockRejectedValue(error)
}

async function ends(socket: Socket): Promise<void> {
  await new Promise((resolve) => socket.once('close', resolve).destroy())
}

describe('reaching a host', () => {
  it('connects, and tells so', async () => {
    await using server = await tcp(() => {})
    const options = target({ port: server.port, host: 'localhost' })
    const socket = await reach(options)
    expect(socket.remotePort).toBe(server.port)
    expect(options.lines[0]).toMatch(/^Host localhost was resolved: .*127\.0\.0\.1/)
    expect(options.lines).toContain(`Trying 127.0.0.1:${server.port}...`)
    expect(options.lines.at(-1)).toBe(`Connected to localhost (127.0.0.1) port ${server.port}`)
    await ends(socket)
  })

  it('goes on to the next address where one refuses', async () => {
    await using server = await tcp(() => {})
    resolveTo('::1', '127.0.0.1')
    const options = target({ port: server.port, host: 'two.example' })
    const socket = await reach(options)
    expect(options.lines).toEqual([
      'Host two.example was resolved: ::1, 127.0.0.1',
      `Trying [::1]:${server.port}...`,
      expect.stringMatching(/^connect to \[::1\]:\d+ failed: E/),
      `Trying 127.0.0.1:${server.port}...`,
      `Connected to two.example (127.0.0.1) port ${server.port}`,
    ])
    await ends(socket)
  })

  it('takes the families by turns', async () => {
    const port = await closedPort()
    resolveTo('127.0.0.1', '127.0.0.2', '127.0.0.3', '::1')
    const options = target({ port, host: 'many.example' })
    await failureOf(reach(options))
    expect(options.lines[0]).toMatch(/: 127\.0\.0\.1, ::1, 127\.0\.0\.2, 127\.0\.0\.3$/)
  })

  it.each([
    ['ENOTFOUND', /not known to the name server \(ENOTFOUND\)/, /spelling/],
    ['ENODATA', /not known/, /spelling/],
    ['EAI_AGAIN', /cannot be resolved now \(EAI_AGAIN\)/, /try again/],
    ['EAI_FAIL', /cannot be resolved now \(EAI_FAIL\)/, /try again/],
  ])('a name that is not resolved: %s', async (code, message, hint) => {
    dnsFailure(code)
    const error = await failureOf(reach(target({ port: 1, host: 'no.example' })))
    expect(error).toMatchObject({ code: 'ERR_HTTP_DNS', phase: 'dns', cause: { code } })
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
    const proxy = await failureOf(reach(target({ port: 1, host: 'no.example', whom: 'proxy' })))
    expect(proxy).toMatchObject({ code: 'ERR_HTTP_PROXY', phase: 'proxy' })
    expect(proxy.message).toContain("the proxy's name no.example")
  })

  it('a name server that does not answer', async () => {
    vi.spyOn(dns, 'lookup').mockReturnValue(new Promise(() => {}) as never)
    const error = await failureOf(reach(target({ port: 1, host: 'slow.example', limit: 20 })))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'dns' })
    expect(error.message).toBe('no address of slow.example within 20 ms')
    expect(error.hint).toMatch(/name server/)
  })

  it('nobody listens', async () => {
    const port = await closedPort()
    const error = await failureOf(reach(target({ port })))
    expect(error).toMatchObject({ code: 'ERR_HTTP_CONNECT', phase: 'tcp', cause: { code: 'ECONNREFUSED' } })
    expect(error.message).toContain(`127.0.0.1:${port} cannot be reached: nothing listens there`)
    expect(error.hint).toMatch(/host and port/)
    const proxy = await failureOf(reach(target({ port, whom: 'proxy' })))
    expect(proxy).toMatchObject({ code: 'ERR_HTTP_PROXY', phase: 'proxy' })
    expect(proxy.hint).toMatch(/whether it runs/)
  })

  it('no way to the network', async () => {
    const error = await failureOf(reach(target({ port: 9, host: '255.255.255.255' })))
    expect(error).toMatchObject({ code: 'ERR_HTTP_CONNECT', phase: 'tcp' })
    expect(error.message).toMatch(/no way to the network|forbids/)
  })

  it('ends with the reason of the signal, also one that is aborted already', async () => {
    vi.spyOn(dns, 'lookup').mockReturnValue(new Promise(() => {}) as never)
    const reason = new Error('enough')
    const controller = new AbortController()
    const reached = reach(target({ port: 1, host: 'slow.example', signal: controller.signal }))
    controller.abort(reason)
    await expect(reached).rejects.toBe(reason)
    const { signal } = controller
    await expect(reach(target({ port: 1, signal }))).rejects.toBe(reason)
  })
})

describe('an address where packets are lost', () => {
  it('holds up the next one only a little', async () => {
    await using hole = await blackHole('127.0.0.2')
    await using server = await listen(createServer(), '127.0.0.1', hole.port)
    resolveTo('127.0.0.2', '127.0.0.1')
    const options = target({ port: server.port, host: 'two.example' })
    const socket = await reach(options)
    expect(options.lines.slice(1)).toEqual([
      `Trying 127.0.0.2:${hole.port}...`,
      `Trying 127.0.0.1:${hole.port}...`,
      `Connected to two.example (127.0.0.1) port ${hole.port}`,
    ])
    await ends(socket)
  })

  it('is given up in time', async () => {
    await using hole = await blackHole('127.0.0.2')
    const options = { host: '127.0.0.2', port: hole.port, limit: 50 }
    const error = await failureOf(reach(target(options)))
    expect(error).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'tcp' })
    expect(error.message).toBe('no connection of 127.0.0.2 within 50 ms')
    expect(error.hint).toMatch(/HTTPS_PROXY/)
    const proxy = await failureOf(reach(target({ ...options, whom: 'proxy' })))
    expect(proxy).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'proxy' })
  })
})

describe('hostAndPort', () => {
  it('puts brackets around an IPv6 address', () => {
    expect(hostAndPort('a.example', 443)).toBe('a.example:443')
    expect(hostAndPort('::1', 443)).toBe('[::1]:443')
  })
})
