/** A large file, signed and verified as a stream. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sign, verify } from 'sealkit'
import { folder, identity } from '../keys.mjs'

const child = fileURLToPath(new URL('../large-file-child.mjs', import.meta.url))

/** Against hashing alone, over an eighth of the file: short turns, so that a change of load hits all alike. */
export async function speed({ bytes }) {
  const file = await prepare(bytes / 8)
  const { key } = await identity('RSA-2048')
  const signature = readFileSync(`${file}.p7s`)
  // Larger than the default of 64 KiB, whose turns of the event loop cost more than hashing.
  const read = () => createReadStream(file, { highWaterMark: 2 ** 20 })
  const chunk = new Uint8Array(65_536)
  return [
    {
      name: 'node:crypto, SHA-256 of a stream',
      async run() {
        const hash = createHash('sha256')
        for await (const part of read()) hash.update(part)
        hash.digest()
      },
    },
    {
      name: 'node:crypto, SHA-256 in memory',
      run() {
        const hash = createHash('sha256')
        for (let left = bytes / 8; left > 0; left -= chunk.length) hash.update(chunk)
        hash.digest()
      },
    },
    { name: 'sealkit, sign', run: () => sign(read(), { signers: key }), target: { least: 0.95 } },
    {
      name: 'sealkit, verify',
      async run() {
        const { verdict } = await verify(signature, { content: read() })
        if (verdict !== 'certificate-not-validated') throw new Error(`sealkit refuses the file: ${verdict}`)
      },
      target: { least: 0.95 },
    },
  ]
}

/**
 * Peak memory, each in a process of its own, against that with a smaller file: most of it is Node's, and chunks
 * not yet collected.
 */
export async function memory({ bytes }) {
  const part = await prepare(bytes / 8)
  const whole = await prepare(bytes)
  return [
    { name: 'sealkit, sign an eighth of it', sample: () => inChild('sign', part) },
    { name: 'sealkit, sign', sample: () => inChild('sign', whole), target: { most: 1.25 } },
    { name: 'sealkit, verify', sample: () => inChild('verify', whole), target: { most: 1.25 } },
  ]
}

/** A file of zeros without blocks on the disk, and its signature beside it. */
async function prepare(bytes) {
  const file = join(folder, `${bytes}.bin`)
  writeFileSync(file, '')
  truncateSync(file, bytes)
  await inChild('sign', file)
  return file
}

async function inChild(mode, file) {
  const { keyFile, certificateFile } = await identity('RSA-2048')
  const started = spawn(process.execPath, [child, mode, file, keyFile, certificateFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const text of started.stdout.setEncoding('utf8')) output += text
  return JSON.parse(output)
}
