/** The transport against real servers: credentials of every form, reloading, limits, retries, what fetch takes. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { getEventListeners, once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCredentials, writePkcs12 } from '../../src/credentials/index.ts'
import { HttpError } from '../../src/errors.ts'
import {
  type ClientCredential,
  createTransport,
  type HttpTransport,
  type TraceEvent,
  type TransportOptions,
} from '../../src/http/index.ts'
import { mustRun } from '../interop/support/run.ts'
import { describeWith, tempDir } from '../support/tools.ts'
import { type Issued, makeAuthority, type TestAuthority } from './support/authority.ts'
import { startServer, type TestServer } from './support/server.ts'

let authority: TestAuthority
let server: Issued
let alice: Issued

beforeAll(async () => {
  authority = await makeAuthority()
  server = await authority.server()
  alice = await authority.client('alice')
})

const open = (options: Partial<TransportOptions> = {}) =>
  createTransport({ ca: authority.ca, proxy: 'none', ...options })

/** Answers with the name of the client's certificate. */
const whoami: Parameters<typeof startServer>[1] = (request, response) => {
  const { subject } = (request.socket as TLSSocket).getPeerCertificate()
  response.setHeader('content-type', 'text/plain').end(subject?.CN ?? 'nobody')
}

const errorOf = async (promise: Promise<unknown>): Promise<HttpError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(HttpError)
  return error as HttpError
}

function privateFile(name: string, content: string | Uint8Array): string {
  const path = join(tempDir(), name)
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

/** Written aside and renamed, as those who renew certificates do. */
function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

describeWith('openssl', 'a client credential', () => {
  const password = 'öffne dich'
  const both = () => alice.cert + alice.key

  const forms: Record<string, () => Promise<ClientCredential>> = {
    'PEM in one file': async () => ({ certificate: privateFile('both.pem', both()) }),
    'PEM in two files': async () => ({
      certificate: privateFile('cert.pem', alice.cert),
      key: privateFile('key.pem', alice.key),
    }),
    'PEM as a text': async () => ({ certificate: both() }),
    'encrypted PEM': async () => {
      const args = ['pkcs8', '-topk8', '-passout', 'pass:secret']
      const { stdout } = await mustRun('openssl', args, { input: Buffer.from(alice.key) })
      return { certificate: privateFile('locked.pem', alice.cert + stdout.toString()), password: 'secret' }
    },
    'PKCS#12 of today': async () => {
      const { keys } = await readCredentials(both())
      const file = await writePkcs12(
        { keys: keys.map(({ key, certificate }) => ({ key, certificate })) },
        { password },
      )
      return { certificate: privateFile('new.p12', file), password: async () => password }
    },
    "PKCS#12 of old, which Node's own TLS cannot read": async () => {
      const args = [
        'pkcs12',
        '-export',
        '-legacy',
        '-passout',
        'pass:secret',
        '-in',
        privateFile('in.pem', both()),
      ]
      const { stdout } = await mustRun('openssl', args)
      return { certificate: privateFile('old.p12', stdout), password: 'secret' }
    },
  }

  it.each(Object.keys(forms))('%s', async (form) => {
    const credential = await forms[form]?.()
    await using service = await startServer(server, whoami, { clients: authority })
    await using http = open({ credential })
    const response = await http.fetch(service.url)
    expect(await response.text()).toBe('alice')
    expect(http.certificate?.equals(alice.certificate)).toBe(true)
  })

  it('that does not belong together is refused before anything is sent', async () => {
    const bob = await authority.client('bob')
    await using service = await startServer(server, whoami, { clients: authority })
    await using http = open({ credential: { certificate: bob.cert, key: alice.key } })
    await expect(http.fetch(service.url)).rejects.toMatchObject({ code: 'ERR_CREDENTIAL_KEY_MISMATCH' })
    expect(service.connections()).toBe(0)
  })

  it('without one a server that wants one is named as the cause, in TLS 1.2 and 1.3', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      await using service = await startServer(server, whoami, { clients: authority, maxVersion })
      await using http = open()
      const error = await errorOf(http.fetch(service.url))
      expect(error).toMatchObject({ code: 'ERR_HTTP_CLIENT_CERTIFICATE', phase: 'client-certificate' })
      expect(error.hint).toBeDefined()
    }
  })

  it('of another authority is refused, in TLS 1.2 and 1.3', async () => {
    const stranger = await (await makeAuthority('Another root')).client('mallory')
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      await using service = await startServer(server, whoami, { clients: authority, maxVersion })
      await using http = open({ credential: { certificate: stranger.cert + stranger.key } })
      const error = await errorOf(http.fetch(service.url))
      expect(error).toMatchObject({ code: 'ERR_HTTP_CLIENT_CERTIFICATE', phase: 'client-certificate' })
    }
  })
})

