/** Bytes that two servers in a row might read differently: one request in, at most one request out. */
import { beforeAll, describe, expect, it } from 'vitest'
import { makeParties, message, type Parties, raw, startBoth, statusOf } from './support/set-up.ts'

let parties: Parties
beforeAll(async () => {
  parties = await makeParties()
})

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
const LENGTH = `Content-Length: ${SMUGGLED.length}`
const CHUNKED = 'Transfer-Encoding: chunked'

/** What the upstream saw of bytes sent to the proxy. */
async function seen(
  bytes: (port: number) => string,
): Promise<{ answer: string; urls: string[]; bodies: string[] }> {
  const urls: string[] = []
  const bodies: string[] = []
  await using both = await startBoth(parties, async (request, response) => {
    urls.push(request.url ?? '')
    bodies.push(Buffer.concat(await request.toArray()).toString('latin1'))
    response.end('ok')
  })
  const answer = await raw(both.port, bytes(both.port))
  return { answer, urls, bodies }
}

const post = (fields: readonly string[], body: string) => (port: number) =>
  message(port, 'POST /outer', fields, body)

describe('refused before the upstream hears of it', () => {
  const refused: Record<string, readonly [number, (port: number) => string]> = {
    'length and chunks': [400, post([LENGTH, CHUNKED], `0\r\n\r\n${SMUGGLED}`)],
    'chunks and length': [400, post([CHUNKED, LENGTH], `0\r\n\r\n${SMUGGLED}`)],
    'two lengths': [400, post(['Content-Length: 0', LENGTH], SMUGGLED)],
    'two lengths in one': [400, post([`${LENGTH}, ${SMUGGLED.length}`], SMUGGLED)],
    'a length with a sign': [400, post([`Content-Length: +${SMUGGLED.length}`], SMUGGLED)],
    'a length in hexadecimal': [400, post(['Content-Length: 0x10'], SMUGGLED)],
    'a blank before the colon': [400, post([`Content-Length : ${SMUGGLED.length}`], SMUGGLED)],
    'a coding before the chunks': [501, post(['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n')],
    'chunks twice': [400, post(['Transfer-Encoding: chunked, chunked'], '0\r\n\r\n')],
    'another coding': [501, post(['Transfer-Encoding: identity'], SMUGGLED)],
    'a coding with a strange blank': [400, post(['Transfer-Encoding: \x0bchunked'], '0\r\n\r\n')],
    'a folded coding': [400, post(['Transfer-Encoding:', ' chunked'], '0\r\n\r\n')],
    'a field without a name': [400, post([': chunked'], '')],
    'a NUL in a field': [400, post(['X-A: a\0b'], '')],
    'a field ended by LF alone': [400, (port) => message(port, 'GET /outer', ['X-A: 1\nX-B: 2'])],
    'a field ended by CR alone': [400, (port) => message(port, 'GET /outer', ['X-A: 1\rX-B: 2'])],
    'a head ended by LF alone': [400, (port) => `GET /outer HTTP/1.1\nHost: 127.0.0.1:${port}\n\n`],
    'two of Host': [400, (port) => message(port, 'GET /outer', [`Host: 127.0.0.1:${port}`])],
    'no Host': [400, () => 'GET /outer HTTP/1.1\r\nConnection: close\r\n\r\n'],
    'chunks in HTTP/1.0': [400, (port) => post([CHUNKED], '0\r\n\r\n')(port).replace('HTTP/1.1', 'HTTP/1.0')],
    'a blank in the target': [400, (port) => message(port, 'GET /outer HTTP/1.1\tx')],
    'another version': [400, (port) => message(port, 'GET /outer').replace('HTTP/1.1', 'HTTP/3.7')],
    'HTTP/2': [400, () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  }

  it.each(Object.entries(refused))('%s', async (_, [status, bytes]) => {
    const { answer, urls } = await seen(bytes)
    expect(urls).toEqual([])
    expect([statusOf(answer), answer.match(/^HTTP\/1\.1/gm)?.length]).toEqual([status, 1])
  })
})

describe('read to the end, and sent on as one request of our own making', () => {
  const kept: Record<string, readonly [string, (port: number) => string]> = {
    'a body that looks like a request': [SMUGGLED, post([LENGTH], SMUGGLED)],
    'chunks that look like a request': [
      SMUGGLED,
      post([CHUNKED], `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`),
    ],
    'a length that Connection takes away': [SMUGGLED, post([LENGTH, 'Connection: content-length'], SMUGGLED)],
    'a coding that Connection takes away': [
      'abc',
      post([CHUNKED, 'Connection: transfer-encoding'], '3\r\nabc\r\n0\r\n\r\n'),
    ],
    'an extension of a chunk': ['abc', post([CHUNKED], '3;a="\t;"\r\nabc\r\n0\r\n\r\n')],
    'trailers that look like fields': [
      'abc',
      post([CHUNKED], `3\r\nabc\r\n0\r\nHost: x\r\nAuthorization: y\r\n\r\n`),
    ],
  }

  it.each(Object.entries(kept))('%s', async (_, [body, bytes]) => {
    const { answer, urls, bodies } = await seen(bytes)
    expect([statusOf(answer), urls, bodies]).toEqual([200, ['/outer'], [body]])
  })
})

describe('cut off in the middle', () => {
  const broken: Record<string, (port: number) => string> = {
    'a trailer that is a length': post([CHUNKED], `3\r\nabc\r\n0\r\n${LENGTH}\r\n\r\n${SMUGGLED}`),
    'a chunk whose size is too small': post([CHUNKED], `2\r\nabcd\r\n0\r\n\r\n${SMUGGLED}`),
    'a chunk whose size is no number': post([CHUNKED], `3\r\nabc\r\nxyz\r\n${SMUGGLED}`),
    'a chunk whose size is enormous': post([CHUNKED], `3\r\nabc\r\n${'f'.repeat(17)}\r\n${SMUGGLED}`),
    'a chunk ended by LF alone': post([CHUNKED], `3\r\nabc\n0\r\n\r\n${SMUGGLED}`),
    'an extension ended by LF alone': post([CHUNKED], `3;x\nabc\r\n0\r\n\r\n${SMUGGLED}`),
  }

  it.each(Object.entries(broken))('%s', async (_, bytes) => {
    const { answer, urls } = await seen(bytes)
    expect(urls).not.toContain('/smuggled')
    expect(answer).not.toMatch(/^HTTP\/1\.1 200/m)
  })
})

describe('an upstream that answers with two lengths in mind', () => {
  const answers: Record<string, string> = {
    'length and chunks':
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
    'two lengths': 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef',
    'a field ended by LF alone': 'X-A: 1\nX-B: 2\r\nContent-Length: 0\r\n\r\n',
  }

  it.each(Object.entries(answers))('%s', async (_, bytes) => {
    await using both = await startBoth(parties, (request) => {
      request.socket.write(`HTTP/1.1 200 OK\r\n${bytes}`)
    })
    const answer = await raw(both.port, message(both.port, 'GET /'))
    expect(statusOf(answer)).toBe(502)
    expect(answer).toContain('ERR_HTTP_PROTOCOL')
  })

  it('what it sends after its answer is for nobody', async () => {
    await using both = await startBoth(parties, (request) => {
      const more = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nPOISONED'
      request.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${more}`)
    })
    for (let i = 0; i < 20; i++) {
      expect(await raw(both.port, message(both.port, 'GET /'))).not.toContain('POISONED')
    }
  })
})
