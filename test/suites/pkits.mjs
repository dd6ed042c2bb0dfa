/**
 * NIST's PKITS: each test with its policy inputs and its CRLs, which must say that every certificate is good. The
 * certificates and CRLs are those of Debian's python3-cryptography-vectors; vectors/path/pkits.json says which belong
 * to which test, and what NIST expects.
 */
import { existsSync, readFileSync } from 'node:fs'
import { TrustStore, validatePath } from 'sealkit/path'
import { Certificate, CertificateRevocationList } from 'sealkit/x509'

const DATA = '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data'
const TABLE = new URL('../../vectors/path/pkits.json', import.meta.url)
/** The moment of the tests: within the validity of the certificates that are meant to be valid. */
const TIME = new Date('2011-04-15T00:00:00Z')
/** NIST's test policies (PKITS, section 3) and anyPolicy, by the names in the table. */
const policyOid = (name) => (name === 'anyPolicy' ? '2.5.29.32.0' : `2.16.840.1.101.3.2.1.48.${name}`)

/** Whether NIST's data is there. */
export const isThere = () => existsSync(DATA)

/** @typedef {{ number: string, name: string, outcome: 'pass' | 'fail' | 'skip', context: string }} Outcome */

/** @returns {Promise<Outcome[]>} */
export async function runPkits() {
  const outcomes = []
  for (const test of JSON.parse(readFileSync(TABLE, 'utf8'))) {
    const { number, name } = test
    outcomes.push({ number, name, ...(await judge(test)) })
  }
  return outcomes
}

async function judge(test) {
  const { valid, context, policies } = await validate(test)
  if (test.valid && !valid && /DSA \(1\.2\.840\.10040\.4\.1\)/.test(context)) {
    return { outcome: 'skip', context: 'DSA keys are not supported' }
  }
  if (valid !== test.valid) return { outcome: 'fail', context: valid ? 'accepted' : context }
  const expected = test.userConstrained?.map(policyOid)
  if (valid && expected !== undefined && !sameSet(policies, expected)) {
    return { outcome: 'fail', context: `valid for the policies ${policies.join(', ') || 'none'}` }
  }
  return { outcome: 'pass', context }
}

async function validate(test) {
  const { certificates, crls, acceptable, requireExplicit, inhibitMapping, inhibitAny } = test
  try {
    const [anchor, ...others] = certificates.map((name) => Certificate.parse(read('certs', name, 'crt')))
    const result = await validatePath(others.at(-1), {
      trust: new TrustStore([anchor]),
      untrusted: others.slice(0, -1),
      purpose: 'any',
      time: TIME,
      policies: { acceptable: acceptable?.map(policyOid), requireExplicit, inhibitMapping, inhibitAny },
      revocation: {
        mode: 'require',
        crls: crls.map((name) => CertificateRevocationList.parse(read('crls', name, 'crl'))),
      },
      // Those of 2011.
      minRsaBits: 2048,
    })
    const { verdict, problem, policies } = result
    return { valid: verdict === 'valid', context: problem === undefined ? '' : describe(problem), policies }
  } catch (error) {
    return { valid: false, context: `${error.code}: ${error.message}`, policies: [] }
  }
}

const read = (folder, name, extension) => readFileSync(`${DATA}/${folder}/${name}.${extension}`)
const describe = ({ reason, certificate, detail }) => `${reason}: ${certificate.subject}: ${detail}`
const sameSet = (a, b) => a.length === b.length && a.every((each) => b.includes(each))