describe('a connection that is closed without an answer by a server that asks for a certificate', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is a lost one where it has answered before: %s',
    async (maxVersion) => {
      let drops = 0
      const handler: Parameters<typeof startServer>[1] = (request, response) => {
        if (drops-- > 0) response.destroy()
        else whoami(request, response)
      }
      await using service = await startServer(server, handler, { clients: authority, maxVersion })
      await using http = open({ credential: { certificate: alice.cert + alice.key } })
      expect(await (await http.fetch(service.url)).text()).toBe('alice')
      drops = 2
      expect(await (await http.fetch(service.url)).text()).toBe('alice')
      drops = 1
      const lost = await errorOf(http.fetch(service.url, { method: 'POST' }))
      expect(lost).toMatchObject({ code: 'ERR_HTTP_CLOSED' })
      // On a new connection too.
      drops = 1
      expect(await errorOf(http.fetch(service.url, { method: 'POST' }))).toMatchObject({
        code: 'ERR_HTTP_CLOSED',
      })
    },
  )
})

describe('files that change', () => {
  const wait = () => sleep(1100)

  it('are taken for new connections, and no request gets lost', async () => {
    const bob = await authority.client('bob')
    const file = privateFile('client.pem', alice.cert + alice.key)
    await using service = await startServer(server, whoami, { clients: authority })
    await using http = open({ credential: { certificate: file } })
    const names: string[] = []
    let isDone = false
    const asking = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!isDone) names.push(await (await http.fetch(service.url)).text())
      }),
    )
    await wait()
    replaceFile(file, bob.cert + bob.key)
    await wait()
    await wait()
    isDone = true
    await asking
    expect(new Set(names)).toEqual(new Set(['alice', 'bob']))
    expect(names.lastIndexOf('alice')).toBeLessThan(names.length - 8)
    expect(http.certificate?.equals(bob.certificate)).toBe(true)
  })

  it('are left alone while they cannot be read', async () => {
    const file = privateFile('client.pem', alice.cert + alice.key)
    const events: TraceEvent[] = []
    await using service = await startServer(server, whoami, { clients: authority })
    await using http = open({ credential: { certificate: file }, trace: (event) => events.push(event) })
    await http.fetch(service.url)
    replaceFile(file, alice.cert)
    await wait()
    expect(await (await http.fetch(service.url)).text()).toBe('alice')
    expect(events.filter(({ kind }) => kind === 'credential')).toHaveLength(1)
  })
})

