/**
 * PKCS#12 for a browser or Java out of a key and its certificate in PEM:
 *
 *     P12_PASSWORD=... node pem-to-p12.mjs key.pem cert.pem api.p12
 */
import {
  orderChain,
  readCredentialFile,
  readCredentials,
  writeCredentialFile,
  writePkcs12,
} from 'sealkit/credentials'

const [keyFile, certFile, target] = process.argv.slice(2)
if (!keyFile || !certFile || !target) throw new Error('usage: node pem-to-p12.mjs KEY CERT OUT')

const read = async (file) => readCredentials((await readCredentialFile(file)).bytes)
const [first] = (await read(keyFile)).keys
if (first === undefined) throw new Error(`${keyFile}: no private key`)
const { key } = first

// The first certificate is the key's: writePkcs12 refuses another.
const [certificate, ...others] = (await read(certFile)).certificates.map((entry) => entry.certificate)
if (certificate === undefined) throw new Error(`${certFile}: no certificate`)

const entry = { key, certificate, chain: orderChain(certificate, others), friendlyName: 'api' }
const data = await writePkcs12({ keys: [entry] }, { password: () => process.env.P12_PASSWORD })
// For its owner only, and never in the place of another file.
await writeCredentialFile(target, data)
key[Symbol.dispose]()
console.log(`${target}: ${key.name}, ${certificate.subject}`)
