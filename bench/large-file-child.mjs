/** usage: node large-file-child.mjs MODE FILE KEY CERTIFICATE; prints time and peak memory as JSON. */
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs'
import { sign, verify } from 'sealkit'
import { openSoftwareKey } from 'sealkit/providers/software'

const [mode, file, keyFile, certificateFile] = process.argv.slice(2)
const signatureFile = `${file}.p7s`

// Larger than the default of 64 KiB, whose turns of the event loop cost more than hashing.
const read = () => createReadStream(file, { highWaterMark: 2 ** 20 })

const MODES = {
  async stream() {
    const hash = createHash('sha256')
    for await (const chunk of read()) hash.update(chunk)
    hash.digest()
  },
  memory() {
    const hash = createHash('sha256')
    const chunk = new Uint8Array(65_536)
    for (let left = statSync(file).size; left > 0; left -= chunk.length) hash.update(chunk)
    hash.digest()
  },
  async sign() {
    const key = await openSoftwareKey({ key: keyFile, certificate: certificateFile })
    const signature = await sign(read(), { signers: key })
    writeFileSync(signatureFile, signature.der)
  },
  async verify() {
    const { verdict } = await verify(readFileSync(signatureFile), { content: read() })
    if (verdict !== 'certificate-not-validated') throw new Error(verdict)
  },
}

const start = performance.now()
await MODES[mode]()
const seconds = (performance.now() - start) / 1000
process.stdout.write(JSON.stringify({ seconds, memory: process.resourceUsage().maxRSS * 1024 }))
