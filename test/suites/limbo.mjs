/**
 * x509-limbo's harness protocol: each case of a file in its schema is judged by what the case says, and the profile by
 * the namespace of its id alone. What is expected is not looked at.
 */
import { decodePem } from 'sealkit/asn1'
import { TrustStore, validatePath } from 'sealkit/path'
import { Certificate, CertificateRevocationList } from 'sealkit/x509'

/** OIDs by the schema's names. */
const PURPOSES = {
  anyExtendedKeyUsage: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
}

/** @returns {Promise<{ id: string, actual_result: 'SUCCESS' | 'FAILURE' | 'SKIPPED', context: string | null }[]>} */
export async function runLimbo({ testcases }) {
  const results = []
  for (const testcase of testcases) results.push({ id: testcase.id, ...(await judge(testcase)) })
  return results
}

async function judge(testcase) {
  try {
    const names = expectedNames(testcase)
    for (const name of names.length === 0 ? [undefined] : names) {
      const { verdict, problem } = await validatePath(Certificate.fromPem(testcase.peer_certificate), {
        ...optionsOf(testcase),
        ...name,
      })
      if (verdict !== 'valid') {
        const { reason, certificate, detail } = problem
        return { actual_result: 'FAILURE', context: `${reason}: ${certificate.subject}: ${detail}` }
      }
    }
    return { actual_result: 'SUCCESS', context: null }
  } catch (error) {
    return { actual_result: 'FAILURE', context: `${error.code ?? error.name}: ${error.message}` }
  }
}

function optionsOf(testcase) {
  const keyPurposes = testcase.extended_key_usage.map((name) => PURPOSES[name] ?? name)
  return {
    trust: TrustStore.fromPem(testcase.trusted_certs.join('\n')),
    untrusted: readable(testcase.untrusted_intermediates),
    purpose: testcase.validation_kind === 'CLIENT' ? 'tls-client' : 'tls-server',
    profile: profileOf(testcase.id),
    time: testcase.validation_time === null ? undefined : new Date(testcase.validation_time),
    extendedKeyUsage: keyPurposes.length === 0 ? undefined : keyPurposes,
    limits: testcase.max_chain_depth === null ? {} : { maxDepth: testcase.max_chain_depth },
    revocation: { crls: (testcase.crls ?? []).flatMap(listsOf) },
  }
}

/** Of the id, its namespace alone. */
function profileOf(id) {
  if (id.startsWith('rfc5280::')) return 'strict'
  return id.startsWith('webpki::') ? 'webpki' : 'default'
}

/** A server is checked by its name; of a client the schema knows e-mail addresses. */
function expectedNames({ expected_peer_name: one, expected_peer_names: several = [] }) {
  return [...(one === null ? [] : [one]), ...several].map(({ kind, value }) =>
    kind === 'RFC822' ? { email: value } : { host: value },
  )
}

/** Intermediate certificates that cannot be read are none. */
function readable(texts) {
  return texts.flatMap((text) =>
    decodePem(text).flatMap(({ der }) => {
      try {
        return [Certificate.parse(der)]
      } catch {
        return []
      }
    }),
  )
}

/** A list that cannot be read ends the case: it would have counted. */
const listsOf = (text) => decodePem(text).map(({ der }) => CertificateRevocationList.parse(der))
