/** A timestamp authority behind a URL (RFC 3161 section 3.4). */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { requestTimestamp, sign, verify } from '../../src/cms/index.ts'
import { describeWith } from '../support/tools.ts'
import { CONTENT } from './support/forge.ts'
import { keySigner } from './support/identities.ts'
import { authority } from './support/tokens.ts'
import { opensslAuthority } from './support/tsa.ts'

const STAMPED = new TextEncoder().encode('a signature')
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

type Handler = (request: IncomingMessage, response: ServerResponse, body: Uint8Array) => unknown

/** Starts a server for one test, and gives its URL. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    await handler(request, response, new Uint8Array(Buffer.concat(chunks)))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa?key=s3cret`
}

const grant: Handler = async (_, response, body) => {
  response.setHeader('content-type', 'application/timestamp-reply')
  response.end(await authority()(body, { signal: undefined }))
}

describe('a URL', () => {
  it.each(['text', 'URL'])('as %s: gets the query by POST and gives the token', async (form) => {
    const seen: IncomingMessage[] = []
    const url = await serve((request, response, body) => {
      seen.push(request)
      return grant(request, response, body)
    })
    await requestTimestamp(STAMPED, form === 'text' ? url : new URL(url))
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/tsa?key=s3cret' })
    expect(seen[0]?.headers).toMatchObject({
      'content-type': 'application/timestamp-query',
      accept: 'application/timestamp-reply',
    })
  })

  it('gives name and password as a header, and not to an error', async () => {
    const seen: (string | undefined)[] = []
    const handler: Handler = (request, response, body) => {
      seen.push(request.headers.authorization, request.url)
      return grant(request, response, body)
    }
    const url = new URL(await serve(handler))
    url.username = 'us:er'
    url.password = 's3crét'
    await requestTimestamp(STAMPED, url)
    await requestTimestamp(STAMPED, `${url}`.replace('@', '%zz@'))
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
    expect(seen).toEqual([
      basic('us:er:s3crét'),
      '/tsa?key=s3cret',
      basic('us:er:s3cr%C3%A9t%zz'),
      '/tsa?key=s3cret',
    ])
    expect(url.password).not.toBe('')
    url.port = '1'
    const error = await requestTimestamp(STAMPED, url).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ERR_TIMESTAMP_UNAVAILABLE' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/s3cr|us:er|us%3Aer/)
  })

  it.each(['ftp://tsa.example/', 'file:///etc/passwd', 'tsa.example', '', 'data:,x'])(
    'may not be %s',
    async (url) => {
      await expect(requestTimestamp(STAMPED, url)).rejects.toThrow(TypeError)
    },
  )
})

/** What comes out: without what stands in the URL behind the host. */
async function failure(source: string, signal?: AbortSignal): Promise<Error & { code?: string }> {
  const outcome = await requestTimestamp(STAMPED, source, { signal }).then(
    () => new Error('granted'),
    (error: Error) => error,
  )
  expect(outcome.message).not.toContain('s3cret')
  return outcome
}

describe('an authority that fails', () => {
  it.each([
    [204, 'ERR_TIMESTAMP_INVALID'],
    [301, 'ERR_TIMESTAMP_UNAVAILABLE'],
    [302, 'ERR_TIMESTAMP_UNAVAILABLE'],
    [307, 'ERR_TIMESTAMP_UNAVAILABLE'],
    [400, 'ERR_TIMESTAMP_REFUSED'],
    [401, 'ERR_TIMESTAMP_REFUSED'],
    [404, 'ERR_TIMESTAMP_REFUSED'],
    [500, 'ERR_TIMESTAMP_INVALID'],
    [503, 'ERR_TIMESTAMP_INVALID'],
  ])('with HTTP status %i', async (status, code) => {
    const target = await serve(grant)
    const url = await serve((_, response) => response.writeHead(status, { location: target }).end())
    expect(await failure(url)).toMatchObject({ code })
  })

  it('with the status in words', async () => {
    const url = await serve((_, response) => response.writeHead(503).end())
    expect((await failure(url)).message).toMatch(/^timestamp authority 127\.0\.0\.1:\d+: HTTP status 503$/)
  })

  it('with a page instead of an answer', async () => {
    const url = await serve((_, response) => response.end('<html>please log in</html>'))
    expect(await failure(url)).toMatchObject({ code: 'ERR_TIMESTAMP_INVALID' })
  })

  it('with an answer that never ends', async () => {
    let sent = 0
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(64 * 1024)
      const more = () => {
        while (response.writable && response.write(chunk)) sent += chunk.length
      }
      response.on('drain', more)
      more()
    })
    expect(await failure(url)).toMatchObject({
      code: 'ERR_TIMESTAMP_INVALID',
      message: expect.stringContaining('more than 1048576 bytes'),
    })
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  it('with an error page that never ends: the connection is let go', async () => {
    let closed: Promise<unknown> | undefined
    const url = await serve((_, response) => {
      closed = once(response, 'close')
      response.writeHead(500).write('sorry')
    })
    expect(await failure(url)).toMatchObject({ code: 'ERR_TIMESTAMP_INVALID' })
    await closed
  })

  it('with a connection cut off in mid-answer', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 5000 })
      response.write('0')
      setImmediate(() => response.destroy())
    })
    expect(await failure(url)).toMatchObject({ code: 'ERR_TIMESTAMP_UNAVAILABLE' })
  })

  it('with no server', async () => {
    const url = await serve(grant)
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve))
    const error = await failure(url)
    expect(error).toMatchObject({
      code: 'ERR_TIMESTAMP_UNAVAILABLE',
      message: expect.stringContaining('no connection'),
    })
    expect(error.cause).toBeInstanceOf(Error)
  })
})