describe("the server's certificate", () => {
  it('of an authority that is not trusted', async () => {
    await using service = await startServer(server, whoami)
    const other = await makeAuthority('Another root')
    await using http = open({ ca: Buffer.from(other.ca) })
    const error = await errorOf(http.fetch(service.url))
    expect(error).toMatchObject({ code: 'ERR_HTTP_SERVER_CERTIFICATE', phase: 'tls' })
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('with a key that is too short, in %s', async (maxVersion) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const spki = publicKey.export({ format: 'der', type: 'spki' })
    const weak = await authority.server({ key: undefined, publicKey: spki })
    const key = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    await using service = await startServer({ ...weak, key }, whoami, {
      maxVersion,
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    await using http = open()
    const error = await errorOf(http.fetch(service.url))
    expect(error).toMatchObject({ code: 'ERR_HTTP_SERVER_CERTIFICATE' })
  })

  it('is checked again by a new connection after the CA bundle has changed', async () => {
    const other = await makeAuthority('Another root')
    const bundle = privateFile('ca.pem', authority.ca)
    await using service = await startServer(server, whoami)
    await using http = open({ ca: bundle })
    await (await http.fetch(service.url)).text()
    replaceFile(bundle, other.ca)
    await sleep(1100)
    expect(await errorOf(http.fetch(service.url))).toMatchObject({ code: 'ERR_HTTP_SERVER_CERTIFICATE' })
  })
})

describe('limits', () => {
  it('the whole time, with the phase', async () => {
    await using service = await startServer(server, () => {})
    await using http = open({ timeouts: { total: 300 } })
    expect(await errorOf(http.fetch(service.url))).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'http' })
  })

  it.each([
    ['text', (response: Response) => response.text()],
    [
      'a stream',
      async ({ body }: Response) => {
        for await (const _ of body ?? []);
      },
    ],
    ['a copy', (response: Response) => response.clone().text()],
  ])('the whole time, over all pieces of a body that drips, read as %s', async (_, read) => {
    await using service = await startServer(server, (request, response) => {
      if (request.url === '/warm') return void response.end('warm')
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    await using http = open({ timeouts: { total: 1000 } })
    // Under load a new connection may take as long.
    await (await http.fetch(`${service.url}/warm`)).text()
    const error = await errorOf((async () => await read(await http.fetch(service.url)))())
    expect(error).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'body' })
    expect(error.message).toContain('not done within 1 s')
  })

  it('the whole time, the caller and the end of the transport, while the connection is being made', async () => {
    let closed = 0
    const silent = createServer((socket) => {
      socket.resume()
      socket.on('error', () => {}).on('close', () => closed++)
    })
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/`
    await using http = open({ timeouts: { total: 500, tls: 60_000 } })
    expect(await errorOf(http.fetch(url))).toMatchObject({ code: 'ERR_HTTP_TIMEOUT' })
    const controller = new AbortController()
    const asked = http.fetch(url, { signal: controller.signal })
    controller.abort(new Error('no longer'))
    await expect(asked).rejects.toThrow('no longer')
    await http[Symbol.asyncDispose]()
    while (closed === 0) await sleep(20)
    silent.close()
  }, 30_000)

  it('the time to the head, and between pieces of the body', async () => {
    await using service = await startServer(server, (request, response) => {
      if (request.url === '/body') response.write('first')
    })
    await using http = open({ timeouts: { headers: 300, body: 300 }, retries: 0 })
    expect(await errorOf(http.fetch(service.url))).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'http' })
    const response = await http.fetch(`${service.url}/body`)
    expect(await errorOf(response.text())).toMatchObject({ code: 'ERR_HTTP_TIMEOUT', phase: 'body' })
  })

  it.each([
    ['as it is', randomBytes(5000), {}],
    [
      'of a compressed body, when it is decoded',
      gzipSync(Buffer.alloc(1_000_000)),
      { 'content-encoding': 'gzip' },
    ],
  ])('the size of the answer, %s', async (_, body, headers) => {
    await using service = await startServer(server, (_request, response) => {
      response.writeHead(200, headers).end(body)
    })
    await using http = open({ maxResponseBytes: 4096 })
    const response = await http.fetch(service.url)
    expect(await errorOf(response.arrayBuffer())).toMatchObject({ code: 'ERR_HTTP_TOO_LARGE', phase: 'body' })
  })

  it('the body that is cut off', async () => {
    await using service = await startServer(server, (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('first')
      setTimeout(() => response.destroy(), 50)
    })
    await using http = open()
    const response = await http.fetch(service.url)
    expect(await errorOf(response.clone().json())).toMatchObject({ code: 'ERR_HTTP_CLOSED', phase: 'body' })
  })
})

describe('the caller', () => {
  it("has its signal's own reason thrown", async () => {
    await using service = await startServer(server, () => {})
    await using http = open()
    const reason = new Error('changed my mind')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 100)
    await expect(http.fetch(service.url, { signal: controller.signal })).rejects.toBe(reason)
  })

  it.each([
    ['http:', 'http://localhost/'],
    ['a name and password', 'https://user:geheim@localhost/'],
  ])('is refused a URL with %s', async (_, url) => {
    await using http = open()
    const error = await errorOf(http.fetch(url))
    expect(error.code).toBe('ERR_HTTP_URL')
    expect(inspect(error)).not.toContain('geheim')
  })

  it('gets redirects back, and does not go there', async () => {
    await using service = await startServer(server, (_request, response) => {
      response.writeHead(302, { location: 'https://elsewhere.example/' }).end()
    })
    await using http = open()
    const response = await http.fetch(service.url, { redirect: 'follow' })
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://elsewhere.example/'])
  })

  it('may give what the global fetch takes', async () => {
    await using service = await startServer(server, async (request, response) => {
      const body: Buffer[] = []
      for await (const chunk of request) body.push(chunk as Buffer)
      const { 'content-type': type = '', 'content-length': length = '', 'x-own': own = '' } = request.headers
      response.end(
        JSON.stringify([request.method, type.split(';')[0], length, own, Buffer.concat(body).toString()]),
      )
    })
    await using http = open()
    const sent = async (...args: Parameters<typeof fetch>) =>
      (await (await http.fetch(...args)).json()) as string[]
    const form = new FormData()
    form.set('name', 'wert')
    const headers = { 'x-own': '1' }
    expect(await sent(new URL(service.url))).toEqual(['GET', '', '', '', ''])
    expect(
      await sent(service.url, { method: 'post', body: new URLSearchParams({ a: 'b c' }), headers }),
    ).toEqual(['POST', 'application/x-www-form-urlencoded', '5', '1', 'a=b+c'])
    expect(await sent(new Request(service.url, { method: 'PUT', body: 'text', headers }))).toEqual([
      'PUT',
      'text/plain',
      '4',
      '1',
      'text',
    ])
    expect(await sent(new Request(service.url, { method: 'PUT', body: 'text' }), { headers })).toEqual([
      'PUT',
      '',
      '4',
      '1',
      'text',
    ])
    expect((await sent(service.url, { method: 'POST', body: form }))[1]).toBe('multipart/form-data')
    const stream = new Blob(['piece by piece']).stream()
    expect(await sent(service.url, { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).toEqual([
      'POST',
      '',
      '',
      '',
      'piece by piece',
    ])
  })

  it('cannot use it once it is closed', async () => {
    const http = open()
    await http.close()
    await expect(http.fetch('https://localhost/')).rejects.toThrow(TypeError)
  })
})

describe('the answer is a Response', () => {
  const fields = ['a=1', 'b=2; Secure']
  let service: TestServer
  let http: HttpTransport
  beforeAll(async () => {
    service = await startServer(server, (request, response) => {
      const { pathname } = new URL(request.url ?? '', 'https://localhost')
      if (pathname === '/empty') response.writeHead(204).end()
      else if (pathname === '/gzip')
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked'))
      else if (pathname === '/odd') response.writeHead(200, { 'content-encoding': 'zstd' }).end('packed')
      else if (pathname === '/form')
        response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' }).end('a=b')
      else if (pathname === '/cut') {
        response.writeHead(200, { 'content-length': 1000 }).write('first')
        setTimeout(() => response.destroy(), 50)
      } else
        response.writeHead(200, { 'set-cookie': fields, 'content-type': 'application/json' }).end('{"a":1}')
    })
    http = open()
    return async () => {
      await http[Symbol.asyncDispose]()
      await service[Symbol.asyncDispose]()
    }
  })

  it('with status, fields and URL', async () => {
    const response = await http.fetch(`${service.url}/path?x=1`)
    expect(response).toBeInstanceOf(Response)
    expect([response.ok, response.status, response.statusText]).toEqual([true, 200, 'OK'])
    expect(response.url).toBe(`${service.url}/path?x=1`)
    expect(response.headers.getSetCookie()).toEqual(fields)
    expect(await response.json()).toEqual({ a: 1 })
  })

  it('whose body is read once, by each of its readers', async () => {
    const get = () => http.fetch(service.url)
    expect(await (await get()).text()).toBe('{"a":1}')
    expect(Buffer.from(await (await get()).arrayBuffer()).toString()).toBe('{"a":1}')
    // Not in Node 20's own Response.
    const newer = (await get()) as Response & { bytes(): Promise<Uint8Array> }
    expect(Buffer.from(await newer.bytes()).toString()).toBe('{"a":1}')
    const blob = await (await get()).blob()
    expect([blob.type, await blob.text()]).toEqual(['application/json', '{"a":1}'])
    expect((await (await http.fetch(`${service.url}/form`)).formData()).get('a')).toBe('b')
    const response = await get()
    expect(response.bodyUsed).toBe(false)
    await response.text()
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(() => response.clone()).toThrow(TypeError)
  })

  it('whose body is a stream, and can be cloned', async () => {
    const response = await http.fetch(service.url)
    const copy = response.clone()
    const chunks: Uint8Array[] = []
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('{"a":1}')
    expect(await copy.json()).toEqual({ a: 1 })
  })

  it('without a body where there is none', async () => {
    for (const [path, method] of [
      ['/empty', 'GET'],
      ['/', 'HEAD'],
    ]) {
      const response = await http.fetch(`${service.url}${path}`, { method: method as string })
      expect([response.body, await response.text()]).toEqual([null, ''])
    }
  })

  it('decoded where it came compressed, and refused where nobody can', async () => {
    expect(await (await http.fetch(`${service.url}/gzip`)).text()).toBe('unpacked')
    expect(await errorOf(http.fetch(`${service.url}/odd`))).toMatchObject({ code: 'ERR_HTTP_PROTOCOL' })
  })

  it('whose stream fails with the HttpError', async () => {
    const response = await http.fetch(`${service.url}/cut`)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const readAll = async () => {
      while (!(await reader.read()).done);
    }
    expect(await errorOf(readAll())).toMatchObject({ code: 'ERR_HTTP_CLOSED', phase: 'body' })
  })

  it("that ends when the caller's signal says so, which nothing holds on to afterwards", async () => {
    const controller = new AbortController()
    const { signal } = controller
    await (await http.fetch(service.url, { signal })).text()
    await (await http.fetch(service.url, { signal })).body?.cancel()
    await (await http.fetch(`${service.url}/empty`, { signal })).text()
    await errorOf((await http.fetch(`${service.url}/cut`, { signal })).text())
    expect(getEventListeners(signal, 'abort')).toEqual([])
    const response = await http.fetch(`${service.url}/cut`, { signal })
    const reading = response.text()
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    await expect(http.fetch(service.url, { signal })).rejects.toThrow('enough')
  })

  it('that frees its connection when nobody can read it any more', async () => {
    const big = await startServer(server, (_request, response) => void response.end(Buffer.alloc(1_000_000)))
    await using own = open()
    await own.fetch(big.url)
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    let left = -1
    for (let i = 0; i < 100 && left !== 0; i++) {
      gc()
      await sleep(50)
      left = big.open()
    }
    expect(left).toBe(0)
    await big[Symbol.asyncDispose]()
  })

  it('refused as a redirect where the caller wants none', async () => {
    await using moving = await startServer(server, (_request, response) => {
      response.writeHead(307, { location: '/' }).end()
    })
    await expect(http.fetch(moving.url, { redirect: 'error' })).rejects.toThrow(TypeError)
  })
})

describe('again', () => {
  const flaky = (failures: number, fail: (response: ServerResponse) => void) => {
    let requests = 0
    return {
      count: () => requests,
      handler: (_request: IncomingMessage, response: ServerResponse) => {
        requests++
        if (requests <= failures) fail(response)
        else response.end('there')
      },
    }
  }
  const drop = (response: ServerResponse) => response.destroy()

  it('a GET after a dropped connection, at most so often', async () => {
    const { handler, count } = flaky(2, drop)
    await using service = await startServer(server, handler)
    await using http = open()
    expect(await (await http.fetch(service.url)).text()).toBe('there')
    expect(count()).toBe(3)
    const more = flaky(3, drop)
    await using worse = await startServer(server, more.handler)
    expect(await errorOf(http.fetch(worse.url))).toMatchObject({ code: 'ERR_HTTP_CLOSED' })
    expect(more.count()).toBe(3)
  })

  it('never a POST', async () => {
    const { handler, count } = flaky(1, drop)
    await using service = await startServer(server, handler)
    await using http = open()
    const error = await errorOf(http.fetch(service.url, { method: 'POST', body: 'password=1' }))
    expect(error).toMatchObject({ code: 'ERR_HTTP_CLOSED', phase: 'http' })
    expect(count()).toBe(1)
  })

  it('never a login by Basic: wrong passwords lock accounts', async () => {
    const { handler, count } = flaky(1, drop)
    await using service = await startServer(server, handler)
    await using http = open()
    const headers = { authorization: 'Basic dTpw' }
    expect(await errorOf(http.fetch(service.url, { headers }))).toMatchObject({ code: 'ERR_HTTP_CLOSED' })
    expect(count()).toBe(1)
  })

  it('when the server says so, and not where it says nothing', async () => {
    const busy = flaky(1, (response) => void response.writeHead(503, { 'retry-after': '1' }).end())
    await using service = await startServer(server, busy.handler)
    await using http = open()
    expect((await http.fetch(service.url)).status).toBe(200)
    const down = flaky(1, (response) => void response.writeHead(503).end())
    await using other = await startServer(server, down.handler)
    expect((await http.fetch(other.url)).status).toBe(503)
    expect(down.count()).toBe(1)
  })
})

describe('the trace', () => {
  it('tells all of it, and nothing that is secret', async () => {
    const events: TraceEvent[] = []
    await using service = await startServer(server, (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'session=cookie-secret' })
      response.end(JSON.stringify({ access_token: 'token-secret', scope: 'allow' }))
    })
    await using http = open({ trace: (event) => events.push(event) })
    using _ = http.hide('hidden-secret')
    const response = await http.fetch(`${service.url}/path?access_token=query-secret&x=hidden-secret`, {
      method: 'POST',
      headers: { authorization: 'Bearer header-secret' },
      body: new URLSearchParams({ grant_type: 'password', password: 'form-secret' }),
    })
    await response.json()
    const text = events.map(({ kind, lines }) => lines.map((line) => `${kind} ${line}`).join('\n')).join('\n')
    expect(text).toMatch(/^connection .*Connected to localhost/m)
    expect(text).toMatch(/^tls .*TLSv1\.3/m)
    expect(text).toMatch(/^request POST \/path/m)
    expect(text).toMatch(/^request user-agent: sealkit\/\d/im)
    expect(text).toMatch(/^request-body .*grant_type=password/m)
    expect(text).toMatch(/^response HTTP\/1\.1 200 OK/m)
    expect(text).toMatch(/^response-body .*"scope":"allow"/m)
    expect(text).not.toMatch(/-secret/)
  })

  it('tells an error once, wherever it happens', async () => {
    const events: TraceEvent[] = []
    await using service = await startServer(server, (request, response) => {
      if (request.url === '/body') response.writeHead(200, { 'content-length': 9 }).write('first')
      setTimeout(() => response.destroy(), 50)
    })
    await using http = open({ trace: (event) => events.push(event), retries: 0 })
    const errors = () => events.filter(({ kind }) => kind === 'error').map(({ lines }) => lines)
    await errorOf(http.fetch(service.url))
    expect(errors()).toEqual([[expect.stringMatching(/^ERR_HTTP_CLOSED: /)]])
    await errorOf((await http.fetch(`${service.url}/body`)).text())
    expect(errors()).toHaveLength(2)
    const other = await makeAuthority('Another root')
    await using wary = open({ ca: Buffer.from(other.ca), trace: (event) => events.push(event) })
    await errorOf(wary.fetch(service.url))
    expect(errors()[2]).toEqual([expect.stringMatching(/^ERR_HTTP_SERVER_CERTIFICATE: /)])
    expect(errors()).toHaveLength(3)
  })

  it('of many requests at once belongs to each', async () => {
    const events: TraceEvent[] = []
    await using service = await startServer(server, (request, response) => void response.end(request.url))
    await using http = open({ trace: (event) => events.push(event) })
    await Promise.all(
      Array.from({ length: 10 }, async (_, i) => (await http.fetch(`${service.url}/${i}`)).text()),
    )
    for (const { request, lines } of events.filter(({ kind }) => kind === 'request')) {
      const [path] = lines[0]?.match(/\d+/) ?? []
      const answer = events.find((event) => event.kind === 'response-body' && event.request === request)
      expect(answer?.lines[0]).toBe(`/${path}`)
    }
  })
})
