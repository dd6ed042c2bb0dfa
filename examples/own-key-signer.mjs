// A KeySigner of one's own: whatever can sign bytes becomes a CMS signer. Here a "remote service" that is
// played by a local key; a real one would send `data` over the network.
// usage: node own-key-signer.mjs KEY.pem CERT.pem < token.txt
import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Certificate, cmsSigner } from 'sealkit'
import { signatureAlgorithmFor } from 'sealkit/algorithms'

const [keyFile, certificateFile] = process.argv.slice(2)
const certificate = Certificate.fromPem(readFileSync(certificateFile))

/** @type {import('sealkit').KeySigner} */
const remoteKey = {
  certificate,
  chain: [],
  algorithm: signatureAlgorithmFor(certificate.publicKey),
  async sign(data, { signal } = {}) {
    signal?.throwIfAborted()
    return sign('sha256', data, createPrivateKey(readFileSync(keyFile)))
  },
  async [Symbol.asyncDispose]() {},
}

const signer = cmsSigner(remoteKey, { signingCertificate: true })
process.stdout.write((await signer.signDetached(process.stdin)).base64())
