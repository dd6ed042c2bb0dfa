import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clearstreamClient } from '../../src/auth/index.ts'
import { createTransport } from '../../src/http/index.ts'
import type { ClearstreamSimulator } from '../simulator/index.ts'
import { type Story, say } from './talk.ts'

const USER_ID = 'a000012345_00012345'

/** Clearstream: a certificate for mutual TLS, an access token, the playground. */
export async function tellClearstream(
  story: Story,
  platform: ClearstreamSimulator,
  folder: string,
  password: string,
): Promise<void> {
  say('')
  say('Clearstream: password and client certificate -> access token -> API', 'bold')
  const [ssl, ca] = [`ocapi-${USER_ID}-ssl.pem`, `ocapi-${USER_ID}-cacert.pem`]
  await story.step(
    'API consumer and certificate',
    async () => {
      platform.addConsumer({ username: USER_ID, password })
      const issued = await platform.issueConsumer(USER_ID)
      writeFileSync(join(folder, ssl), issued.pem, { mode: 0o600 })
      writeFileSync(join(folder, ca), platform.ca)
      return issued
    },
    ({ certificate }) => `${ssl}, until ${certificate.notAfter.toISOString().slice(0, 10)}`,
  )

  await using http = createTransport({
    ca: join(folder, ca),
    credential: { certificate: join(folder, ssl) },
    proxy: 'none',
  })
  const client = clearstreamClient({
    url: platform.url,
    username: USER_ID,
    password,
    jwks: new URL(platform.jwksUrl),
    http,
  })
  await story.step(
    'Access token over mutual TLS',
    () => client.token(),
    (token) =>
      `for ${client.claims(token).subject ?? 'nobody'}: ${token.scope}; its signature is that of the key set`,
  )
  await story.step(
    'GET /playground/v1/info',
    () => client.info(),
    ({ version }) => `version ${version}`,
  )
  await story.step(
    'GET /playground/v1/echo',
    () => client.call('GET', '/playground/v1/echo?value=Hello').then((answer) => answer.text()),
    (text) => text,
  )
}
