import { readText, refusedAnswer } from '../answer.ts'
import { hideAll } from '../hide-all.ts'
import { readSecret } from '../secret.ts'
import type { MoexSettings } from './options.ts'
import { readPassportAnswer } from './passport-answer.ts'
import { passportDenied, passportMissing, passportRefused, passportUnreadable } from './passport-refused.ts'
import { PassportToken } from './passport-token.ts'

const LIMIT = 64 * 1024
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617 section 2 forbids them
const CONTROL = /[\0-\x1f\x7f]/

/**
 * Asks for a MOEX Passport Token: one GET with Basic (RFC 7617, UTF-8), which is not made again whatever comes back.
 *
 * @throws AuthError `ERR_AUTH_PASSPORT_DENIED`, `ERR_AUTH_PASSPORT_MISSING`, `ERR_AUTH_RESPONSE`, and those of other
 *   statuses; HttpError
 */
export async function requestPassport(settings: MoexSettings, signal?: AbortSignal): Promise<PassportToken> {
  const { http, passportUrl: url, fields, now, login, decodePassport: decode = false } = settings
  const password = await readSecret(settings.password, 'password')
  if (CONTROL.test(login + password)) throw new TypeError('login and password hold no control characters')
  const credentials = Buffer.from(`${login}:${password}`, 'utf8').toString('base64')
  using _ = hideAll(http, [password, credentials])
  const response = await http.fetch(url, {
    headers: {
      accept: 'text/plain, application/json;q=0.9, */*;q=0.1',
      authorization: `Basic ${credentials}`,
    },
    redirect: 'manual',
    ...(signal === undefined ? {} : { signal }),
  })
  const { text } = await readText(response, LIMIT)
  const answer = refusedAnswer(response, text, [password, credentials])
  if (response.status >= 400) throw passportRefused(answer, url, now())
  const cookie = fields.cookie ?? 'MicexPassportCert'
  const marker = fields.marker ?? 'X-MicexPassport-Marker'
  const { status, headers } = response
  const found = readPassportAnswer({ status, headers, text }, { cookie, marker, now: now(), decode })
  if (found instanceof PassportToken) return found
  if (found === 'denied') throw passportDenied(answer, url, now())
  if (found === 'unreadable') throw passportUnreadable(answer, url, decode)
  throw passportMissing(answer, url, cookie, now())
}
