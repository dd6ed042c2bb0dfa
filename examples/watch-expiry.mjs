/**
 * Certificates that end soon, for a nightly job: exit code 1 where there are any.
 *
 *     node watch-expiry.mjs 60 cert.pem chain.pem
 */
import { readCertificates, readCredentialFile } from 'sealkit/credentials'
import { checkExpiry } from 'sealkit/inspect'

const [days = '30', ...files] = process.argv.slice(2)
const certificates = []
for (const file of files) certificates.push(...readCertificates((await readCredentialFile(file)).bytes))

const { good, entries } = checkExpiry(certificates, { within: Number(days) })
for (const { status, daysLeft, certificate } of entries) {
  console.log(`${status} ${daysLeft} days: ${certificate.subject}`)
}
process.exitCode = good ? 0 : 1
