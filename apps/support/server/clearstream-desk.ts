import { callForbidden } from '../../../src/auth/clearstream/call-forbidden.ts'
import { clearstreamClient } from '../../../src/auth/clearstream/client.ts'
import { otherSubject } from '../../../src/auth/clearstream/subject.ts'
import {
  CLEARSTREAM_ENVIRONMENTS,
  jwtKeys,
  memoryTokenStore,
  type TokenSet,
  verifyAccessToken,
} from '../../../src/auth/index.ts'
import { type Profile, readSecretReference, SecretReference } from '../../../src/config/index.ts'
import { ConfigError } from '../../../src/errors.ts'
import { openClearstream } from '../../clients/index.ts'
import { filesOf } from '../../clients/open-clearstream.ts'
import type { Claims, Values } from '../api.ts'
import { unverifiedClaims } from './claims.ts'
import type { Desk, DeskOptions } from './desk.ts'
import { settingValues } from './facts.ts'

const TOKEN_PATH = '/authmanager/oauth2/access_token'

/** Clearstream's API platform. */
export async function openClearstreamDesk(options: DeskOptions): Promise<Desk> {
  const { page, ask, trace, signal, onWarning } = options
  const { profile, env } = page
  const files = await filesOf(profile)
  const settings = clearstreamSettings(profile, files)
  const { url = '', scope = '' } = settings
  const opened = await openClearstream(namedProfile(profile), {
    env,
    signal,
    trace,
    onWarning,
    store: memoryTokenStore(),
  })
  const { http, jwks } = opened
  for (const warning of files?.warnings ?? []) onWarning(warning)
  return {
    http,
    settings,
    certificate: async () => {
      await http.ready()
      return http.certificate
    },
    token: async (tokenSignal) => {
      const username = settings['username'] ?? String(profile.require('username').value)
      const client = clearstreamClient({
        url,
        tokenPath: ask.endpoint?.trim() || TOKEN_PATH,
        username,
        password: () => passwordOf(profile, env),
        scope,
        http,
        jwks,
        onWarning,
      })
      const set = await client.token({ signal: tokenSignal, fresh: true })
      const claims = jwks === undefined ? unverifiedClaims(set) : await verified(set)
      return { set, claims, origins: [new URL(url).origin] }
    },
    explain: (answer, token) =>
      callForbidden(answer, {
        granted: token.scope,
        otherSubject: otherSubject(token, http),
        now: Date.now(),
      }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }

  async function verified({ accessToken }: TokenSet): Promise<Claims | undefined> {
    if (jwks === undefined) return undefined
    const { header, payload } = await verifyAccessToken(accessToken, { keys: jwtKeys(jwks, http.fetch) })
    return { verified: true, header, payload }
  }
}

/** The addresses of the environment, and the files that were found in the folder. */
function clearstreamSettings(profile: Profile, files: Awaited<ReturnType<typeof filesOf>>): Values {
  const values = settingValues(profile)
  const environment = values['environment'] === 'occt' ? 'occt' : 'production'
  return {
    ...(files === undefined ? {} : { username: files.username, certificate: files.tls }),
    ...(files?.ca === undefined ? {} : { ca: files.ca }),
    ...values,
    url: values['url'] ?? CLEARSTREAM_ENVIRONMENTS[environment].url,
  }
}

/** A credential can be looked at before anybody says whose it is. */
function namedProfile(profile: Profile): Profile {
  if (profile.get('username') !== undefined || profile.get('credentials') !== undefined) return profile
  const unnamed = { name: 'username', value: '-', origin: { kind: 'default', place: '' }, hides: [] } as const
  return { ...profile, get: (name) => (name === 'username' ? unnamed : profile.get(name)) }
}

async function passwordOf(profile: Profile, env: NodeJS.ProcessEnv): Promise<string> {
  const reference = profile.require('password').value
  if (reference instanceof SecretReference && reference.kind !== 'prompt') {
    return await readSecretReference(reference, { env })
  }
  const hint = 'type it in'
  throw new ConfigError('ERR_CONFIG_MISSING', 'clearstream: password is missing', { hint })
}
