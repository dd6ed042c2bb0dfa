import { MOEX_ENVIRONMENTS, memoryTokenStore } from '../../../src/auth/index.ts'
import { callForbidden } from '../../../src/auth/moex/token-refused.ts'
import { candidates, poolOf } from '../../../src/cms/find-certificate.ts'
import type { Profile } from '../../../src/config/index.ts'
import type { Signer } from '../../../src/signer/index.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { openMoex } from '../../clients/index.ts'
import { openMoexSigner } from '../../clients/open-moex.ts'
import type { Values } from '../api.ts'
import { unverifiedClaims } from './claims.ts'
import type { Desk, DeskOptions } from './desk.ts'
import { settingValues } from './facts.ts'

/** MOEX's Web API. */
export function openMoexDesk({ page, trace, signal, onWarning }: DeskOptions): Desk {
  const { profile, env } = page
  const settings = moexSettings(profile)
  const open = { env, signal, trace, onWarning, store: memoryTokenStore() }
  const opened = openMoex(namedProfile(profile), open)
  const origins = (settings['api-origins'] ?? '').split(', ')
  return {
    http: opened.http,
    settings,
    certificate: async () => {
      await opened.http.ready()
      await using signer = await openMoexSigner(profile, open)
      return await certificateOf(signer)
    },
    token: async (tokenSignal) => {
      for (const name of ['login', 'password', 'client-id', 'client-secret', 'scope']) profile.require(name)
      const set = await opened.client.token({ signal: tokenSignal, fresh: true })
      return { set, claims: unverifiedClaims(set), origins }
    },
    explain: (answer) => callForbidden(answer, settings['scope'] ?? '', Date.now()),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

/** With the addresses of the environment. */
function moexSettings(profile: Profile): Values {
  const values = settingValues(profile)
  const environment = MOEX_ENVIRONMENTS[values['environment'] === 'test' ? 'test' : 'production']
  const { passportUrl, tokenUrl, apiDomains } = environment
  return {
    'passport-url': passportUrl,
    'token-url': tokenUrl,
    'api-origins': apiDomains.join(', '),
    ...values,
  }
}

/** The key can be looked at before anybody says who logs in. */
function namedProfile(profile: Profile): Profile {
  const required = new Set(['login', 'client-id', 'scope'])
  const unnamed = (name: string) =>
    ({ name, value: '-', origin: { kind: 'default', place: '' }, hides: [] }) as const
  return {
    ...profile,
    get: (name) => profile.get(name),
    require: (name) => (required.has(name) ? (profile.get(name) ?? unnamed(name)) : profile.require(name)),
  }
}

/** A signer names its certificate in what it signs. The text goes nowhere. */
async function certificateOf(signer: Signer): Promise<Certificate | undefined> {
  const { signedData } = await signer.signDetached('sealkit support: does the key sign?')
  const [info] = signedData.signerInfos
  return info === undefined ? undefined : candidates(info.sid, poolOf(signedData, []))[0]
}
