/** Tokens with a key for signing, made anew for each run: SoftHSM2's, and NSS's, which is slow. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { issueTestCertificate } from 'sealkit/credentials'
import { generateTokenKey, openPkcs11Key, openPkcs11RequestKey } from 'sealkit/providers/pkcs11'
import { folder } from './keys.mjs'

const PIN = '24681357'
const FOLDERS = ['', '/x86_64-linux-gnu', '/aarch64-linux-gnu', '64'].map((name) => `/usr/lib${name}`)

/** @param {string} name */
function find(name) {
  return FOLDERS.map((place) => join(place, name)).find(existsSync)
}

/** Why there can be no token here; undefined where there can. */
function cannotHave(program, module) {
  try {
    createRequire(import.meta.url)('pkcs11js')
  } catch {
    return 'pkcs11js is not built'
  }
  if (module === undefined) return `${program} is not installed`
  return spawnSync(program, ['-h'], { stdio: 'ignore' }).error === undefined
    ? undefined
    : `${program} is not installed`
}

let softHsm
/** A token of SoftHSM2 with an RSA-2048 key: `cannot`, or what opens it. */
export async function softHsmToken() {
  softHsm ??= await makeSoftHsm()
  return softHsm
}

async function makeSoftHsm() {
  const module = find('softhsm/libsofthsm2.so')
  const cannot = cannotHave('softhsm2-util', module)
  if (cannot !== undefined) return { cannot }
  const place = join(folder, 'softhsm')
  mkdirSync(join(place, 'tokens'), { recursive: true })
  const configuration = join(place, 'softhsm2.conf')
  writeFileSync(configuration, `directories.tokendir = ${join(place, 'tokens')}\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = configuration
  const pins = ['--pin', PIN, '--so-pin', '76543210']
  run('softhsm2-util', ['--init-token', '--free', '--label', 'bench', ...pins])
  return await withKey('pkcs11:token=bench', { module })
}

let nss
/** NSS's own token with a password: it derives a key from the password for each signature. */
export async function nssToken() {
  nss ??= await makeNss()
  return nss
}

async function makeNss() {
  const module = find('libsoftokn3.so') ?? find('nss/libsoftokn3.so')
  const cannot = cannotHave('certutil', module)
  if (cannot !== undefined) return { cannot }
  const place = join(folder, 'nss')
  mkdirSync(place)
  const password = join(place, 'password')
  writeFileSync(password, PIN, { mode: 0o600 })
  run('certutil', ['-N', '-d', `sql:${place}`, '-f', password])
  const libraryParameters = `configdir='sql:${place}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=`
  return await withKey('pkcs11:token=NSS%20Certificate%20DB', { module, libraryParameters })
}

async function withKey(uri, where) {
  const access = { ...where, pin: () => PIN }
  const made = await generateTokenKey({ uri, label: 'signing', type: 'RSA-2048', ...access })
  const key = await openPkcs11RequestKey({ key: made.uri, ...access })
  const certificate = await issueTestCertificate({ key, subject: 'CN=bench', days: 1 })
  await key[Symbol.asyncDispose]()
  return {
    cannot: undefined,
    pin: PIN,
    ...where,
    /** @param {object} [options] of openPkcs11Key */
    open: (options) => openPkcs11Key({ key: made.uri, certificate, ...access, ...options }),
  }
}

function run(program, args) {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
}
