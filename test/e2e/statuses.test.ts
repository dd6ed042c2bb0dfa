/** Every 4xx and 5xx, and answers that are none, at each step: code, hint, exit code; what the server echoes stays out. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, bare, html, json, text } from '../../apps/simulator/answer.ts'
import { ServerAuthority } from '../../apps/simulator/index.ts'
import type { SimulatorRequest } from '../../apps/simulator/request.ts'
import { SimulatorServer } from '../../apps/simulator/server.ts'
import { build } from '../../scripts/build.mjs'
import {
  byCommand,
  byLibrary,
  clearstreamPlatform,
  expectFailure,
  moexPlatform,
  type Platform,
} from './support/rig.ts'
import { keepSecret, watchIssuedTokens } from './support/secrets.ts'

let authority: ServerAuthority
beforeAll(async () => {
  watchIssuedTokens()
  authority = await ServerAuthority.create()
  await build()
}, 300_000)

const PASSPORT = 'passport-token-of-the-stub-0123456789%3D'
const ACCESS = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdHViIn0.c3R1Yi1zaWduYXR1cmU'
const REFRESH = 'refresh-token-of-the-stub-0123456789'
keepSecret('passport token', PASSPORT)
keepSecret('access token', ACCESS)
keepSecret('refresh token', REFRESH)

type Step = 'passport' | 'token' | 'api'
const tokens = () =>
  json(200, { access_token: ACCESS, refresh_token: REFRESH, token_type: 'bearer', expires_in: 300 })
const GOOD: Readonly<Record<Step, () => Answer>> = {
  passport: () =>
    bare(200, { 'set-cookie': `MicexPassportCert=${PASSPORT}; Path=/`, 'x-micexpassport-marker': 'granted' }),
  token: tokens,
  api: () => json(200, {}),
}

/** All that came with a request, as a careless server shows it in its error. */
const echo = ({ headers, body }: SimulatorRequest): string => `${headers.authorization ?? ''}\n${body}`

/** Answers one step so, the others well. */
async function stub(step: Step, answer: (request: SimulatorRequest) => Answer) {
  const at = (each: Step) => (request: SimulatorRequest) => (each === step ? answer(request) : GOOD[each]())
  return await SimulatorServer.start({
    authority,
    routes: {
      'GET /passport': at('passport'),
      'POST /token': at('token'),
      'POST /authmanager/oauth2/access_token': at('token'),
      'GET /api': at('api'),
    },
  })
}

/** The platform's settings, and another server. */
function at(platform: Platform, server: SimulatorServer): Platform {
  const { url } = server
  const ca = platform.put('stub-ca.pem', authority.ca)
  const own =
    platform.name === 'moex'
      ? { 'passport-url': `${url}/passport`, 'token-url': `${url}/token`, 'api-origins': url }
      : { url }
  return {
    ...platform,
    settings: { ...platform.settings, ...own, ca, retries: '0' },
    api: platform.name === 'moex' ? `${url}/api` : '/api',
  }
}

type Row = readonly [status: number, code: string, exitCode: number]
const COMMON: readonly Row[] = [
  [302, 'ERR_AUTH_REDIRECT', 6],
  [404, 'ERR_AUTH_NOT_FOUND', 4],
  [405, 'ERR_AUTH_REQUEST', 4],
  [408, 'ERR_AUTH_REQUEST', 4],
  [413, 'ERR_AUTH_REQUEST', 4],
  [415, 'ERR_AUTH_REQUEST', 4],
  [421, 'ERR_AUTH_REQUEST', 4],
  [429, 'ERR_AUTH_RATE_LIMITED', 4],
  [500, 'ERR_AUTH_SERVER', 6],
  [501, 'ERR_AUTH_SERVER', 6],
  [502, 'ERR_AUTH_SERVER', 6],
  [503, 'ERR_AUTH_MAINTENANCE', 6],
  [504, 'ERR_AUTH_SERVER', 6],
  [599, 'ERR_AUTH_SERVER', 6],
]
const ROWS: Readonly<Record<'moex' | 'clearstream', Partial<Record<Step, readonly Row[]>>>> = {
  moex: {
    passport: [
      ...COMMON.filter(([status]) => status !== 302),
      [302, 'ERR_AUTH_PASSPORT_MISSING', 6],
      [400, 'ERR_AUTH_PASSPORT_DENIED', 4],
      [401, 'ERR_AUTH_PASSPORT_DENIED', 4],
      [403, 'ERR_AUTH_PASSPORT_DENIED', 4],
    ],
    token: [
      ...COMMON,
      [400, 'ERR_AUTH_REQUEST', 4],
      [401, 'ERR_AUTH_REFUSED', 4],
      [403, 'ERR_AUTH_REFUSED', 4],
    ],
    api: [
      ...COMMON,
      [400, 'ERR_AUTH_REQUEST', 4],
      [401, 'ERR_AUTH_TOKEN_REFUSED', 4],
      [403, 'ERR_AUTH_FORBIDDEN', 4],
    ],
  },
  clearstream: {
    token: [
      ...COMMON,
      [400, 'ERR_AUTH_SCOPE', 4],
      [401, 'ERR_AUTH_REFUSED', 4],
      [403, 'ERR_AUTH_REFUSED', 4],
    ],
    api: [
      ...COMMON,
      [400, 'ERR_AUTH_REQUEST', 4],
      [401, 'ERR_AUTH_TOKEN_REFUSED', 4],
      [403, 'ERR_AUTH_FORBIDDEN', 4],
    ],
  },
}

