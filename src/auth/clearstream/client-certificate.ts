import { AuthError } from '../../errors.ts'
import type { Certificate } from '../../x509/index.ts'
import { printable } from '../../x509/printable.ts'
import type { HttpClient } from '../http-client.ts'
import type { ClearstreamSettings } from './options.ts'

const DAY = 86_400_000

const RENEW =
  'they last two years: an administrator of the OU issues new ones in Xact, in the credential details of the API consumer'

/**
 * The same client, which looks at its certificate before each request: nothing is sent with one that has expired, or
 * without any. Of a client that does not say which certificate it has, as a plain fetch, nothing is known.
 */
export function withCheckedCertificate(settings: ClearstreamSettings): HttpClient {
  const { http } = settings
  if (!('certificate' in http)) return http
  const known = new WeakSet<Certificate>()
  return {
    get certificate() {
      return http.certificate
    },
    hide: (secret) => http.hide?.(secret) ?? { [Symbol.dispose]() {} },
    fetch: async (input, init) => {
      const { certificate } = http
      if (certificate === undefined || !known.has(certificate) || isOver(certificate, settings.now())) {
        await check(settings, known)
      }
      return await http.fetch(input, init)
    },
  }
}

/** The files may have changed since: what they hold now counts. */
async function check(settings: ClearstreamSettings, known: WeakSet<Certificate>): Promise<void> {
  const { http, now } = settings
  await http.ready?.()
  const { certificate } = http
  if (certificate === undefined) throw missing()
  if (isOver(certificate, now())) throw expired(certificate)
  if (known.has(certificate)) return
  known.add(certificate)
  warnOfEnd(settings, certificate)
  warnOfOtherUser(settings, certificate)
}

function isOver({ notAfter }: Certificate, now: number): boolean {
  return now > notAfter.getTime()
}

function warnOfEnd({ warn, warnDays, now }: ClearstreamSettings, { notAfter }: Certificate): void {
  if (notAfter.getTime() - now() > warnDays * DAY) return
  warn(`the client certificate ends on ${notAfter.toISOString().slice(0, 10)}; ${RENEW}`)
}

function warnOfOtherUser({ warn, username }: ClearstreamSettings, { subject }: Certificate): void {
  if (subject.commonName === username) return
  warn(
    `the client certificate is for ${nameOf(subject.commonName)}, the user name is ${printable(username)}: ` +
      'Clearstream wants both to be the same',
  )
}

/** For a message. */
export function nameOf(commonName: string | undefined): string {
  return commonName === undefined ? 'nobody (it has no common name)' : printable(commonName).slice(0, 100)
}

function missing(): AuthError {
  const hint =
    'give the SSL credential of the API consumer, ocapi-USERID-ssl.pem or .p12, as the credential of the transport'
  return new AuthError(
    'ERR_AUTH_CERTIFICATE',
    'there is no client certificate: Clearstream wants one on every connection',
    { hint },
  )
}

function expired({ notAfter, subject }: Certificate): AuthError {
  const message = `the client certificate of ${nameOf(subject.commonName)} expired on ${notAfter.toISOString()}`
  return new AuthError('ERR_AUTH_CERTIFICATE', `${message}; nothing was sent`, {
    hint: `take new certificates; ${RENEW}`,
  })
}
