/** `sealkit proxy` beside stunnel and nginx, all before one nginx that wants a client certificate. */
import { fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { generateKey, issueTestCertificate, writePem } from 'sealkit/credentials'

const WARM_UP = 20_000
const MORE = 50_000
const CONNECTIONS = 32

/** Requests a second over 32 connections. */
export async function rate({ seconds }) {
  const requests = seconds < 1 ? 500 : 4000
  const measure = async (port) => await load({ port, connections: CONNECTIONS, requests })
  return await contestants(measure, { least: 0.5 })
}

/** Over one connection. @param {'median' | 'most'} which */
export async function latency(which, { seconds }) {
  const requests = seconds < 1 ? 100 : 1000
  return await contestants(async (port) => {
    const times = await load({ port, connections: 1, requests })
    return { seconds: times[which] }
  })
}

/** Resident memory of a proxy that has run a while, and after many more requests. */
export async function memory({ seconds }) {
  if (cannot !== undefined) return [{ name: 'sealkit, warm', cannot }]
  const part = seconds < 1 ? 20 : 1
  let measured
  const run = async () => {
    const { upstream, files } = await parties()
    const { port, pid } = await sealkit(upstream, files)
    await load({ port, connections: CONNECTIONS, requests: WARM_UP / part })
    const before = residentOf(pid)
    await load({ port, connections: CONNECTIONS, requests: MORE / part })
    return { before, after: residentOf(pid) }
  }
  const sample = (which) => async () => {
    measured ??= run()
    return { seconds: 0, memory: (await measured)[which] }
  }
  return [
    { name: 'sealkit, warm', sample: sample('before') },
    {
      name: `sealkit, ${(MORE / part).toLocaleString('en')} requests later`,
      sample: sample('after'),
      target: { most: 1.2 },
    },
  ]
}

const missing = ['nginx', 'stunnel'].filter((name) => spawnSync(name, ['-v'], { env: environment() }).error)
const cannot = missing.length === 0 ? undefined : `no ${missing.join(', ')} (Debian: nginx-light, stunnel4)`

async function contestants(measure, target) {
  const names = ['stunnel', 'sealkit', 'nginx']
  if (cannot !== undefined) return names.map((name) => ({ name, cannot }))
  const ports = await all()
  return names.map((name) => {
    const sample = () => measure(ports[name])
    return name === 'sealkit' && target !== undefined ? { name, sample, target } : { name, sample }
  })
}

let started

/** The three of them, warm; they end with this process. */
function all() {
  started ??= start()
  return started
}

async function start() {
  const { upstream, files } = await parties()
  const ports = {
    stunnel: await stunnel(upstream, files),
    sealkit: (await sealkit(upstream, files)).port,
    nginx: await nginx(upstream, files),
  }
  for (const port of Object.values(ports)) {
    await load({ port, connections: CONNECTIONS, requests: WARM_UP / 2 })
  }
  return ports
}

let made

function parties() {
  made ??= make()
  return made
}

/** Certificates in files, and the server behind. */
async function make() {
  const folder = mkdtempSync(join(tmpdir(), 'sealkit-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
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
  const put = (name, text) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const files = {
    folder,
    put,
    ca: put('ca.pem', root.toPem()),
    server: put('server.pem', await issue('serverAuth')),
    client: put('client.pem', await issue('clientAuth')),
  }
  const upstream = await freePort()
  await startNginx('upstream', upstream, files, [
    `listen 127.0.0.1:${upstream} ssl;`,
    `ssl_certificate ${files.server}; ssl_certificate_key ${files.server};`,
    `ssl_client_certificate ${files.ca}; ssl_verify_client on;`,
    `location / { default_type application/json; return 200 '{"info_str":"Welcome","version":"1"}'; }`,
  ])
  return { upstream, files }
}

async function sealkit(upstream, { ca, client, folder }) {
  const main = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url))
  const args = ['proxy', '--upstream', `https://localhost:${upstream}`, '--certificate', client, '--ca', ca]
  const config = join(folder, 'empty.toml')
  writeFileSync(config, '', { mode: 0o600 })
  const all = [main, ...args, '--proxy', 'none', '--config', config, '--json']
  const child = kept(spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'ignore'] }))
  const [line] = await once(child.stdout, 'data')
  child.stdout.unref()
  const { url, pid } = JSON.parse(String(line))
  return { port: Number(new URL(url).port), pid }
}

async function stunnel(upstream, { ca, client, put }) {
  const port = await freePort()
  const lines = [
    'foreground = yes',
    'pid =',
    'debug = 3',
    '[proxy]',
    'client = yes',
    `accept = 127.0.0.1:${port}`,
    `connect = 127.0.0.1:${upstream}`,
    `cert = ${client}`,
    `CAfile = ${ca}`,
    'verifyChain = yes',
    'checkHost = localhost',
    '',
  ]
  const file = put('stunnel.conf', lines.join('\n'))
  kept(spawn('stunnel', [file], { stdio: 'ignore', env: environment() }))
  await standing(port)
  return port
}

async function nginx(upstream, files) {
  const port = await freePort()
  await startNginx(
    'proxy',
    port,
    files,
    [
      `listen 127.0.0.1:${port};`,
      'location / {',
      '  proxy_pass https://upstream; proxy_http_version 1.1; proxy_set_header Connection "";',
      `  proxy_ssl_certificate ${files.client}; proxy_ssl_certificate_key ${files.client};`,
      `  proxy_ssl_trusted_certificate ${files.ca}; proxy_ssl_verify on; proxy_ssl_name localhost;`,
      '}',
    ],
    `upstream upstream { server 127.0.0.1:${upstream}; keepalive 64; keepalive_requests 1000000000; }`,
  )
  return port
}

async function startNginx(name, port, { folder, put }, server, before = '') {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const text = `
daemon off; worker_processes 1; error_log stderr crit; pid ${join(folder, `${name}.pid`)};
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600;
  ${temporary.map((each) => `${each}_temp_path ${join(folder, `${name}-${each}`)};`).join(' ')}
  ${before}
  server {
    ${server.join('\n    ')}
  }
}
`
  const file = put(`${name}.conf`, text)
  kept(spawn('nginx', ['-c', file, '-e', 'stderr'], { stdio: 'ignore', env: environment() }))
  await standing(port)
}

/** A child that ends with this process and does not keep it alive. */
function kept(child) {
  process.on('exit', () => child.kill())
  child.unref()
  return child
}

/** Debian has nginx where root looks for programs. */
function environment() {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function standing(port) {
  for (let tries = 200; ; tries--) {
    const socket = connect(port, '127.0.0.1')
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isUp) return
    if (tries === 0) throw new Error(`nothing listens on ${port}`)
    await sleep(50)
  }
}

let loader

async function load(wish) {
  if (loader === undefined) {
    loader = kept(fork(fileURLToPath(new URL('../http-load.mjs', import.meta.url))))
    loader.channel.unref()
  }
  loader.send(wish)
  loader.channel.ref()
  const [times] = await once(loader, 'message')
  loader.channel.unref()
  return times
}

/** Bytes. */
function residentOf(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}
