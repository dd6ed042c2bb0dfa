import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSigner } from '../../providers/index.ts'
import { moexClient } from '../../src/auth/index.ts'
import { createTransport } from '../../src/http/index.ts'
import type { MoexSimulator } from '../simulator/index.ts'
import { type Story, say } from './talk.ts'

const LOGIN = 'jane@bank.example'

/** MOEX: a key, the Passport token, its signature, an access token, a call. */
export async function tellMoex(
  story: Story,
  platform: MoexSimulator,
  folder: string,
  secrets: { readonly password: string; readonly clientSecret: string },
): Promise<void> {
  say('')
  say('MOEX: login -> Passport token -> signature over it -> access token -> API', 'bold')
  const { password, clientSecret } = secrets
  const [ca, key, certificate] = ['ca.pem', 'key.pem', 'cert.pem'].map((name) => join(folder, name))
  if (ca === undefined || key === undefined) return
  await story.step(
    'Key and certificate of a user',
    async () => {
      const issued = await platform.issueUser({ login: LOGIN, password })
      platform.addClient({ clientId: 'bank-app', clientSecret })
      writeFileSync(key, issued.keyPem, { mode: 0o600 })
      writeFileSync(certificate ?? '', issued.certificatePem)
      writeFileSync(ca, platform.ca)
      return issued
    },
    ({ certificate: { subject } }) => `RSA-2048, ${subject}`,
  )

  await using http = createTransport({ ca, proxy: 'none' })
  await using signer = await openSigner(key, { certificate })
  const client = moexClient({
    passportUrl: platform.passportUrl,
    tokenUrl: platform.tokenUrl,
    apiOrigins: [platform.url],
    login: LOGIN,
    password,
    clientId: 'bank-app',
    clientSecret,
    scope: 'client_registration',
    signer,
    http,
  })
  const passport = await story.step(
    'MOEX Passport token',
    () => client.passport(),
    ({ value }) => `${value.length} characters, the cookie MicexPassportCert`,
  )
  await story.step(
    'Detached CMS signature over it',
    () => signer.signDetached(passport.value),
    (signature) => `${signature.base64().length} characters of base64 without a line end`,
  )
  // The client takes the whole way by itself: the steps above are shown, not needed.
  await story.step(
    'Access token',
    () => client.token(),
    (token) => `${token.scope}; ${platform.banner.replace(/^.*\. (?=Signatures)/, '').replace(/\.$/, '')}`,
  )
  await story.step(
    'GET /api/me',
    () => client.call('GET', `${platform.apiUrl}/me`).then((answer) => answer.text()),
    (text) => text,
  )
}
