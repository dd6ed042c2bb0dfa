/**
 * A stand-in for Validata's command line: takes the same options, signs for real with OpenSSL, and misbehaves when
 * told to. It knows nothing of sealkit.
 *
 * STAND_IN names a JSON file: { profiles: { NAME: { key, certificate, md } }, other: {…}, mode, argument, record }.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const setup = JSON.parse(readFileSync(process.env.STAND_IN, 'utf8'))
const { mode = 'ok', argument } = setup

const VALUED = ['-profile', '-data', '-out', '-silent', '-algorithm', '-in', '-format']
const PLAIN = ['-sign', '-detached', '-sendcert', '-registry', '-minimal', '-help']
const given = readArguments(process.argv.slice(2))
if (setup.record !== undefined) {
  const line = { arguments: process.argv.slice(2), cwd: process.cwd(), env: process.env, pid: process.pid }
  appendFileSync(setup.record, `${JSON.stringify(line)}\n`)
}

function readArguments(words) {
  const found = new Map()
  for (let i = 0; i < words.length; i++) {
    if (PLAIN.includes(words[i])) found.set(words[i], true)
    else if (VALUED.includes(words[i]) && words[i + 1] !== undefined) found.set(words[i], words[++i])
    else fail(2, `Неизвестный параметр: ${words[i]}`)
  }
  return found
}

/** A text in one of Russia's encodings: Node only reads them. */
function encode(text, encoding = 'utf-8') {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'utf-16le') return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  const table = new TextDecoder(encoding).decode(Uint8Array.from({ length: 256 }, (_, i) => i))
  return Buffer.from(Array.from(text, (letter) => Math.max(table.indexOf(letter), 0)))
}

function tell(text, { encoding, where = 'stderr' } = {}) {
  const bytes = encode(`${text}\r\n`, encoding)
  if (where === 'log' && given.has('-silent')) writeFileSync(given.get('-silent'), bytes)
  else if (where === 'stdout') process.stdout.write(bytes)
  else process.stderr.write(bytes)
}

function fail(code, text, how) {
  tell(text, how)
  // Not exit: what was written to a pipe must be read first.
  process.exitCode = code
  throw new Stop()
}

class Stop extends Error {}
process.on('uncaughtException', (error) => {
  if (error instanceof Stop) return
  process.stderr.write(`${error.stack}\n`)
  process.exit(99)
})

function openssl(args) {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`)
}

/** Signs for real; gives DER. */
function sign(data, identities, more = []) {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'))
  try {
    const out = join(folder, 'out')
    const signers = identities.flatMap(({ key, certificate }) => ['-signer', certificate, '-inkey', key])
    const flags = [...(given.has('-sendcert') ? [] : ['-nocerts']), ...more]
    const md = identities[0].md ?? 'sha256'
    openssl([
      'cms',
      '-sign',
      '-binary',
      '-in',
      data,
      ...signers,
      '-md',
      md,
      '-outform',
      'DER',
      '-out',
      out,
      ...flags,
    ])
    return readFileSync(out)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function tlv(tag, contents) {
  const body = Buffer.concat(contents)
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

/** The contents of an element of more than 255 bytes. */
const inside = (bytes) => bytes.subarray(4)

/** ContentInfo and [0] with indefinite lengths, as BER allows. */
function toBer(der) {
  const contentType = inside(der).subarray(0, 11)
  const signedData = inside(inside(der).subarray(11))
  const [open, end] = [Buffer.from([0xa0, 0x80]), Buffer.alloc(4)]
  return Buffer.concat([Buffer.from([0x30, 0x80]), contentType, open, signedData, end])
}

const lines = (base64, end) => base64.replace(/.{64}(?=.)/g, `$&${end}`)

/** What comes out when the tool signs, by mode. */
function output(data, profile) {
  const other = setup.other
  switch (mode) {
    case 'other-token':
      writeFileSync(`${data}.other`, 'another token')
      return sign(`${data}.other`, [profile])
    case 'changes-token': {
      // Also where sealkit could look for it afterwards.
      writeFileSync(data, 'another token')
      return sign(data, [profile])
    }
    case 'other-certificate':
      return sign(data, [other])
    case 'two-signers':
      return sign(data, [profile, other])
    case 'attached':
      return sign(data, [profile], ['-nodetach'])
    case 'no-attributes':
      return sign(data, [profile], ['-noattr'])
    case 'key-identifier':
      return sign(data, [profile], ['-keyid'])
    case 'tampered': {
      const der = sign(data, [profile])
      der[der.length - 1] ^= 1
      return der
    }
    case 'truncated':
      return sign(data, [profile]).subarray(0, -100)
    case 'pem':
      return Buffer.from(
        `-----BEGIN PKCS7-----\r\n${lines(sign(data, [profile]).toString('base64'), '\r\n')}\r\n-----END PKCS7-----\r\n`,
      )
    case 'base64':
      return Buffer.from(`${lines(sign(data, [profile]).toString('base64'), '\r\n')}\r\n`)
    case 'ber':
      return toBer(sign(data, [profile]))
    case 'data':
      return tlv(0x30, [
        Buffer.from('06092a864886f70d010701', 'hex'),
        tlv(0xa0, [tlv(0x04, [Buffer.from('x')])]),
      ])
    case 'garbage':
      return Buffer.from(argument)
    case 'huge':
      return Buffer.alloc(17 * 1024 * 1024, 0x30)
    case 'empty':
      return Buffer.alloc(0)
    default:
      return sign(data, [profile])
  }
}

function detached(script) {
  spawn(process.execPath, ['-e', script], { detached: true, stdio: 'ignore' }).unref()
}

/** Hangs, with a child and its child in the same group; each writes its number down. */
function hang({ stubborn, itself = stubborn }) {
  const ignore = stubborn ? "process.on('SIGTERM', () => {});" : ''
  const note = `require('fs').appendFileSync(${JSON.stringify(argument)}, process.pid + '\\n');`
  const grandchild = `${ignore}${note}setInterval(() => {}, 1000)`
  const child = `${ignore}${note}require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' });setInterval(() => {}, 1000)`
  if (itself) process.on('SIGTERM', () => {})
  appendFileSync(argument, `${process.pid}\n`)
  spawn(process.execPath, ['-e', child], { stdio: 'inherit' })
  setInterval(() => {}, 1000)
}

