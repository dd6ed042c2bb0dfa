/** The support page in Debian's Chromium, watched: whatever goes wrong unseen is a complaint. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axeCore from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, expect } from 'vitest'
import { startSupport } from '../../../../apps/support/index.ts'
import type { SupportOptions, SupportServer } from '../../../../apps/support/server/options.ts'
import { root, tempDir } from '../../../support/tools.ts'
import { builtPage } from './built-page.ts'

export interface OpenPageOptions extends SupportOptions {
  /** Of the browser: colours, size. */
  readonly context?: BrowserContextOptions
  /** Where the page begins: `convert`. Default: its first view. */
  readonly view?: string
}

/** A page that is shown. Disposing ends page and server, and fails for what went wrong unseen. */
export interface SupportPage extends AsyncDisposable {
  readonly page: Page
  readonly server: SupportServer
  /** Violations of the CSP, messages of the console, errors that nobody caught, requests elsewhere. */
  readonly complaints: string[]
  /** Every request, as `POST /api/token`, with what was sent. */
  readonly requests: { readonly what: string; readonly body: string }[]
}

let browser: Promise<Browser> | undefined

afterAll(async () => {
  await (await browser)?.close()
})

function openBrowser(): Promise<Browser> {
  // Chromium's sandbox does not start as root, nor in most containers; the page is our own.
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']
  const home = tempDir()
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config') }
  browser ??= chromium.launch({ executablePath: '/usr/bin/chromium', args, env, headless: true })
  return browser
}

/** Starts the server on the built page, and shows it by its one-time address. */
export async function openPage(options: OpenPageOptions = {}): Promise<SupportPage> {
  const { context: contextOptions = {}, view, ...own } = options
  const env = { PATH: process.env['PATH'], HOME: tempDir() }
  const server = await startSupport({ page: await builtPage(), env, ...own })
  const size = { viewport: { width: 1280, height: 900 } }
  const context = await (await openBrowser()).newContext({ ...size, ...contextOptions })
  context.setDefaultTimeout(45_000)
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: SupportPage['requests'] = []
  watch(page, server.origin, complaints, requests)
  await page.goto(server.address)
  await page.locator('h1').first().waitFor()
  if (view !== undefined) await page.evaluate(`location.assign('#/${view}')`)
  return {
    page,
    server,
    complaints,
    requests,
    async [Symbol.asyncDispose]() {
      await context.close()
      await server[Symbol.asyncDispose]()
      expect(complaints).toEqual([])
    },
  }
}

function watch(
  page: Page,
  origin: string,
  complaints: string[],
  requests: { what: string; body: string }[],
): void {
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('console', (message) => {
    // A call that the server refuses is an answer; Chromium logs it all the same.
    if (/Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) return
    // Advice for managers of passwords: nobody is to keep these.
    if (message.text().startsWith('[DOM]')) return
    complaints.push(`${message.type()}: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    const isOwn = url.origin === origin || url.protocol === 'blob:'
    if (!isOwn) complaints.push(`asked ${request.method()} ${url.href}`)
    requests.push({ what: `${request.method()} ${url.pathname}`, body: request.postData() ?? '' })
  })
}

/** Keeps a picture of the whole page, for people to look at. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = join(root, 'node_modules/.cache/sealkit/screenshots')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

interface AxeViolation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** Violations of WCAG 2.2 AA and of good practice, as axe-core finds them. */
export async function axe(page: Page): Promise<string[]> {
  // By the debugger, since the page's CSP lets no script in.
  await page.evaluate(axeCore.source)
  const violations = await page.evaluate(async () => {
    const { axe: run } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: AxeViolation[] }> }
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    return (await run.run({ runOnly: { type: 'tag', values: tags } })).violations
  })
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  )
}

/** The field of a label, among those that are shown. */
export function field(page: Page, label: string): Locator {
  const exactly = new RegExp(`^${label.replaceAll(/[()?.]/g, '\\$&')}( \\*)?$`)
  return page.locator('input, select, textarea').and(page.getByLabel(exactly)).filter({ visible: true })
}