describe('the signal', () => {
  it('ends the wait for an answer, with its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const url = await serve(() => controller.abort(reason))
    expect(await failure(url, controller.signal)).toBe(reason)
  })

  it('ends the wait for the rest of an answer', async () => {
    const controller = new AbortController()
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 5000 })
      response.write('0')
      setImmediate(() => controller.abort())
    })
    expect((await failure(url, controller.signal)).name).toBe('AbortError')
  })

  it('may be a timeout', async () => {
    const url = await serve(() => {})
    expect((await failure(url, AbortSignal.timeout(20))).name).toBe('TimeoutError')
  })

  it('that has ended sends nothing', async () => {
    let requests = 0
    const url = await serve(() => requests++)
    await failure(url, AbortSignal.abort())
    expect(requests).toBe(0)
  })
})

describeWith('openssl', 'openssl ts as authority', () => {
  const trust = () => ({ trusted: true }) as const

  it('behind a URL: sign, stamp, verify', async () => {
    const tsa = opensslAuthority()
    const url = await serve(async (_, response, body) => response.end(await tsa(body)))
    const message = await sign(CONTENT, {
      signers: keySigner('p256'),
      timestamp: url,
      signingCertificate: true,
    })
    const result = await verify(message, { content: CONTENT, trust })
    expect(result).toMatchObject({ verdict: 'valid' })
    const [stamp] = result.signers[0]?.timestamps ?? []
    expect(stamp).toMatchObject({ verdict: 'valid', policy: '1.3.6.1.4.1.99999.1' })
    expect(Math.abs(Number(stamp?.time) - Date.now())).toBeLessThan(3_600_000)
  })

  it('as a function', async () => {
    await expect(requestTimestamp(STAMPED, opensslAuthority())).resolves.toBeInstanceOf(Uint8Array)
  })

  it('that refuses SHA-256', async () => {
    await expect(requestTimestamp(STAMPED, opensslAuthority({ digests: ['SHA-512'] }))).rejects.toMatchObject(
      {
        code: 'ERR_TIMESTAMP_REFUSED',
        message: expect.stringContaining('unrecognized or unsupported algorithm'),
      },
    )
  })

  it('that was asked for another nonce', async () => {
    const tsa = opensslAuthority({
      rewrite: (query) => {
        const copy = Uint8Array.from(query)
        // The nonce's last byte stands before BOOLEAN TRUE.
        copy[copy.length - 4] = (copy.at(-4) as number) ^ 1
        return copy
      },
    })
    await expect(requestTimestamp(STAMPED, tsa)).rejects.toMatchObject({
      code: 'ERR_TIMESTAMP_INVALID',
      message: expect.stringContaining('nonce'),
    })
  })

  it('that was asked for another imprint', async () => {
    const tsa = opensslAuthority({
      rewrite: (query) => {
        const copy = Buffer.from(query)
        // OCTET STRING of 32 bytes.
        const at = copy.indexOf(Buffer.of(0x04, 0x20)) + 2
        copy.fill(7, at, at + 32)
        return copy
      },
    })
    await expect(requestTimestamp(STAMPED, tsa)).rejects.toMatchObject({
      code: 'ERR_TIMESTAMP_INVALID',
      message: expect.stringContaining('timestamp-mismatch'),
    })
  })
})
