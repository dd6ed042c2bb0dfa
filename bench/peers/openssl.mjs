/** The command `openssl cms`, a process for each signature. */
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from '../keys.mjs'

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout?.trim()

export function cannot(type) {
  if (version === undefined) return 'not installed'
  // CMS with Ed25519 came with OpenSSL 3.2.
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version).map(Number)
  return type === 'Ed25519' && (major < 3 || (major === 3 && minor < 2))
    ? `${version.slice(0, 13)}: none with Ed25519`
    : undefined
}

/** Gives the function that makes one detached signature. */
export function signer({ keyFile, certificateFile }, token) {
  const args = ['-sign', '-binary', '-outform', 'DER', '-md', 'sha256']
  return () => cms([...args, '-signer', certificateFile, '-inkey', keyFile], token)
}

/** Gives the function that verifies the signature alone, without a path. */
export function verifier(type, message, token) {
  const signature = join(folder, `${type}.p7s`)
  const content = join(folder, 'token')
  writeFileSync(signature, message)
  writeFileSync(content, token)
  return () =>
    cms(['-verify', '-binary', '-noverify', '-inform', 'DER', '-in', signature, '-content', content])
}

function cms(args, input) {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', ['cms', ...args], { stdio: ['pipe', 'pipe', 'ignore'] })
    child.on('error', reject)
    child.stdin.end(input)
    child.stdout.resume()
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`openssl cms: status ${status}`)),
    )
  })
}
