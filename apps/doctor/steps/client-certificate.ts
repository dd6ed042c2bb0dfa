import { HttpError } from '../../../src/errors.ts'
import type { Facts } from '../facts.ts'
import { staysOpen } from '../handshake.ts'
import type { Host } from '../host.ts'
import { failure, known, type Step } from '../step.ts'
import { ask } from './answer.ts'
import { hostOf, type Server } from './network.ts'

/** Whether the server asks for the client's certificate, and takes it. */
export function clientCertificateStep(server: Server): Step<Facts> {
  return {
    name: 'client-certificate',
    title: 'client certificate at the server',
    needs: ['key', 'tls'],
    run: async (facts) => {
      const host = hostOf(facts, server)
      const { asked, error } = known(host.handshake, 'the handshake')
      if (error?.code === 'ERR_HTTP_CLIENT_CERTIFICATE') return failure(error)
      if (error !== undefined)
        return { outcome: 'skipped', seen: ["the server's certificate was refused before"] }
      await ask(facts, server)
      const refusal = await refusalOf(facts, host)
      if (refusal !== undefined) return failure(refusal)
      const answers = host.asked?.error === undefined
      if (asked === true) {
        return { seen: [`asked for in the handshake, and ${answers ? 'accepted' : 'not refused there'}`] }
      }
      const todo =
        'Clearstream asks every connection for it: a proxy of your company may open TLS in between, ask who runs it'
      return { outcome: 'warning', seen: ['the server did not ask for it in the handshake'], todo }
    },
  }
}

/**
 * With TLS 1.3 a refusal comes when the handshake is over, mostly as a connection that is closed without a word; so does
 * a server that drops requests. The first closes connections on which nothing is sent, too.
 */
async function refusalOf(facts: Facts, host: Host): Promise<HttpError | undefined> {
  const { error } = host.asked ?? {}
  if (!(error instanceof HttpError) || error.code !== 'ERR_HTTP_CLIENT_CERTIFICATE') return undefined
  if (!(await staysOpen(facts, host))) return error
  const message = `${host.url.host} takes the connection with the client certificate, and drops the request without an answer`
  const hint = 'the server, or something between, is in trouble: try again later, then tell its support'
  host.asked = { error: new HttpError('ERR_HTTP_CLOSED', message, { phase: 'http', hint, cause: error }) }
  return undefined
}
