/** The chain that paths are measured with: DigiCert's for www.example.org where the shared vectors are, else our own. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { decodePem } from 'sealkit/asn1'
import { generateKey, issueTestCertificate } from 'sealkit/credentials'
import { Certificate } from 'sealkit/x509'

const DIGICERT = fileURLToPath(new URL('../../shared/vectors/digicert/', import.meta.url))
const MANY = 226

let made

/**
 * Leaf, intermediate and root of RSA-2048, the moment of validation, and 226 intermediates among which the right one is.
 */
export async function chain() {
  made ??= existsSync(DIGICERT) ? digicert() : await ownChain()
  return made
}

function digicert() {
  const read = (name) =>
    decodePem(readFileSync(`${DIGICERT}${name}`))
      .filter(({ label }) => label === 'CERTIFICATE')
      .map(({ der }) => Certificate.parse(der))
  const [leaf] = read('leaves/www.example.org_2022-03-14.pem')
  const many = read('bundles/digicert-all-intermediates.pem')
  const roots = read('bundles/digicert-roots.pem')
  const isIssuer = (of) => (each) =>
    each.subject.equals(of.issuer) && toHex(each.subjectKeyIdentifier) === toHex(of.authorityKeyIdentifier)
  const intermediate = many.find(isIssuer(leaf))
  const root = roots.find(isIssuer(intermediate))
  return { leaf, intermediate, root, many, time: middle(leaf), host: 'www.example.org' }
}

async function ownChain() {
  process.stderr.write('../shared is not there: paths are measured with a chain made here\n')
  const keys = await Promise.all([0, 1, 2].map(() => generateKey('RSA-2048')))
  const root = await issueTestCertificate({ key: keys[0], subject: 'CN=Bench test root', ca: true, days: 30 })
  const intermediate = await issueTestCertificate({
    key: keys[1],
    subject: 'CN=Bench test CA',
    issuer: { certificate: root, key: keys[0] },
    ca: true,
    days: 30,
  })
  const leaf = await issueTestCertificate({
    key: keys[2],
    subject: 'CN=www.example.org',
    subjectAltNames: ['DNS:www.example.org'],
    issuer: { certificate: intermediate, key: keys[1] },
    days: 30,
  })
  const others = await Promise.all(
    Array.from({ length: MANY - 1 }, (_, i) =>
      issueTestCertificate({
        key: keys[1],
        subject: `CN=Bench test CA ${i}`,
        issuer: { certificate: root, key: keys[0] },
        ca: true,
        days: 30,
      }),
    ),
  )
  return {
    leaf,
    intermediate,
    root,
    many: [...others, intermediate],
    time: middle(leaf),
    host: 'www.example.org',
  }
}

const middle = ({ notBefore, notAfter }) => new Date((+notBefore + +notAfter) / 2)
const toHex = (bytes) => Buffer.from(bytes ?? []).toString('hex')
