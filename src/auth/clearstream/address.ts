import { AuthError, HttpError } from '../../errors.ts'

/** The web portal; the guide: "Any OAuth requests sent to https://xact.clearstream.com will be rejected." */
const PORTAL = /(?:^|\.)xact\.clearstream\.com\.?$/

const PORTAL_HINT =
  'xact.clearstream.com is the portal for people: the API is at https://api.clearstream.com, ' +
  'for OCCT at https://api-t2s-test.clearstream.com'

/**
 * Reads the base URL: https, and nothing behind the path.
 *
 * @throws HttpError `ERR_HTTP_URL` for the portal's
 * @throws TypeError for another one; the message leaves the URL out, since there may be a password in it
 */
export function baseUrl(text: string | URL): URL {
  const url = URL.canParse(String(text)) ? new URL(text) : undefined
  const isPlain =
    url?.protocol === 'https:' && `${url.username}${url.password}${url.search}${url.hash}` === ''
  if (url === undefined || !isPlain) {
    throw new TypeError('url must be an https URL without name, password, query and fragment')
  }
  if (PORTAL.test(url.hostname)) {
    throw new HttpError('ERR_HTTP_URL', `${url.hostname} does not answer API requests`, {
      phase: 'request',
      hint: PORTAL_HINT,
    })
  }
  return url
}

/** The URL of a path below the base. */
export function below(base: URL, path: string): URL {
  return new URL(`${base.href.replace(/\/$/, '')}/${path.replace(/^\//, '')}`)
}

/**
 * The URL of an API: a path below the base, or a whole URL of the same origin.
 *
 * @throws AuthError `ERR_AUTH_ORIGIN` for a URL elsewhere: the token does not go there
 */
export function apiUrl(base: URL, pathOrUrl: string | URL): URL {
  const isWhole = pathOrUrl instanceof URL || /^\s*[a-z][a-z0-9+.-]*:/i.test(pathOrUrl)
  if (!isWhole) return below(base, pathOrUrl)
  const url = URL.canParse(String(pathOrUrl)) ? new URL(pathOrUrl) : undefined
  if (url === undefined) throw new TypeError('the URL is malformed')
  if (url.origin === base.origin) return url
  const hint = PORTAL.test(url.hostname)
    ? PORTAL_HINT
    : `call ${base.origin}, or make a client for the other host: a token is for the host that issued it`
  throw new AuthError('ERR_AUTH_ORIGIN', `the token is not for ${url.origin}`, { hint })
}
