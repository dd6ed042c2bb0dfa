// Makes rsa-openssl.json anew with OpenSSL: `node vectors/algorithms/make-rsa.mjs`. The key is thrown away.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// AlgorithmIdentifiers, written out so that no code of sealkit makes them (RFC 4055 sections 3.1 and 5).
const hashId = { sha1: '300906052b0e03021a0500', sha256: '300d06096086480165030402010500', sha384: '300d06096086480165030402020500', sha512: '300d06096086480165030402030500' }
const pkcs1 = { sha1: '300d06092a864886f70d0101050500', sha256: '300d06092a864886f70d01010b0500', sha384: '300d06092a864886f70d01010c0500', sha512: '300d06092a864886f70d01010d0500' }
const tlv = (tag, ...parts) => tag + (parts.join('').length / 2).toString(16).padStart(2, '0') + parts.join('')
const mgf1 = '06092a864886f70d010108'
const pss = (hash, mgf, salt) => tlv('30', '06092a864886f70d01010a', tlv('30', tlv('a0', hashId[hash]), tlv('a1', tlv('30', mgf1, hashId[mgf])), tlv('a2', tlv('02', salt.toString(16).padStart(2, '0')))))

const temp = mkdtempSync(join(tmpdir(), 'sealkit-rsa-'))
const openssl = (...args) => execFileSync('openssl', args, { cwd: temp, stdio: ['ignore', 'pipe', 'ignore'] })
try {
  openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', 'key.pem')
  const spki = openssl('pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER').toString('hex')
  const message = Buffer.from('a message for RSA')
  writeFileSync(join(temp, 'message'), message)
  const sign = (name, algorithm, hash, ...options) => {
    const settings = options.flatMap((option) => ['-sigopt', option])
    openssl('dgst', `-${hash}`, '-sign', 'key.pem', ...settings, '-out', 'signature', 'message')
    const signature = readFileSync(join(temp, 'signature')).toString('hex')
    return { name, spki, algorithm, message: message.toString('hex'), signature }
  }
  const cases = Object.keys(pkcs1).map((hash) => sign(`PKCS#1 v1.5, ${hash}`, pkcs1[hash], hash))
  for (const [hash, mgf, salt] of [['sha256', 'sha256', 32], ['sha256', 'sha256', 0], ['sha384', 'sha384', 48], ['sha512', 'sha512', 64], ['sha512', 'sha256', 20], ['sha256', 'sha512', 100], ['sha256', 'sha1', 20], ['sha1', 'sha1', 20]]) {
    const options = ['rsa_padding_mode:pss', `rsa_pss_saltlen:${salt}`, `rsa_mgf1_md:${mgf}`]
    cases.push(sign(`PSS, ${hash}, MGF1 with ${mgf}, salt ${salt}`, pss(hash, mgf, salt), hash, ...options))
  }
  const version = openssl('version').toString().split(' ').slice(0, 2).join(' ')
  const text = JSON.stringify({ source: `${version}, by make-rsa.mjs`, cases }, null, 1)
  writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'rsa-openssl.json'), `${text}\n`)
} finally {
  rmSync(temp, { recursive: true })
}
