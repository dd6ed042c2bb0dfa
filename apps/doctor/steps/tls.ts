import type { HttpError } from '../../../src/errors.ts'
import { chainNeeds } from '../../../src/trust/index.ts'
import type { Facts } from '../facts.ts'
import { shakeHands } from '../handshake.ts'
import type { Host } from '../host.ts'
import { type Finding, failure, known, type Step } from '../step.ts'
import { hostOf, type Server } from './network.ts'

/** The handshake, and the server's certificate. */
export function tlsSteps(server: Server): Step<Facts>[] {
  const { prefix, label } = server
  return [
    {
      name: `${prefix}tls`,
      title: `TLS version${label}`,
      needs: [`${prefix}tcp`, 'ca-bundle'],
      run: (facts) => version(facts, hostOf(facts, server)),
    },
    {
      name: `${prefix}server-certificate`,
      title: `server's certificate and chain${label}`,
      needs: [`${prefix}tls`],
      run: (facts) => serverCertificate(facts, hostOf(facts, server)),
    },
  ]
}

async function version(facts: Facts, host: Host): Promise<Finding> {
  const handshake = await shakeHands(facts, host)
  host.handshake = handshake
  const { protocol, cipher } = handshake
  if (protocol === undefined) return { seen: ['TLS 1.2 or newer; the handshake ended early'] }
  const older = protocol === 'TLSv1.2' ? ['TLS 1.3 is not spoken there; 1.2 is good enough'] : []
  return { seen: [`${protocol.replace('TLSv', 'TLS ')}, ${cipher}`, ...older] }
}

async function serverCertificate(facts: Facts, host: Host): Promise<Finding> {
  const { chain, error } = known(host.handshake, 'the handshake')
  const [leaf] = chain
  if (error?.code === 'ERR_HTTP_SERVER_CERTIFICATE') return await refused(facts, host, error)
  if (leaf === undefined) return { outcome: 'skipped', seen: ['the handshake ended before it was judged'] }
  const { needed, sentences } = await needsOf(facts, host)
  const soon = needed.filter(
    ({ status, role, inBundle }) => status === 'expiring' && (role === 'root' || inBundle),
  )
  const seen = [`${leaf.subject}, valid until ${day(leaf.notAfter)}`, ...sentences]
  if (soon.length === 0) return { seen }
  return { outcome: 'warning', seen, todo: 'get a new CA bundle before then' }
}

/** Of the bundle: which authorities the chain needs, and whether they are there. */
async function needsOf(facts: Facts, host: Host) {
  const { store, intermediates } = known(facts.trust, 'the authorities')
  const { chain } = known(host.handshake, 'the handshake')
  const [leaf] = chain
  return await chainNeeds([...store, ...intermediates], known(leaf, "the server's certificate"), {
    chain,
    time: new Date(facts.now()),
  })
}

const OTHER_KEY =
  'the CA bundle has an authority of that name with another key: it is of another environment, or too old; take the newest one of the platform. Where it is, something between imitates the server: ask who runs your network'

async function refused(facts: Facts, host: Host, error: HttpError): Promise<Finding> {
  const { chain } = known(host.handshake, 'the handshake')
  const [leaf] = chain
  if (leaf === undefined) return failure(error)
  const { sentences, missing, path } = await needsOf(facts, host)
  if (path.problem?.reason === 'signature-mismatch')
    return failure(error, { seen: sentences, todo: OTHER_KEY })
  const isAlone = chain.length === 1 && !leaf.selfIssued && missing === leaf.issuer.toString()
  if (!isAlone) return failure(error, { seen: sentences })
  const todo = `the server sends its own certificate without the intermediate that issued it (${leaf.issuer}): whoever runs it must mend that; until then add the intermediate, and its root, to the CA bundle`
  return failure(error, { seen: sentences, todo })
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
