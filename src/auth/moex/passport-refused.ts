import { AuthError } from '../../errors.ts'
import type { RefusedAnswer } from '../answer.ts'
import { answerFacts, apiError } from '../api-error.ts'
import { certificatePage } from '../certificate-page.ts'
import { isHtml } from './html.ts'

/** 423 tells of a locked account; what 400 means with Basic nobody says, so it is not tried again either. */
const DENIED: ReadonlySet<number> = new Set([400, 401, 403, 423])

/** The error for an answer of the MOEX Passport with a status from 400 on. */
export function passportRefused(answer: RefusedAnswer, url: URL, now: number): AuthError {
  const page = certificatePage(answer)
  if (page !== undefined) return page
  if (DENIED.has(answer.status)) return passportDenied(answer, url, now)
  return apiError(answer, { request: `GET ${placeOf(url)}`, now })
}

/** Login and password are wrong, or the account is locked. Whatever the status: it can be 200. */
export function passportDenied(answer: RefusedAnswer, url: URL, now: number): AuthError {
  const message = `the MOEX Passport denied the login at ${placeOf(url)}: status ${answer.status}`
  const hint =
    'check login, password and environment; it is not tried again by itself, since wrong passwords lock the account'
  return new AuthError('ERR_AUTH_PASSPORT_DENIED', message, { ...answerFacts(answer, now), hint })
}

/** The login may be right, but there is no token in the answer. */
export function passportMissing(answer: RefusedAnswer, url: URL, cookie: string, now: number): AuthError {
  const message = `the answer of ${placeOf(url)} holds no MOEX Passport Token: status ${answer.status}, `
  const facts = answerFacts(answer, now)
  const code = 'ERR_AUTH_PASSPORT_MISSING'
  const location = placeOfLocation(answer.headers, url)
  if (location !== undefined) {
    const hint = `where ${location} is MOEX's own address of the passport, give it as passportUrl`
    return new AuthError(code, `${message}it sends to ${location}`, { ...facts, hint })
  }
  if (isHtml(answer)) {
    const hint =
      'the address is a page for people, or under maintenance: check passportUrl, or try again later'
    return new AuthError(code, `${message}a page in HTML`, { ...facts, hint })
  }
  const hint = 'check passportUrl, or name the cookie where it has another name'
  return new AuthError(code, `${message}no cookie ${cookie}`, { ...facts, hint })
}

/** There is a token, but it cannot be meant. Its text is not shown. */
export function passportUnreadable({ status }: RefusedAnswer, url: URL, decoded: boolean): AuthError {
  const message = `the MOEX Passport Token of ${placeOf(url)} holds characters that do not belong there, or is too long`
  const hint = decoded
    ? 'leave decodePassport out: the token may not be URL-encoded at all'
    : 'ask MOEX, with the trace of the request'
  return new AuthError('ERR_AUTH_RESPONSE', message, { status, hint })
}

/** Without query and fragment: secrets may stand there. */
export function placeOf(url: URL): string {
  return `${url.origin}${url.pathname}`
}

function placeOfLocation(headers: Headers, base: URL): string | undefined {
  const location = headers.get('location')
  if (location === null || !URL.canParse(location, base.href)) return undefined
  const url = new URL(location, base)
  return url.protocol === 'https:' || url.protocol === 'http:' ? placeOf(url) : undefined
}
