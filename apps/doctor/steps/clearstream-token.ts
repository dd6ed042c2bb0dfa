import { callApi } from '../../../src/auth/call.ts'
import { below } from '../../../src/auth/clearstream/address.ts'
import { callForbidden } from '../../../src/auth/clearstream/call-forbidden.ts'
import { readInfo } from '../../../src/auth/clearstream/playground.ts'
import { otherSubject } from '../../../src/auth/clearstream/subject.ts'
import { AuthError } from '../../../src/errors.ts'
import { printable } from '../../../src/x509/printable.ts'
import type { ClearstreamFacts } from '../clearstream-facts.ts'
import { failure, known, type Step } from '../step.ts'
import { NO_LOGIN, refusedLogin, tokenSeen } from './token.ts'

const REFUSED =
  "the client certificate is accepted and is the user's, so it is one of these: the password; the API consumer is locked; an API of the scope is not granted to it in Xact. The OU's audit log in Xact has the cause. Correct it before the next try, and then: sealkit token clear"

/** The login: once. */
export const tokenStep: Step<ClearstreamFacts> = {
  name: 'token',
  title: 'access token (login)',
  needs: ['answer', 'client-certificate', 'certificate-expiry', 'user-name'],
  run: async (facts) => {
    const { login = true, signal } = facts.options
    if (!login) return NO_LOGIN
    try {
      const token = await known(facts.client, 'the client').token({ signal })
      facts.token = token
      return { seen: tokenSeen(token) }
    } catch (error) {
      return refusedLogin(error, REFUSED)
    }
  },
}

/** Calls with a token of another user are refused. */
export const subjectStep: Step<ClearstreamFacts> = {
  name: 'token-subject',
  title: 'common name of the client certificate is the subject of the token',
  needs: ['token'],
  run: (facts) => {
    const http = known(facts.http, 'the transport')
    const other = otherSubject(known(facts.token, 'the token'), http)
    if (other === undefined) return { seen: [http.certificate?.subject.commonName ?? 'nothing against it'] }
    const hint = 'take user name, password and certificate of the same API consumer'
    return failure(new AuthError('ERR_AUTH_CERTIFICATE', other, { hint }))
  },
}

/** A call that does nothing, made once: with a login for a token that is refused there would be two. */
export const apiStep: Step<ClearstreamFacts> = {
  name: 'api',
  title: 'API call: GET /playground/v1/info',
  needs: ['token', 'token-subject'],
  run: async (facts) => {
    const token = known(facts.token, 'the token')
    const http = known(facts.http, 'the transport')
    if (token.scope !== undefined && !token.scope.split(' ').includes('ocapi-playground-v1')) {
      return { outcome: 'skipped', seen: ['the token has no scope for the playground (ocapi-playground-v1)'] }
    }
    using _ = http.hide(token.accessToken)
    const url = below(known(facts.base, 'the URL'), '/playground/v1/info')
    const called = { granted: token.scope, otherSubject: otherSubject(token, http), now: facts.now() }
    const response = await callApi(http.fetch, 'GET', url, {
      headers: { authorization: `Bearer ${token.accessToken}` },
      signal: facts.options.signal,
      explain: (answer) => callForbidden(answer, called),
    })
    const { infoStr, version } = await readInfo(response)
    return { seen: [`${printable(infoStr)}, version ${printable(version)}`] }
  },
}
