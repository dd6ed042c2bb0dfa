/** What reaches the upstream, and what comes back. */
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { mustRun } from '../../interop/support/run.ts'
import { describeWith } from '../../support/tools.ts'
import {
  type Got,
  makeParties,
  message,
  type Parties,
  raw,
  startBoth,
  statusOf,
  textOf,
} from './support/set-up.ts'

let parties: Parties
beforeAll(async () => {
  parties = await makeParties()
})

const gotBy = async (url: string, init?: RequestInit) => (await (await fetch(url, init)).json()) as Got

describe('a request', () => {
  it('goes over mutual TLS with its method, target, fields and body', async () => {
    await using both = await startBoth(parties)
    const got = await gotBy(`${both.proxy.url}/v1/a%20b?c=d&e=%2F..%2F`, {
      method: 'PUT',
      headers: { 'X-Own': 'yes', 'Content-Type': 'text/plain' },
      body: 'the body',
    })
    expect(got).toMatchObject({
      client: 'alice',
      method: 'PUT',
      url: '/v1/a%20b?c=d&e=%2F..%2F',
      body: 'the body',
    })
    expect(got.headers).toMatchObject({
      'x-own': 'yes',
      'content-type': 'text/plain',
      'content-length': '8',
      host: `localhost:${both.upstream.port}`,
    })
  })

  it('has the path of the upstream before its own', async () => {
    await using both = await startBoth(parties)
    await using other = await startBoth(parties, undefined, { upstream: `${both.upstream.url}/base/` })
    expect((await gotBy(`${other.proxy.url}/v1?x`)).url).toBe('/base/v1?x')
  })

  it('leaves the fields of its connection behind, and those that Connection names', async () => {
    await using both = await startBoth(parties)
    const fields = [
      'Connection: X-Secret, keep-alive',
      'Connection: Host, Content-Length',
      'X-Secret: 1',
      'Keep-Alive: timeout=5',
      'Proxy-Authorization: Basic abc',
      'Proxy-Connection: keep-alive',
      'TE: trailers',
      'Trailer: X-T',
      'X-Kept: two',
      'X-Kept: three',
      'Content-Length: 2',
    ]
    const text = message(both.port, 'POST /', fields, 'ab').replace('Connection: close\r\n', '')
    const answer = await raw(both.port, text, (sofar) => sofar.endsWith('}'))
    const got = JSON.parse(answer.slice(answer.indexOf('{'))) as Got
    expect(got.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())).toEqual([
      'host',
      'connection',
      'x-kept',
      'x-kept',
      'user-agent',
      'content-length',
    ])
    expect(got.headers['host']).toBe(`localhost:${both.upstream.port}`)
    expect(got.body).toBe('ab')
  })

  it('may be chunked, with extensions and trailers, which are not passed on', async () => {
    await using both = await startBoth(parties)
    const body = '3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: x\r\n\r\n'
    const answer = await raw(both.port, message(both.port, 'POST /', ['Transfer-Encoding: chunked'], body))
    const got = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Got
    expect(got.body).toBe('abcde')
    expect(got.headers).toMatchObject({ 'transfer-encoding': 'chunked' })
    expect(JSON.stringify(got)).not.toMatch(/trailer/i)
  })

  it.each(['GET', 'DELETE', 'OPTIONS'])('of %s may have a body too', async (method) => {
    await using both = await startBoth(parties)
    const [first, second] = [1, 2].map((n) =>
      message(both.port, `${method} /${n}`, ['Content-Length: 3'], 'abc').replace(
        'Connection: close\r\n',
        '',
      ),
    )
    const answer = await raw(both.port, `${first}${second}`, (text) => text.split('"client"').length === 3)
    expect(answer.match(/"body":"abc"/g)).toHaveLength(2)
  })

  it.each(['0', '00'])('may have a body of length %s', async (length) => {
    await using both = await startBoth(parties)
    const answer = await raw(both.port, message(both.port, 'POST /', [`Content-Length: ${length}`]))
    expect(statusOf(answer)).toBe(200)
    expect(answer).toContain('"content-length":"0"')
  })

  it('with Expect gets 100 before its body is wanted, and none where it is refused', async () => {
    await using both = await startBoth(parties, undefined, { allowedPaths: ['/v1/*'] })
    const post = (path: string) => {
      const headers = { expect: '100-continue', 'content-length': 4 }
      return httpRequest(`${both.proxy.url}${path}`, { method: 'POST', headers })
    }
    const good = post('/v1/x')
    good.flushHeaders()
    await once(good, 'continue')
    good.end('body')
    const [answer] = (await once(good, 'response')) as [IncomingMessage]
    expect(JSON.parse(await textOf(answer))).toMatchObject({ body: 'body' })

    const bad = post('/v2')
    let continued = 0
    bad.on('continue', () => continued++)
    bad.on('error', () => {})
    bad.flushHeaders()
    const [refusal] = (await once(bad, 'response')) as [IncomingMessage]
    expect([refusal.statusCode, continued]).toEqual([403, 0])
    bad.destroy()
  })
})

