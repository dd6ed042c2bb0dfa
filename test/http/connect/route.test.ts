import { describe, expect, it } from 'vitest'
import { HttpError } from '../../../src/errors.ts'
import { type Route, routeFor } from '../../../src/http/connect/route.ts'
import { shown } from './support/connecting.ts'

const url = new URL('https://api.example/path')

function proxyOf(route: Route): string {
  return route.kind === 'proxy' ? route.url.href : route.kind
}

async function authorizationOf(route: Route): Promise<string | undefined> {
  return route.kind === 'proxy' ? await route.authorization?.() : undefined
}

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`
}

describe('the environment', () => {
  const cases: readonly [env: Record<string, string>, proxy: string][] = [
    [{}, 'direct'],
    [{ HTTPS_PROXY: 'http://a:1' }, 'http://a:1/'],
    [{ https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:1' }, 'http://a:1/'],
    [{ https_proxy: '', HTTPS_PROXY: 'http://b:1' }, 'http://b:1/'],
    [{ HTTPS_PROXY: 'http://a:1', all_proxy: 'http://b:1' }, 'http://a:1/'],
    [{ all_proxy: 'http://a:1', ALL_PROXY: 'http://b:1' }, 'http://a:1/'],
    [{ ALL_PROXY: 'https://b' }, 'https://b/'],
    [{ HTTP_PROXY: 'http://a:1', http_proxy: 'http://a:1' }, 'direct'],
    [{ HTTPS_PROXY: 'proxy.example:3128' }, 'http://proxy.example:3128/'],
    [{ HTTPS_PROXY: ' 127.0.0.1:3128 ' }, 'http://127.0.0.1:3128/'],
    [{ HTTPS_PROXY: '[::1]:3128' }, 'http://[::1]:3128/'],
    [{ HTTPS_PROXY: 'http://a:1', NO_PROXY: 'example' }, 'direct'],
    [{ HTTPS_PROXY: 'http://a:1', no_proxy: 'x.test', NO_PROXY: 'example' }, 'http://a:1/'],
    [{ HTTPS_PROXY: 'socks5://a:1', NO_PROXY: '*' }, 'direct'],
  ]
  it.each(cases)('%j: %s', (env, proxy) => {
    expect(proxyOf(routeFor(url, 'environment', env))).toBe(proxy)
    expect(proxyOf(routeFor(url, undefined, env))).toBe(proxy)
  })

  it('is that of http for an http URL', () => {
    const env = { http_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:1' }
    expect(proxyOf(routeFor(new URL('http://api.example'), 'environment', env))).toBe('http://a:1/')
  })

  it('does not leave loopback out by itself', () => {
    const env = { HTTPS_PROXY: 'http://a:1' }
    expect(proxyOf(routeFor(new URL('https://127.0.0.1:1'), 'environment', env))).toBe('http://a:1/')
    expect(proxyOf(routeFor(new URL('https://localhost'), 'environment', env))).toBe('http://a:1/')
  })

  it('counts for nothing with a proxy of one’s own, or none', () => {
    const env = { HTTPS_PROXY: 'http://a:1', NO_PROXY: '*' }
    expect(proxyOf(routeFor(url, 'none', env))).toBe('direct')
    expect(proxyOf(routeFor(url, { url: 'http://own:1' }, env))).toBe('http://own:1/')
    expect(proxyOf(routeFor(url, { url: 'http://own:1', noProxy: 'api.example' }, env))).toBe('direct')
  })
})

describe('name and password', () => {
  it('come out of the URL, decoded, and do not stay in it', async () => {
    const route = routeFor(url, 'environment', { HTTPS_PROXY: 'http://us%40er:p%2F%C3%A4%25@proxy:3128' })
    expect(proxyOf(route)).toBe('http://proxy:3128/')
    expect(await authorizationOf(route)).toBe(basic('us@er:p/ä%'))
    expect(shown(route)).not.toContain('%2F')
  })

  it('are taken as they are where they cannot be decoded', async () => {
    const route = routeFor(url, 'environment', { HTTPS_PROXY: 'http://user:100%25%zz@proxy' })
    expect(await authorizationOf(route)).toBe(basic('user:100%25%zz'))
  })

  it('may be a name alone, or nothing', async () => {
    expect(await authorizationOf(routeFor(url, { url: 'http://user@proxy' }, {}))).toBe(basic('user:'))
    expect(await authorizationOf(routeFor(url, { url: 'http://proxy' }, {}))).toBeUndefined()
  })

  it('of the options win over those of the URL; a function is asked each time', async () => {
    let asked = 0
    const password = () => `secret${++asked}`
    const route = routeFor(url, { url: 'http://other:old@proxy', username: 'user', password }, {})
    expect(await authorizationOf(route)).toBe(basic('user:secret1'))
    expect(await authorizationOf(route)).toBe(basic('user:secret2'))
  })
})

describe('a proxy that cannot be used is refused, and not quoted', () => {
  const cases: readonly [proxy: string, message: RegExp, hint: RegExp][] = [
    ['socks5://user:hunter2@proxy:1080', /not spoken: socks5/, /write the proxy as http/],
    ['socks://user:hunter2@proxy', /the proxy in HTTPS_PROXY is of a kind/, /write the proxy as http/],
    ['ftp://user:hunter2@proxy', /not spoken: ftp/, /write the proxy as http/],
    ['http://user:hunter2@', /is no URL/, /percent signs/],
    ['http://user:hun#ter2@proxy:1', /is no URL|behind the host/, /percent signs/],
    ['http://user:12/hunter2@proxy:1', /behind the host/, /percent signs/],
    ['http://user:12?hunter2@proxy:1', /behind the host/, /percent signs/],
    ['http://proxy:99999', /is no URL/, /percent signs/],
    ['http://us%3Aer:hunter2@proxy', /holds a colon/, /Basic/],
  ]
  it.each(cases)('%s', (proxy, message, hint) => {
    let error: unknown
    try {
      routeFor(url, 'environment', { HTTPS_PROXY: proxy })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(HttpError)
    expect(error).toMatchObject({ code: 'ERR_HTTP_PROXY', phase: 'proxy' })
    expect((error as HttpError).message).toMatch(message)
    expect((error as HttpError).hint).toMatch(hint)
    expect(shown(error)).not.toMatch(/hunter2|ter2@/)
  })
})
