/**
 * The command `openssl cms`, a process for each signature. It is started from a process of its own: to fork this
 * one would slow it down for a while, and with it whoever is measured next.
 */
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder } from '../keys.mjs'

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout?.trim()

export function cannot(type) {
  if (version === undefined) return 'not installed'
  // CMS with Ed25519 came with OpenSSL 3.2.
  const [number, major, minor] = /(\d+)\.(\d+)/.exec(version).map(Number)
  const knows = type !== 'Ed25519' || major > 3 || (major === 3 && minor >= 2)
  return knows ? undefined : `OpenSSL ${number} has no CMS with Ed25519`
}

/** Gives the function that makes detached signatures, one on each core, and says how long one took. */
export function signer({ keyFile, certificateFile }, token, cores = 1) {
  const input = tokenFile(token)
  const args = ['-sign', '-binary', '-outform', 'DER', '-md', 'sha256', '-in', input]
  return () => cms([...args, '-signer', certificateFile, '-inkey', keyFile], cores)
}

export const allCores = availableParallelism()

/** Gives the function that verifies the signature alone, without a path. */
export function verifier(type, message, token) {
  const signature = join(folder, `${type}.p7s`)
  writeFileSync(signature, message)
  const args = ['-verify', '-binary', '-inform', 'DER', '-in', signature, '-content', tokenFile(token)]
  return () => cms([...args, '-noverify', '-no-CAfile', '-no-CApath', '-no-CAstore'], 1)
}

function tokenFile(token) {
  const file = join(folder, 'token')
  writeFileSync(file, token)
  return file
}

let starter

async function cms(args, count) {
  return await runOpenssl(['cms', ...args], count)
}

/** The time of one of so many processes that run at once. */
export async function runOpenssl(args, count = 1) {
  if (starter === undefined) {
    starter = fork(fileURLToPath(new URL('openssl-starter.mjs', import.meta.url)))
    process.on('exit', () => starter.kill())
  }
  starter.ref()
  starter.channel.ref()
  starter.send({ args, count })
  const [{ seconds, failed }] = await once(starter, 'message')
  starter.unref()
  starter.channel.unref()
  if (failed) throw new Error(`openssl ${args.slice(0, 2).join(' ')} failed`)
  return { seconds }
}
