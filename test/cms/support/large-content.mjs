/**
 * Signs or verifies 4 GiB in a process of its own, and says by how much its memory grew:
 *   node large-content.mjs <built src folder> <sign|verify> <generator|file> <key.pem> <cert.pem> <file>
 * `sign` prints the message, `verify` reads it from standard input. The last line is JSON.
 */
import { createPrivateKey, sign as nodeSign } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [folder, action, kind, keyFile, certificateFile, file] = process.argv.slice(2)
const load = (name) => import(pathToFileURL(`${folder}/${name}/index.js`).href)
const { sign, verify } = await load('cms')
const { Certificate } = await load('x509')
const { signatureAlgorithmFor } = await load('algorithms')

const MEBIBYTE = 1024 * 1024
async function* zeros() {
  const buffer = new Uint8Array(MEBIBYTE)
  for (let i = 0; i < 4096; i++) yield buffer
}
const content = () => (kind === 'file' ? createReadStream(file, { highWaterMark: MEBIBYTE }) : zeros())

const certificate = Certificate.fromPem(readFileSync(certificateFile))
const privateKey = createPrivateKey(readFileSync(keyFile))
const algorithm = signatureAlgorithmFor(certificate.publicKey)
const key = { certificate, chain: [], algorithm, sign: async (data) => nodeSign('sha256', data, privateKey) }

// What is loaded and compiled at first use is not the content's.
await verify(await sign('warm', { signers: key }), { content: 'warm' })
const before = process.memoryUsage().rss
let peak = before
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5)
let outcome
if (action === 'sign') outcome = { signature: (await sign(content(), { signers: key })).base64() }
else {
  const { verdict } = await verify(readFileSync(0, 'utf8'), {
    content: content(),
    trust: () => ({ trusted: true }),
  })
  outcome = { verdict }
}
clearInterval(watch)
// Kibibytes; also counts what the interval did not see.
peak = Math.max(peak, process.resourceUsage().maxRSS * 1024)
process.stdout.write(JSON.stringify({ ...outcome, grown: peak - before }))
