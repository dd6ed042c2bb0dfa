/** OpenSSL's gost engine, in C: processes with much to do, less the time of one with little to do. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from '../keys.mjs'
import { runOpenssl } from './openssl.mjs'

const ENGINE = ['-engine', 'gost']
const SETS = { 256: 'TCA', 512: 'A' }
const SIGNERS = 100
const HASHED = 2 ** 25

const isThere = spawnSync('openssl', ['engine', '-t', 'gost'], { stdio: 'ignore' }).status === 0

/** Why it does not take part. */
export const cannot = isThere ? undefined : 'the gost engine of OpenSSL is not installed'

/** Hashes 32 MiB; gives the time of so many bytes. */
export function hasher(bits, bytes) {
  if (!isThere) return undefined
  const [empty, full] = ['empty', 'full'].map((name) => join(folder, `gost-${name}`))
  writeFileSync(empty, '')
  writeFileSync(full, Buffer.alloc(HASHED))
  const args = ['dgst', ...ENGINE, `-md_gost12_${bits}`]
  return () => difference([...args, full], [...args, empty], HASHED / bytes)
}

/** Signs one CMS message by many signers, each of whom loads the key anew; gives the time of one. */
export function signer(bits) {
  if (!isThere) return undefined
  const { sign } = commands(bits)
  return () => difference(sign(SIGNERS + 1), sign(1), SIGNERS)
}

/** Verifies the signatures of one CMS message by many signers; gives the time of one. */
export function verifier(bits) {
  if (!isThere) return undefined
  const { sign, verify } = commands(bits)
  for (const count of [1, SIGNERS + 1]) call(sign(count))
  return () => difference(verify(SIGNERS + 1), verify(1), SIGNERS)
}

function commands(bits) {
  const [key, certificate, content] = ['key', 'pem', 'txt'].map((end) => join(folder, `gost-${bits}.${end}`))
  const message = (count) => join(folder, `gost-${bits}-${count}.p7s`)
  writeFileSync(content, 'what is signed')
  const paramSet = ['-pkeyopt', `paramset:${SETS[bits]}`]
  call(['genpkey', ...ENGINE, '-algorithm', `gost2012_${bits}`, ...paramSet, '-out', key])
  const hash = `md_gost12_${bits}`
  const subject = ['-subj', '/CN=Bench', `-${hash}`]
  call(['req', ...ENGINE, '-x509', '-new', '-key', key, ...subject, '-out', certificate])
  const cms = (...args) => ['cms', ...ENGINE, '-binary', ...args]
  return {
    sign: (count) => {
      const signers = Array.from({ length: count }, () => ['-signer', certificate, '-inkey', key]).flat()
      const form = ['-md', hash, '-nocerts', '-outform', 'DER', '-in', content, '-out', message(count)]
      return cms('-sign', ...form, ...signers)
    },
    verify: (count) => {
      const input = ['-inform', 'DER', '-in', message(count), '-content', content]
      return cms('-verify', ...input, '-certfile', certificate, '-noverify')
    },
  }
}

function call(args) {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
}

async function difference(much, little, count) {
  const { seconds } = await runOpenssl(much)
  const { seconds: start } = await runOpenssl(little)
  return { seconds: Math.max(seconds - start, 1e-9) / count }
}
