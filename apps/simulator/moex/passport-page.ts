import { type Answer, bare, html, text } from '../answer.ts'
import type { Faults } from '../faults.ts'
import { basicOf, type SimulatorRequest } from '../request.ts'
import type { PassportTokens } from './passport-tokens.ts'
import type { Refuse } from './refusals.ts'
import type { MoexUsers } from './users.ts'

/** What the MOEX Passport works with. */
export interface PassportPageOptions {
  readonly users: MoexUsers
  readonly tokens: PassportTokens
  readonly faults: Faults
  readonly refuse: Refuse
  /** Of the cookie, in seconds. */
  readonly lifetime: number
  now(): number
}

const COOKIE = 'MicexPassportCert'
const MARKER = 'X-MicexPassport-Marker'
const GONE = `${COOKIE}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Secure; HttpOnly`

/** The MOEX Passport: Basic in, a cookie (or another shape) out. */
export function passportPage(request: SimulatorRequest, options: PassportPageOptions): Answer {
  const { users, tokens, faults, refuse } = options
  const credentials = basicOf(request.headers.authorization)
  if (credentials === undefined) {
    refuse('passport-no-basic')
    return denied(401)
  }
  const result = users.logIn(credentials.name, credentials.password)
  if (result !== 'granted') {
    refuse(result)
    return denied(result === 'locked' ? 403 : 401)
  }
  if (faults.passport === 'denied-200') {
    refuse('passport-fault')
    return html(200, 'MOEX Passport', 'Access denied.', { [MARKER]: 'denied', 'set-cookie': GONE })
  }
  return granted(tokens.issue(credentials.name), options)
}

function granted(token: string, { faults, lifetime, now }: PassportPageOptions): Answer {
  const marker = { [MARKER]: 'granted' }
  if (faults.passport === 'body') return text(200, token, 'text/plain;charset=UTF-8', marker)
  const expires = new Date(now() + lifetime * 1000).toUTCString()
  const cookie = `${COOKIE}=${token}; Path=/; Expires=${expires}; Max-Age=${lifetime}; Secure; HttpOnly`
  const headers = { ...marker, 'set-cookie': ['JSESSIONID=simulated; Path=/; Secure; HttpOnly', cookie] }
  if (faults.passport === 'redirect') return bare(302, { ...headers, location: '/en/user' })
  return html(200, 'MOEX Passport', 'A simulator, not MOEX. Access granted.', headers)
}

function denied(status: 401 | 403): Answer {
  const challenge = { 'www-authenticate': 'Basic realm="MOEX Passport (simulator)", charset="UTF-8"' }
  return html(status, 'MOEX Passport', 'Access denied.', {
    [MARKER]: 'denied',
    'set-cookie': GONE,
    ...(status === 401 ? challenge : {}),
  })
}