function main() {
  if (given.has('-help')) {
    tell('Использование: -sign -verify -profile P -data F -out F -detached -sendcert -silent F', {
      encoding: 'ibm866',
      where: 'stdout',
    })
    return
  }
  if (!given.has('-sign') || !given.has('-detached')) fail(2, 'Не задана операция')
  if (mode === 'says') fail(argument.code, argument.text, argument)
  if (mode === 'tells-token')
    fail(
      1,
      `token: ${readFileSync(given.get('-data'), 'utf8')}, PIN=${process.env.VALIDATA_PIN}; -password ${process.env.VALIDATA_PIN}`,
    )
  if (mode === 'tells-base64') fail(1, `token: ${readFileSync(given.get('-data')).toString('base64')} end`)
  if (mode === 'dies') process.kill(process.pid, 'SIGKILL')
  if (mode === 'hang') return hang({ stubborn: false })
  if (mode === 'hang-stubborn') return hang({ stubborn: true })
  if (mode === 'hang-stubborn-children') return hang({ stubborn: true, itself: false })
  if (mode === 'pki1.conf' && !existsSync('pki1.conf'))
    fail(5, 'Не найден файл pki1.conf', { encoding: 'ibm866' })
  if (mode === 'flood') process.stderr.write('x'.repeat(4 * 1024 * 1024))
  const name = given.get('-profile') ?? 'default'
  const profile = setup.profiles[name]
  if (profile === undefined) fail(3, `Профиль не найден: ${name} (E0700003)`, { encoding: 'ibm866' })
  if (mode === 'none') return
  if (mode === 'folder') return spawnSync('mkdir', [given.get('-out')])
  const out = given.get('-out')
  const bytes = output(given.get('-data'), profile)
  if (mode === 'link') {
    writeFileSync(argument, bytes)
    return symlinkSync(argument, out)
  }
  if (mode === 'late' || mode === 'late-halves') {
    const encoded = JSON.stringify(bytes.toString('base64'))
    const half = mode === 'late' ? 0 : Math.floor(bytes.length / 2)
    detached(`const fs = require('fs'); const bytes = Buffer.from(${encoded}, 'base64'); const out = ${JSON.stringify(out)};
      setTimeout(() => { ${half > 0 ? `fs.writeFileSync(out, bytes.subarray(0, ${half}));` : ''}
        setTimeout(() => fs.writeFileSync(out, bytes), ${half > 0 ? 150 : 0}) }, ${argument})`)
    return
  }
  writeFileSync(out, bytes)
  if (mode === 'leaves-child')
    spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: 'inherit' }).unref()
  tell('Операция выполнена успешно (00000000)', { encoding: 'ibm866' })
  if (mode === 'leaves-child') process.exit(0)
}

main()
