/** What no output may show, in whatever form it is written, and the search for it. */
import { inspect } from 'node:util'
import { vi } from 'vitest'
import { PassportTokens } from '../../../apps/simulator/moex/passport-tokens.ts'
import { type IssuedTokens, TokenDesk } from '../../../apps/simulator/token-desk.ts'

export const PASSWORD = 'Pä55w0rd "&+%41/lösung'
export const CLIENT_SECRET = 'Zq9x7/client+secret=='
export const FILE_PASSWORD = 'k3y file & passwörd'
export const PROXY_PASSWORD = 'Pq8/proxy:wörd %2B'
/** A password that the platforms refuse: what is refused is secret too. */
export const WRONG_PASSWORD = 'Wr0ng pässword+&'

const known = new Map<string, string>()

/** From now on this is searched for. Short texts could be found by chance. */
export function keepSecret(name: string, secret: string): void {
  if (secret.length < 8) throw new TypeError(`${name} is too short to be searched for`)
  known.set(secret, name)
}

for (const [name, secret] of Object.entries({
  password: PASSWORD,
  'client secret': CLIENT_SECRET,
  'password of a file': FILE_PASSWORD,
  "proxy's password": PROXY_PASSWORD,
  'wrong password': WRONG_PASSWORD,
}))
  keepSecret(name, secret)

/** Keeps every token secret that simulators of this process give out. */
export function watchIssuedTokens(): void {
  const { issue, refresh } = TokenDesk.prototype
  const keep = ({ access_token, refresh_token }: IssuedTokens): void => {
    keepSecret('access token', access_token)
    if (refresh_token !== undefined) keepSecret('refresh token', refresh_token)
  }
  vi.spyOn(TokenDesk.prototype, 'issue').mockImplementation(async function (this: TokenDesk, ...args) {
    const tokens = await issue.apply(this, args)
    keep(tokens)
    return tokens
  })
  vi.spyOn(TokenDesk.prototype, 'refresh').mockImplementation(async function (this: TokenDesk, ...args) {
    const refreshed = await refresh.apply(this, args)
    if (refreshed !== undefined) keep(refreshed.tokens)
    return refreshed
  })
  const issuePassport = PassportTokens.prototype.issue
  vi.spyOn(PassportTokens.prototype, 'issue').mockImplementation(function (this: PassportTokens, login) {
    const token = issuePassport.call(this, login)
    keepSecret('passport token', token)
    return token
  })
}

/** Keeps the lines of a key in PEM secret. */
export function keepKey(pem: string): void {
  const lines = /PRIVATE KEY-----\n([^-]+)-----END/.exec(pem)?.[1]?.trim().split('\n') ?? []
  if (lines.length === 0) throw new TypeError('there is no key')
  for (const line of lines) if (line.length >= 24) keepSecret('key', line)
}

/** How a secret may be written. */
function forms(secret: string): string[] {
  const utf8 = Buffer.from(secret, 'utf8')
  // Of base64 of `name:secret` only what does not depend on where the secret begins.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), utf8])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(shift === 0 ? 0 : 4, -1)
  })
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    utf8.toString('hex'),
    utf8.toString('latin1'),
    ...base64,
    ...base64.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
  ].filter((form) => form.length >= 8)
}

/** A CMS signature or a key in base64 begins so; a certificate does too, between its marks in PEM. */
const SIGNATURE = /(?:^|[^A-Za-z0-9+/])(MII[A-Za-z0-9+/%]{40})/
const KEY = /PRIVATE KEY-----\s*[A-Za-z0-9+/]{8}/

/**
 * Names what of all that is secret stands in the texts: empty where nothing does.
 *
 * @param but the one that was asked for
 */
export function leaksIn(texts: Readonly<Record<string, string>>, but?: string): string[] {
  const found = new Set<string>()
  for (const [where, text] of Object.entries(texts)) {
    for (const [secret, name] of known) {
      if (secret !== but && forms(secret).some((form) => text.includes(form)))
        found.add(`${name} in ${where}`)
    }
    if (SIGNATURE.test(text)) found.add(`signature in ${where}`)
    if (KEY.test(text)) found.add(`key in ${where}`)
  }
  return [...found]
}

/** All that an error can be made to show. */
export function shownOf(error: unknown): Record<string, string> {
  const shown: Record<string, string> = {
    inspect: inspect(error, { depth: 20, showHidden: true, getters: true }),
    string: String(error),
  }
  for (
    let each: unknown = error, depth = 0;
    each instanceof Error && depth < 10;
    each = each.cause, depth++
  ) {
    shown[`message ${depth}`] = each.message
    shown[`stack ${depth}`] = each.stack ?? ''
    shown[`own ${depth}`] = depth === 0 ? JSON.stringify({ ...each }) : inspect({ ...each }, { depth: 20 })
  }
  return shown
}
