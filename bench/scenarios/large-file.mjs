/** A large file, signed and verified as a stream; each in a process of its own, whose peak memory is taken. */
import { spawn } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, identity } from '../keys.mjs'

const child = fileURLToPath(new URL('../large-file-child.mjs', import.meta.url))

/** Against hashing alone. */
export async function speed({ bytes }) {
  const file = await prepare(bytes)
  return [
    { name: 'node:crypto, SHA-256 of a stream', sample: () => run('stream', file) },
    { name: 'node:crypto, SHA-256 in memory', sample: () => run('memory', file) },
    { name: 'sealkit, sign', sample: () => run('sign', file), target: { least: 0.95 } },
    { name: 'sealkit, verify', sample: () => run('verify', file), target: { least: 0.95 } },
  ]
}

/** Peak memory against that with a smaller file: most of it is Node's own, and chunks not yet collected. */
export async function memory({ bytes }) {
  const part = await prepare(bytes / 8)
  const whole = await prepare(bytes)
  return [
    { name: 'sealkit, sign an eighth of it', sample: () => run('sign', part) },
    { name: 'sealkit, sign', sample: () => run('sign', whole), target: { most: 1.25 } },
    { name: 'sealkit, verify', sample: () => run('verify', whole), target: { most: 1.25 } },
  ]
}

/** A file of zeros without blocks on the disk, and its signature beside it. */
async function prepare(bytes) {
  const file = join(folder, `${bytes}.bin`)
  writeFileSync(file, '')
  truncateSync(file, bytes)
  await run('sign', file)
  return file
}

async function run(mode, file) {
  const { keyFile, certificateFile } = await identity('RSA-2048')
  const process_ = spawn(process.execPath, [child, mode, file, keyFile, certificateFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const chunk of process_.stdout.setEncoding('utf8')) output += chunk
  return JSON.parse(output)
}
