/** Calls over mutual TLS: what the transport and the token cost beyond undici alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { authorizedFetch, TokenSet, tokenManager } from 'sealkit/auth'
import { generateKey, issueTestCertificate, writePem } from 'sealkit/credentials'
import { createTransport } from 'sealkit/http'
import { Agent, request, fetch as undiciFetch } from 'undici'

const HOUR = 3_600_000
/** What a look into memory may take, in seconds. */
const LOOK_UP = { within: 20e-6, is: '<= 20 us' }

/** @param {number} inFlight */
export async function call(inFlight) {
  const { url, ca, pem } = await server()
  const { origin } = new URL(url)
  const transport = createTransport({ ca: Buffer.from(ca), credential: { certificate: pem }, proxy: 'none' })
  const tokens = manager()
  const { accessToken } = await tokens.token()
  const authorized = authorizedFetch(tokens, { fetch: transport.fetch, origins: [origin] })
  const agent = new Agent({ connect: { ca, cert: pem, key: pem } })
  const options = { dispatcher: agent, headers: { authorization: `Bearer ${accessToken}` } }
  return [
    { name: 'undici, fetch', inFlight, run: async () => await (await undiciFetch(url, options)).json() },
    {
      name: 'sealkit, authorizedFetch',
      inFlight,
      run: async () => await (await authorized(url)).json(),
      target: { least: 0.9 },
    },
    { name: 'undici, request', inFlight, run: async () => await (await request(url, options)).body.json() },
  ]
}

export async function lookUp() {
  const tokens = manager()
  await tokens.token()
  return [{ name: 'sealkit, a cached token', run: () => tokens.token(), target: LOOK_UP }]
}

function manager() {
  const key = { platform: 'bench', host: 'localhost', account: 'bench', scope: 'read' }
  const login = async () => {
    const issuedAt = Date.now()
    return new TokenSet({ accessToken: 'x'.repeat(1000), issuedAt, expiresAt: issuedAt + HOUR })
  }
  return tokenManager({ key, login })
}

let started

/** One for all scenarios; it ends with this process. */
function server() {
  started ??= start()
  return started
}

async function start() {
  const caKey = await generateKey('P-256')
  const root = await issueTestCertificate({ key: caKey, subject: 'CN=bench root', days: 1, ca: true })
  const issue = async (purpose) => {
    const key = await generateKey('P-256')
    const certificate = await issueTestCertificate({
      key,
      subject: `CN=bench ${purpose}`,
      days: 1,
      issuer: { certificate: root, key: caKey },
      subjectAltNames: ['DNS:localhost'],
      extendedKeyUsage: [purpose],
    })
    return await writePem({ keys: [{ key, certificate }] })
  }
  const [own, pem, ca] = [await issue('serverAuth'), await issue('clientAuth'), root.toPem()]
  const child = spawn(process.execPath, [fileURLToPath(new URL('../https-server.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  process.on('exit', () => child.kill())
  child.stdin.end(JSON.stringify({ cert: own, key: own, ca }))
  const [port] = await once(child.stdout, 'data')
  child.unref()
  child.stdout.unref()
  return { url: `https://localhost:${String(port).trim()}/playground/v1/info`, ca, pem }
}