const cases = (['moex', 'clearstream'] as const).flatMap((name) =>
  Object.entries(ROWS[name]).map(([step, rows]) => ({ name, step: step as Step, rows })),
)
const start = (name: 'moex' | 'clearstream') => (name === 'moex' ? moexPlatform() : clearstreamPlatform())

describe.each(cases)('$name, $step', ({ name, step, rows }) => {
  it.each(rows)('%i is %s, exit code %i', async (status, code, exitCode) => {
    const shapes = [
      (request: SimulatorRequest) => text(status, echo(request), 'text/plain', { location: '/elsewhere' }),
      (request: SimulatorRequest) => json(status, { error: echo(request), message: echo(request) }),
      (request: SimulatorRequest) => html(status, `${status}`, echo(request)),
      () => bare(status),
    ]
    await using platform = await start(name)
    for (const shape of shapes) {
      await using server = await stub(step, shape)
      const outcome = await byLibrary(at(platform, server))
      const isPage = status >= 500 && outcome.code === 'ERR_AUTH_MAINTENANCE'
      expectFailure(outcome, isPage ? 'ERR_AUTH_MAINTENANCE' : code, exitCode)
      expect(server.problems).toEqual([])
    }
  })

  it.concurrent.each(rows.filter(([status]) => [302, 400, 401, 403, 404, 429, 500, 503].includes(status)))(
    '%i by the command line is exit code %s %i',
    async (status, code, exitCode) => {
      await using platform = await start(name)
      await using server = await stub(step, (request) =>
        json(status, { error: echo(request), detail: echo(request) }),
      )
      expectFailure(await byCommand(at(platform, server)), code, exitCode)
    },
  )
})

describe.each(['moex', 'clearstream'] as const)('%s, token: 200 that is none', (name) => {
  it.each([
    ['a page', () => html(200, 'Welcome', 'Log in here')],
    ['nothing', () => bare(200)],
    ['204', () => bare(204)],
    ['JSON of another kind', () => json(200, ['access_token'])],
    [
      'an error',
      (request: SimulatorRequest) => json(200, { error: 'invalid_grant', error_description: echo(request) }),
    ],
    [
      'a token of another type',
      () => json(200, { access_token: ACCESS, token_type: 'mac', expires_in: 300 }),
    ],
    ['an empty token', () => json(200, { access_token: '', token_type: 'bearer', expires_in: 300 })],
    [
      'a token that is no header',
      () => json(200, { access_token: `${ACCESS}\r\nx: y`, token_type: 'bearer', expires_in: 300 }),
    ],
  ] as const)('%s', async (_, answer) => {
    await using platform = await start(name)
    await using server = await stub('token', answer)
    expectFailure(await byLibrary(at(platform, server)), 'ERR_AUTH_RESPONSE', 6)
  })
})

describe('moex, passport: 200 that is none', () => {
  it.each([
    ['a page without a marker', () => html(200, 'Welcome', 'Log in here'), 'ERR_AUTH_PASSPORT_MISSING', 6],
    ['nothing', () => bare(200), 'ERR_AUTH_PASSPORT_MISSING', 6],
    ['denied', () => bare(200, { 'x-micexpassport-marker': 'denied' }), 'ERR_AUTH_PASSPORT_DENIED', 4],
  ] as const)('%s', async (_, answer, code, exitCode) => {
    await using platform = await moexPlatform()
    await using server = await stub('passport', answer)
    expectFailure(await byLibrary(at(platform, server)), code, exitCode)
    expectFailure(await byCommand(at(platform, server)), code, exitCode)
    expect(server.requests.length).toBe(2)
  })
})
