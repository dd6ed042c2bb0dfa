import { openSigner } from '../../providers/index.ts'
import { type MoexClient, moexClient } from '../../src/auth/moex/client.ts'
import type { Profile } from '../../src/config/index.ts'
import type { ClientCredential } from '../../src/http/index.ts'
import type { Signer } from '../../src/signer/index.ts'
import type { Opened, OpenOptions } from './options.ts'
import { type Secrets, secretsOf } from './secrets.ts'
import { bySettings, listOf, requiredText, textOf } from './settings.ts'
import { openStore } from './store.ts'
import { openTransport } from './transport.ts'

/** MOEX's client with what was opened for it. */
export type OpenedMoex = Opened<MoexClient>

/**
 * Opens a client of MOEX's Web API as a profile describes it: transport, key (a file, or a URI of `openSigner`), store
 * of tokens. Nothing is connected to, no key and no secret is read before it is needed; the key is opened for each login
 * and closed behind it.
 *
 * @throws ConfigError `ERR_CONFIG_MISSING` for a setting that is missing, `ERR_CONFIG_SETTING` for those that do not fit
 *   together; later, when a secret is read, `ERR_CONFIG_SECRET`
 * @example
 * ```ts
 * import { openMoex } from 'sealkit/clients'
 * import { loadProfile } from 'sealkit/config'
 * const profile = await loadProfile({ platform: 'moex', profile: 'moex-test' })
 * await using moex = openMoex(profile, { onWarning: console.error })
 * const { expiresAt } = await moex.client.token()
 * console.log(expiresAt)
 * ```
 */
export function openMoex(profile: Profile, options: OpenOptions = {}): OpenedMoex {
  const key = requiredText(profile, 'key')
  const needed = {
    login: requiredText(profile, 'login'),
    clientId: requiredText(profile, 'client-id'),
    scope: requiredText(profile, 'scope'),
  }
  const { http, secrets } = openTransport(profile, options, (known) => ({
    credential: credentialOf(profile, known),
  }))
  const store = openStore(profile, options)
  const client = bySettings(() =>
    moexClient({
      ...needed,
      environment: textOf(profile, 'environment') as 'production' | 'test' | undefined,
      passportUrl: textOf(profile, 'passport-url'),
      tokenUrl: textOf(profile, 'token-url'),
      apiOrigins: listOf(profile, 'api-origins'),
      password: secrets.required('password'),
      clientSecret: secrets.required('client-secret'),
      signer: options.signer ?? (() => signerOf(key, profile, secrets, options)),
      http,
      store,
      decodePassport: profile.get('passport-decode')?.value === true,
      onWarning: options.onWarning,
    }),
  )
  return { client, http, store, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() }
}

/**
 * Opens the key that a profile of MOEX signs with.
 *
 * @throws ConfigError `ERR_CONFIG_MISSING`, `ERR_CONFIG_SECRET`; as `openSigner`
 */
export async function openMoexSigner(profile: Profile, options: OpenOptions = {}): Promise<Signer> {
  const secrets = secretsOf(profile, options, (secret) => options.onSecret?.(secret))
  return await signerOf(requiredText(profile, 'key'), profile, secrets, options)
}

async function signerOf(
  key: string,
  profile: Profile,
  secrets: Secrets,
  options: OpenOptions,
): Promise<Signer> {
  const isFile = !/^(?!file:)[a-z][a-z0-9+.-]+:/i.test(key)
  const password = isFile
    ? secrets.asked('key-password', `password of the key ${key}`)
    : secrets.optional('key-password')
  return await openSigner(key, {
    certificate: textOf(profile, 'certificate'),
    chain: textOf(profile, 'chain'),
    password,
    pin: isFile ? undefined : (secrets.optional('pin') ?? options.pin),
    module: textOf(profile, 'module'),
    signal: options.signal,
  })
}

/** Of mutual TLS, which MOEX does not ask for as a rule. */
export function credentialOf(profile: Profile, secrets: Secrets): ClientCredential | undefined {
  const certificate = textOf(profile, 'tls-certificate')
  if (certificate === undefined) return undefined
  const what = `password of ${textOf(profile, 'tls-key') ?? certificate}`
  return {
    certificate,
    key: textOf(profile, 'tls-key'),
    password: secrets.asked('tls-key-password', what),
  }
}
