// The key stays with another program: it gets the bytes to sign and gives back the signature.
// usage: node two-phase.mjs KEY.pem CERT.pem < token.txt
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Certificate, complete, prepare } from 'sealkit'

const [keyFile, certificateFile] = process.argv.slice(2)
const certificate = Certificate.fromPem(readFileSync(certificateFile))

// First phase. `state` is text without secrets: it may wait in a file or a database.
const { toBeSigned, state } = await prepare(process.stdin, { certificate })

// Elsewhere: here OpenSSL plays the device that holds the key.
const raw = execFileSync('openssl', ['dgst', '-sha256', '-sign', keyFile], { input: toBeSigned })

// Second phase. The signature is checked against the certificate before it is taken.
const signature = await complete(state, raw)
process.stdout.write(signature.base64())
