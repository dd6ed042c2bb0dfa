import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll } from 'vitest'
import { tempDir } from '../../support/tools.ts'
import type { BundleFile } from './bundle.ts'
import { type Answer, type Host, type Question, Questions } from './host.ts'

/** The page may load its own scripts and talk to its own server; whatever else it tries is refused and logged. */
const CSP = "default-src 'none'; script-src 'self'; connect-src 'self'"
const PAGE = '<!doctype html><title>sealkit</title><script type=module src=/page.js></script>'

/** Debian's Chromium, without a window and with a profile of its own, showing a page that is served to it alone. */
export async function openChromium(files: readonly BundleFile[]): Promise<Host> {
  const waiting: Question[] = []
  let hand: ((question: Question) => void) | undefined
  const questions = new Questions((question) => {
    if (hand === undefined) waiting.push(question)
    else hand(question)
    hand = undefined
  })
  const complaints: string[] = []

  let asked = false
  const next = () => {
    asked = true
    const first = waiting.shift()
    return first === undefined ? new Promise<Question>((resolve) => (hand = resolve)) : Promise.resolve(first)
  }
  const server = createServer((request, response) => serve(request, response))
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url } = request
    const what = `${method} ${url}`
    const script = files.find(({ name }) => what === `GET /${name}`)
    if (script !== undefined) return send(response, 'text/javascript', script.code)
    if (what === 'GET /') return send(response, 'text/html', PAGE)
    if (what === 'GET /question') return send(response, 'application/json', JSON.stringify(await next()))
    if (what === 'POST /answer') {
      questions.settle(JSON.parse(await text(request)) as Answer)
      return send(response, 'text/plain', '')
    }
    complaints.push(`asked for ${what}`)
    response.writeHead(404).end()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const browser = start(origin)
  createInterface(browser.stderr).on('line', (line) => {
    // Chromium writes much besides about the machine (D-Bus, fonts).
    if (!line.includes(':CONSOLE')) return
    complaints.push(line)
    // A page that cannot even load asks nothing.
    if (!asked) questions.fail(line)
  })
  const gone = once(browser, 'close').then(([status]) => questions.fail(`chromium ended with ${status}`))
  return {
    run: (name, ...args) => questions.ask(name, ...args),
    complaints,
    async close() {
      browser.kill()
      await gone
      await closed(server)
    },
  }
}

const running = new Set<ChildProcess>()

// A test that fails or takes too long may not come to close its browser.
afterAll(() => {
  for (const browser of running) browser.kill()
})

function start(origin: string): ChildProcessByStdio<null, null, Readable> {
  const folder = tempDir()
  const flags = [
    '--headless',
    // Chromium's sandbox does not start as root, nor in most containers; the page is our own.
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--enable-logging=stderr',
    `--user-data-dir=${folder}`,
  ]
  const env = { ...process.env, HOME: folder, TMPDIR: folder }
  const browser = spawn('chromium', [...flags, `${origin}/`], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  running.add(browser.once('close', () => running.delete(browser)))
  return browser
}

function send(response: ServerResponse, type: string, body: string): void {
  response.setHeader('content-security-policy', CSP)
  response.setHeader('content-type', `${type}; charset=utf-8`)
  response.end(body)
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
