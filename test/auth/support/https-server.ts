import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { Agent, fetch as undiciFetch } from 'undici'
import { encodePem } from '../../../src/asn1/index.ts'
import type { HttpClient } from '../../../src/auth/index.ts'
import { generateKey, issueTestCertificate } from '../../../src/credentials/index.ts'

/** A real HTTPS server on loopback, with a client that trusts it. */
export interface HttpsServer extends AsyncDisposable {
  readonly url: URL
  readonly http: HttpClient
  /** Texts that are hidden in traces right now, and all that ever were. */
  readonly hidden: string[]
  readonly everHidden: string[]
  /** Method, path and body of each request. */
  readonly requests: readonly {
    method: string
    path: string
    headers: IncomingMessage['headers']
    body: string
  }[]
  /** Answers what comes. */
  answer: (body: string, request: IncomingMessage, response: Parameters<RequestListener>[1]) => void
}

export async function httpsServer(): Promise<HttpsServer> {
  using key = await generateKey('P-256')
  const certificate = await issueTestCertificate({
    key,
    subject: 'CN=test',
    days: 1,
    subjectAltNames: ['DNS:localhost'],
  })
  const pem = certificate.toPem()
  const requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = []
  const hidden: string[] = []
  const everHidden: string[] = []
  const server = createServer({ key: encodePem('PRIVATE KEY', key.pkcs8()), cert: pem })
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
    self.answer(body, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const dispatcher = new Agent({ connect: { ca: pem } })
  const fetch = ((input: string | URL | Request, init?: RequestInit) =>
    undiciFetch(input as string, { ...(init as object), dispatcher })) as unknown as typeof globalThis.fetch
  const self: HttpsServer = {
    url: new URL(`https://localhost:${port}/token`),
    http: {
      fetch,
      hide: (secret) => {
        hidden.push(secret)
        everHidden.push(secret)
        return { [Symbol.dispose]: () => void hidden.splice(hidden.indexOf(secret), 1) }
      },
    },
    hidden,
    everHidden,
    requests,
    answer: (_body, _request, response) => response.writeHead(404).end(),
    [Symbol.asyncDispose]: async () => {
      await dispatcher.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return self
}
