/** Many callers at once: nothing lost, nothing mixed up, memory flat. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../support/tools.ts'
import { makeParties, startBoth } from './support/set-up.ts'

const CALLERS = 1000
const REQUESTS = 100_000

it(`${CALLERS} callers at once, ${REQUESTS} requests in all: none lost or mixed up`, async () => {
  const parties = await makeParties()
  let served = 0
  await using both = await startBoth(
    parties,
    (request, response) => {
      served++
      const { 'x-value': value = '' } = request.headers
      const body = `${request.url} ${value}`
      response.writeHead(200, { 'x-value': value, 'content-length': body.length }).end(body)
    },
    { admin: {} },
  )
  const child = join(root, 'test/apps/proxy/support/callers.mjs')
  const args = [child, both.proxy.url, String(CALLERS), String(REQUESTS)]
  const callers = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  callers.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await once(callers, 'close')
  expect(JSON.parse(said)).toEqual({ good: REQUESTS, mostAtOnce: CALLERS, wrong: [] })
  expect(served).toBe(REQUESTS)
  const metrics = await (await fetch(`${both.proxy.adminUrl}/metrics`)).text()
  expect(metrics).toContain(`sealkit_proxy_requests_total{status="200"} ${REQUESTS}\n`)
  expect(metrics).toContain('sealkit_proxy_requests_in_flight 0\n')
  expect(metrics).not.toContain('sealkit_proxy_failures_total{')
}, 300_000)
