/** usage: node large-file-child.mjs sign|verify FILE KEY CERTIFICATE; prints time and peak memory as JSON. */
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { sign, verify } from 'sealkit'
import { openSoftwareKey } from 'sealkit/providers/software'

const [mode, file, keyFile, certificateFile] = process.argv.slice(2)
const signatureFile = `${file}.p7s`
const content = createReadStream(file, { highWaterMark: 2 ** 20 })

const start = performance.now()
if (mode === 'sign') {
  const key = await openSoftwareKey({ key: keyFile, certificate: certificateFile })
  const { der } = await sign(content, { signers: key })
  writeFileSync(signatureFile, der)
} else {
  const { verdict } = await verify(readFileSync(signatureFile), { content })
  if (verdict !== 'certificate-not-validated') throw new Error(`sealkit refuses the file: ${verdict}`)
}
const seconds = (performance.now() - start) / 1000
process.stdout.write(JSON.stringify({ seconds, memory: peak() }))

/** On Linux maxRSS counts the parent's memory too, from the moment between fork and exec; VmHWM does not. */
function peak() {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : ''
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return Number(own ?? process.resourceUsage().maxRSS) * 1024
}
