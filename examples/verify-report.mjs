// Verifies a detached signature against one pinned certificate and prints every check.
// usage: node verify-report.mjs SIGNATURE CONTENT PINNED-CERT.pem
import { createReadStream, readFileSync } from 'node:fs'
import { Certificate, REASONS, verify } from 'sealkit'

const [signature, content, pinnedFile] = process.argv.slice(2)
const pinned = Certificate.fromPem(readFileSync(pinnedFile))

const result = await verify(readFileSync(signature), {
  content: createReadStream(content),
  trust: (certificate) =>
    certificate.equals(pinned) ? { trusted: true } : { trusted: false, detail: 'not the pinned certificate' },
})

for (const signer of result.signers) {
  console.log(`${signer.verdict}: ${signer.certificate?.subject ?? signer.signerIdentifier}`)
  for (const { check, outcome, reason, detail } of signer.checks) {
    console.log(
      `  ${check}: ${outcome}${reason ? ` (${REASONS[reason]}${detail ? `: ${detail}` : ''})` : ''}`,
    )
  }
}
process.exitCode = result.verdict === 'valid' ? 0 : 1
