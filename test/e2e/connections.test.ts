/** Connections between calls: the server closes them, many calls share them, files are renewed while calls run. */
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ServerAuthority } from '../../apps/simulator/index.ts'
import { createTransport } from '../../src/http/index.ts'
import { clearstreamPlatform, openClient, startPlatform, USER } from './support/rig.ts'

describe('a server that closes idle connections', () => {
  it('between calls, right when the next one comes: no call fails, none is made twice', async () => {
    const authority = await ServerAuthority.create()
    const { cert, key } = await authority.identity()
    let [connections, requests] = [0, 0]
    const server = createServer({ cert, key, keepAliveTimeout: 60 }, (_request, response) => {
      requests++
      response.end('there')
    })
    // Node adds a second to what it promises.
    Object.assign(server, { keepAliveTimeoutBuffer: 0 })
    server.on('secureConnection', () => connections++)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    await using http = createTransport({ ca: Buffer.from(authority.ca), proxy: 'none' })
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`
    for (let count = 0; count < 24; count++) {
      expect(await (await http.fetch(url)).text()).toBe('there')
      await sleep(50 + count)
    }
    expect(requests).toBe(24)
    expect(connections).toBeGreaterThan(1)
    await http.close()
    server.close()
    server.closeAllConnections()
  })

  it.each(['moex', 'clearstream'] as const)(
    '%s: all at once between calls, as at a restart',
    async (name) => {
      await using platform = await startPlatform(name)
      await using opened = await openClient(platform)
      for (let count = 0; count < 5; count++) {
        expect((await opened.client.call('GET', platform.api)).status).toBe(200)
        await platform.simulator.restart()
      }
    },
  )
})

describe('many calls at a time', () => {
  it('ask for one token, and share connections', async () => {
    await using platform = await clearstreamPlatform()
    await using opened = await openClient(platform)
    const call = async () => await (await opened.client.call('GET', platform.api)).text()
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 20 }, call))
    }
    const { requests, connections } = platform.simulator
    expect(requests.filter(({ method }) => method === 'POST').length).toBe(1)
    expect(requests.length).toBe(101)
    // undici leaves a connection alone for a turn of the event loop: so there may be twice as many as callers.
    expect(connections).toBeLessThanOrEqual(45)
  })
})

describe('files that are renewed while calls run', () => {
  it('the client certificate: every call succeeds, later ones with the new one', async () => {
    await using platform = await clearstreamPlatform()
    const file = platform.settings['certificate'] ?? ''
    const { pem, certificate } = await platform.simulator.issueConsumer(USER)
    await using opened = await openClient(platform)
    await opened.client.token()
    expect(opened.http.certificate?.equals(certificate)).toBe(false)
    let calls = 0
    const isNew = () => opened.http.certificate?.equals(certificate) === true
    const run = async (): Promise<void> => {
      for (let after = 0; after < 3; after += isNew() ? 1 : 0) {
        expect((await opened.client.call('GET', platform.api)).status).toBe(200)
        calls++
        await sleep(20)
      }
    }
    const running = Promise.all([run(), run(), run()])
    writeFileSync(`${file}.new`, pem, { mode: 0o600 })
    renameSync(`${file}.new`, file)
    await running
    expect(isNew()).toBe(true)
    expect(platform.simulator.requests.filter(({ status }) => status !== 200)).toEqual([])
    expect(calls).toBeGreaterThan(8)
  })

  it('half of a renewal is not taken, and breaks nothing', async () => {
    await using platform = await clearstreamPlatform()
    await using opened = await openClient(platform)
    await opened.client.token()
    writeFileSync(platform.settings['certificate'] ?? '', '-----BEGIN CERTIFICATE-----\nMII', { mode: 0o600 })
    await sleep(1100)
    expect((await opened.client.call('GET', platform.api)).status).toBe(200)
  })
})