describe('an answer', () => {
  const answering = (bytes: string) =>
    startBoth(parties, (request) => {
      request.socket.write(bytes, 'latin1')
      if (!/content-length|chunked/i.test(bytes)) request.socket.end()
    })

  it('comes with its status and fields, in their order, with those of its connection left out', async () => {
    const fields =
      'X-B: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Hop: 1\r\nConnection: x-hop\r\nX-Latin: \xe4'
    await using both = await answering(`HTTP/1.1 418 Tea\r\n${fields}\r\nContent-Length: 2\r\n\r\nok`)
    const answer = await raw(both.port, message(both.port, 'GET /'))
    const kept = 'X-B: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: \xe4\r\nContent-Length: 2\r\n'
    expect(answer).toContain(`HTTP/1.1 418 I'm a Teapot\r\n${kept}`)
    expect(answer).not.toMatch(/x-hop/i)
    expect(answer.endsWith('\r\n\r\nok')).toBe(true)
  })

  it('passes on what is compressed as it is', async () => {
    const zipped = gzipSync('the text')
    await using both = await startBoth(parties, (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': zipped.length }).end(zipped)
    })
    const response = await fetch(both.proxy.url)
    expect(response.headers.get('content-length')).toBe(String(zipped.length))
    expect(await response.text()).toBe('the text')
  })

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n', /^content-length: 10\r$/im],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 10\r\n\r\n', /^etag: "x"\r$/im],
    ['GET', 'HTTP/1.1 204 No Content\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n', /^x-a: 1\r$/im],
  ])('to %s without a body ends at once: %j', async (method, bytes, field) => {
    await using both = await answering(bytes)
    const answer = await raw(both.port, message(both.port, `${method} /`))
    expect(answer).toMatch(field)
    expect(answer).not.toMatch(/transfer-encoding/i)
    expect(answer.endsWith('\r\n\r\n')).toBe(true)
    if (statusOf(answer) === 204) expect(answer).not.toMatch(/content-length/i)
  })

  it('may have interim answers before it, which stay behind', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'
    await using both = await answering(`${early}HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx`)
    const answer = await raw(both.port, message(both.port, 'GET /'))
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).not.toContain('Link')
  })

  it('that ends with its connection does so for the caller too', async () => {
    await using both = await answering('HTTP/1.1 200 OK\r\n\r\nuntil the end')
    const text = message(both.port, 'GET /').replace('Connection: close\r\n', '')
    const answer = await raw(both.port, text)
    expect(answer).toMatch(/^connection: close\r$/im)
    expect(answer).not.toMatch(/transfer-encoding/i)
    expect(answer.endsWith('\r\n\r\nuntil the end')).toBe(true)
  })

  it('of chunks ends with the connection for HTTP/1.0, Host or not', async () => {
    await using both = await startBoth(parties, (_, response) => {
      response.write('a')
      response.end('b')
    })
    for (const host of ['', `Host: localhost:${both.port}\r\n`]) {
      const answer = await raw(both.port, `GET / HTTP/1.0\r\n${host}\r\n`)
      expect(answer).not.toMatch(/transfer-encoding/i)
      expect(answer.endsWith('\r\n\r\nab')).toBe(true)
    }
  })

  it('leaves the connection of the caller open for the next, also where requests come in a row', async () => {
    await using both = await startBoth(parties)
    const [a, b, c] = ['a', 'b', 'c'].map((name) =>
      message(both.port, `GET /${name}`).replace('Connection: close\r\n', name === 'c' ? '$&' : ''),
    )
    const answer = await raw(both.port, `${a}${b}${c}`)
    expect(answer.match(/"url":"\/."/g)).toEqual(['"url":"/a"', '"url":"/b"', '"url":"/c"'])
  })
})

describeWith('curl', 'curl', () => {
  it('uploads', async () => {
    await using both = await startBoth(parties)
    const args = ['-sS', '--fail', '--data-binary', '@-', `${both.proxy.url}/upload`]
    const { stdout } = await mustRun('curl', args, { input: Buffer.from('x'.repeat(100_000)) })
    expect(JSON.parse(stdout.toString()).body).toHaveLength(100_000)
  })
})
