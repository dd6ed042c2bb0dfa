import { readFile } from 'node:fs/promises'
import { type ClearstreamClient, clearstreamClient } from '../../src/auth/clearstream/client.ts'
import {
  type ClearstreamCredentials,
  findClearstreamCredentials,
} from '../../src/auth/clearstream/find-credentials.ts'
import type { JSONWebKeySet } from '../../src/auth/jwks.ts'
import type { Profile } from '../../src/config/index.ts'
import { ConfigError } from '../../src/errors.ts'
import type { ClientCredential } from '../../src/http/index.ts'
import type { Opened, OpenOptions } from './options.ts'
import type { Secrets } from './secrets.ts'
import { bySettings, numberOf, requiredText, textOf } from './settings.ts'
import { openStore } from './store.ts'
import { openTransport } from './transport.ts'

/** Clearstream's client with what was opened for it. */
export interface OpenedClearstream extends Opened<ClearstreamClient> {
  /** What access tokens are verified with, where the profile says so. */
  readonly jwks: JSONWebKeySet | URL | undefined
}

/**
 * Opens a client of Clearstream's API platform as a profile describes it: mutual TLS with the files that it names, or
 * that lie in its folder `credentials` under Xact's names (`ocapi-USER-ssl.pem`, `ocapi-USER-cacert.pem`), and a store
 * of tokens. Nothing is connected to, and no secret is read before it is needed.
 *
 * @throws ConfigError `ERR_CONFIG_MISSING` for a setting that is missing, `ERR_CONFIG_SETTING` for those that do not fit
 *   together; later, when a secret is read, `ERR_CONFIG_SECRET`
 * @throws CredentialError `ERR_CREDENTIAL_NOT_FOUND`, `ERR_CREDENTIAL_AMBIGUOUS` for the folder
 * @example
 * ```ts
 * import { openClearstream } from 'sealkit/clients'
 * import { loadProfile } from 'sealkit/config'
 * const profile = await loadProfile({ platform: 'clearstream', flags: { credentials: 'keystores' } })
 * await using clearstream = await openClearstream(profile, { onWarning: console.error })
 * console.log((await clearstream.client.info()).version)
 * ```
 */
export async function openClearstream(
  profile: Profile,
  options: OpenOptions = {},
): Promise<OpenedClearstream> {
  const files = await filesOf(profile)
  const username = textOf(profile, 'username') ?? files?.username ?? requiredText(profile, 'username')
  const jwks = await jwksOf(profile)
  const { http, secrets } = openTransport(profile, options, (known) => ({
    credential: credentialOf(profile, files, known),
    ca: files?.ca,
  }))
  const store = openStore(profile, options)
  const client = bySettings(() =>
    clearstreamClient({
      environment: textOf(profile, 'environment') as 'production' | 'occt' | undefined,
      url: textOf(profile, 'url'),
      username,
      password: secrets.required('password'),
      scope: textOf(profile, 'scope'),
      http,
      store,
      jwks,
      warnDays: numberOf(profile, 'warn-days'),
      onWarning: options.onWarning,
    }),
  )
  return { client, http, store, jwks, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() }
}

/** The files of the folder `credentials`; undefined where the profile has none. */
export async function filesOf(profile: Profile): Promise<ClearstreamCredentials | undefined> {
  const folder = textOf(profile, 'credentials')
  return folder === undefined
    ? undefined
    : await findClearstreamCredentials(folder, { username: textOf(profile, 'username') })
}

/** Certificate and key of mutual TLS. */
export function credentialOf(
  profile: Profile,
  files: ClearstreamCredentials | undefined,
  secrets: Secrets,
): ClientCredential {
  const certificate =
    textOf(profile, 'certificate') ?? files?.tls ?? String(profile.require('certificate').value)
  const key = textOf(profile, 'key')
  return { certificate, key, password: secrets.asked('key-password', `password of ${key ?? certificate}`) }
}

async function jwksOf(profile: Profile): Promise<JSONWebKeySet | URL | undefined> {
  const place = textOf(profile, 'jwks')
  if (place === undefined) return undefined
  if (/^https:/i.test(place)) return new URL(place)
  const hint = 'name a file with a JSON Web Key Set (RFC 7517), or an https URL'
  try {
    const set: unknown = JSON.parse(await readFile(place, 'utf8'))
    if (Array.isArray((set as { keys?: unknown } | null)?.keys)) return set as JSONWebKeySet
  } catch (cause) {
    throw new ConfigError('ERR_CONFIG_SETTING', `jwks: cannot read ${place}`, { hint, cause })
  }
  throw new ConfigError('ERR_CONFIG_SETTING', `jwks: ${place} holds no key set`, { hint })
}
