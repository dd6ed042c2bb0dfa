import { AuthError, CredentialError } from '../../../src/errors.ts'
import { readIdentity } from '../../../src/http/identity.ts'
import type { ClientCredential } from '../../../src/http/index.ts'
import { validatePath } from '../../../src/path/index.ts'
import { loadTrustStore } from '../../../src/trust/index.ts'
import { problemSentence } from '../../../src/trust/reasons.ts'
import { Certificate } from '../../../src/x509/index.ts'
import type { Facts } from '../facts.ts'
import { type Finding, failure, known, type Step, warnedOf } from '../step.ts'

/** Reads certificate and key of mutual TLS: do they belong together. */
export function keyStep(credential: (facts: Facts) => ClientCredential): Step<Facts> {
  return {
    name: 'key',
    title: 'key and client certificate belong together',
    needs: ['files'],
    run: (facts) => readKey(facts, credential(facts)),
  }
}

async function readKey(facts: Facts, credential: ClientCredential): Promise<Finding> {
  const identity = await readIdentity(credential)
  facts.identity = identity
  facts.cleanUp.push(() => void identity.key.fill(0))
  const { subject, issuer } = identity.certificate
  return warnedOf(
    [`${subject}, issued by ${issuer}`],
    identity.warnings,
    'make the files new, as the warning says',
  )
}

const DAY = 86_400_000

/** What a certificate's end is called, and what is to be done about it. */
export interface ExpiryStep {
  readonly name: string
  readonly title: string
  readonly needs: readonly string[]
  certificate(facts: Facts): Certificate
  days(facts: Facts): number
  readonly todo: string
}

/** Looks at the end of a certificate. */
export function expiryStep({ name, title, needs, certificate, days, todo }: ExpiryStep): Step<Facts> {
  return {
    name,
    title,
    needs,
    run: (facts) => {
      const { notBefore, notAfter, subject } = certificate(facts)
      const now = facts.now()
      const at = (date: Date): string => date.toISOString()
      if (now > notAfter.getTime()) {
        return failure(certificateError(`${subject} expired on ${at(notAfter)}`, todo))
      }
      if (now < notBefore.getTime()) {
        const hint = "look at this machine's clock; the certificate begins later"
        return failure(certificateError(`${subject} is not valid before ${at(notBefore)}`, hint))
      }
      const left = Math.floor((notAfter.getTime() - now) / DAY)
      const seen = [`valid until ${at(notAfter)}, ${left} ${left === 1 ? 'day' : 'days'} from now`]
      return left > days(facts) ? { seen } : { outcome: 'warning', seen, todo: `${todo}, in good time` }
    },
  }
}

function certificateError(message: string, hint: string): AuthError {
  return new AuthError('ERR_AUTH_CERTIFICATE', message, { hint })
}

/** The chain of the client's certificate. No server needs it proved here: what is wrong with it is a warning. */
export function clientChainStep(): Step<Facts> {
  return {
    name: 'client-chain',
    title: 'chain of the client certificate',
    needs: ['key'],
    run: async (facts) => {
      const { clientCa, signal } = facts.options
      const { certificate, cert } = known(facts.identity, 'the credential')
      const chain = certificatesIn(cert).slice(1)
      const issuers = `${chain.length} ${chain.length === 1 ? 'issuer comes' : 'issuers come'} with it`
      if (clientCa === undefined)
        return { seen: [`${issuers}; not validated: no client CA is given (--client-ca)`] }
      const { store, intermediates } = await loadTrustStore([clientCa], { signal })
      const untrusted = [...intermediates, ...chain]
      const { problem } = await validatePath(certificate, { trust: store, untrusted, purpose: 'any' })
      if (problem === undefined) return { seen: [`${issuers}; it is valid by the client CA`] }
      const todo =
        'look whether the certificate is of this platform and environment, and the client CA the newest: https://api.clearstream.com/client-cert-cacerts.pem'
      return warnedOf([issuers], [problemSentence(problem)], todo)
    },
  }
}

function certificatesIn(pem: string): Certificate[] {
  return pem
    .split(/(?<=-----END CERTIFICATE-----\s*\n)/)
    .filter((part) => part.includes('BEGIN CERTIFICATE'))
    .map((part) => Certificate.fromPem(part))
}

/** Clearstream knows a consumer by the certificate's common name. */
export function userNameStep(username: (facts: Facts) => string): Step<Facts> {
  return {
    name: 'user-name',
    title: 'common name of the client certificate is the user name',
    needs: ['key'],
    run: (facts): Finding => {
      const { commonName } = known(facts.identity, 'the credential').certificate.subject
      const user = username(facts)
      if (commonName === user) return { seen: [user] }
      const seen = `the certificate is for ${commonName ?? 'nobody'}, the user name is ${user}`
      if (commonName?.toLowerCase() === user.toLowerCase()) {
        return { outcome: 'warning', seen: [seen], todo: 'write the user name as the certificate has it' }
      }
      const hint =
        'Clearstream wants both to be the same: set username to the name in the certificate, or take the credential of the user'
      return failure(new CredentialError('ERR_CREDENTIAL_KEY_MISMATCH', seen, { hint }))
    },
  }
}

/** The same where mutual TLS is no duty. */
export function tlsCredentialStep(credential: (facts: Facts) => ClientCredential | undefined): Step<Facts> {
  return {
    name: 'key',
    title: 'key and certificate of mutual TLS belong together',
    needs: ['files'],
    run: async (facts) => {
      const given = credential(facts)
      return given === undefined ? { seen: ['none is set, and none is needed'] } : await readKey(facts, given)
    },
  }
}
