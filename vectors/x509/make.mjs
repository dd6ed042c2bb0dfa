// Makes the certificates of this folder anew with OpenSSL: `node vectors/x509/make.mjs`. The keys are thrown away.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const temp = mkdtempSync(join(tmpdir(), 'sealkit-x509-'))
const openssl = (...args) => execFileSync('openssl', args, { cwd: temp, stdio: ['ignore', 'ignore', 'inherit'] })

function key(name, algorithm, ...options) {
  const settings = options.flatMap((option) => ['-pkeyopt', option])
  openssl('genpkey', '-algorithm', algorithm, ...settings, '-out', `${name}.key`)
}

function selfSigned(name, keyName, ...options) {
  const subject = options.includes('-subj') ? [] : ['-subj', `/O=sealkit test vectors/CN=${name}`]
  openssl('req', '-x509', '-new', '-utf8', '-key', `${keyName}.key`, ...subject, '-days', '20000', ...options, '-out', join(folder, `${name}.pem`))
}

/** A certificate for a key that cannot sign for itself. */
function issued(name, publicKey, ...options) {
  openssl('req', '-new', '-key', 'p256.key', '-subj', `/O=sealkit test vectors/CN=${name}`, '-out', 'request.pem')
  openssl('x509', '-req', '-in', 'request.pem', '-force_pubkey', publicKey, '-CA', join(folder, 'p256-sha256.pem'), '-CAkey', 'p256.key', '-set_serial', '4660', '-days', '20000', ...options, '-out', join(folder, `${name}.pem`))
}

const pss = (salt, mgf) => ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', `rsa_pss_saltlen:${salt}`, ...(mgf ? ['-sigopt', `rsa_mgf1_md:${mgf}`] : [])]
const curve = (name) => ['EC', `ec_paramgen_curve:${name}`, 'ec_param_enc:named_curve']

try {
  key('rsa', 'RSA', 'rsa_keygen_bits:2048')
  key('rsa1024', 'RSA', 'rsa_keygen_bits:1024')
  key('rsapss', 'RSA-PSS', 'rsa_keygen_bits:2048')
  key('rsapss-restricted', 'RSA-PSS', 'rsa_keygen_bits:2048', 'rsa_pss_keygen_md:sha384', 'rsa_pss_keygen_mgf1_md:sha384', 'rsa_pss_keygen_saltlen:40')
  for (const name of ['P-256', 'P-384', 'P-521']) key(name.replace('-', '').toLowerCase(), ...curve(name))
  key('ed25519', 'ED25519')
  key('ed448', 'ED448')

  for (const hash of ['sha256', 'sha384', 'sha512', 'sha1', 'md5']) selfSigned(`rsa-${hash}`, 'rsa', `-${hash}`)
  selfSigned('rsa1024-sha256', 'rsa1024', '-sha256')
  selfSigned('rsa-pss-sha256', 'rsa', '-sha256', ...pss(32))
  selfSigned('rsa-pss-sha256-salt0', 'rsa', '-sha256', ...pss(0))
  selfSigned('rsa-pss-sha512-mgf1-sha256', 'rsa', '-sha512', ...pss(64, 'sha256'))
  selfSigned('rsa-pss-sha1', 'rsa', '-sha1', ...pss(20))
  selfSigned('rsapss-key-sha512', 'rsapss', '-sha512', ...pss(64))
  selfSigned('rsapss-key-restricted-sha384', 'rsapss-restricted', '-sha384', ...pss(48))
  selfSigned('p256-sha256', 'p256', '-sha256')
  selfSigned('p256-sha512', 'p256', '-sha512')
  selfSigned('p384-sha384', 'p384', '-sha384')
  selfSigned('p521-sha512', 'p521', '-sha512')
  selfSigned('ed25519', 'ed25519')
  selfSigned('ed448', 'ed448')

  // Names: several attributes in one RDN, what RFC 4514 escapes, letters beyond ASCII, the year 2080 in validity.
  selfSigned('names', 'ed25519', '-multivalue-rdn', '-subj', '/C=RU/O=ООО \\"Ромашка\\", \\+1; <x>\\\\/OU= lead and trail /CN=#hash+UID=u=1/emailAddress=a@example.org')

  // Keys that must not be imported, or only in part of their forms.
  const bare = (name) => openssl('pkey', '-in', `${name}.key`, '-pubout', '-out', `${name}.pub`)
  openssl('ec', '-in', 'p384.key', '-pubout', '-conv_form', 'compressed', '-out', 'compressed.pub')
  issued('key-p384-compressed', 'compressed.pub')
  openssl('ec', '-in', 'p256.key', '-pubout', '-param_enc', 'explicit', '-out', 'explicit.pub')
  issued('key-p256-explicit', 'explicit.pub')
  openssl('genpkey', '-genparam', '-algorithm', 'DSA', '-pkeyopt', 'dsa_paramgen_bits:2048', '-out', 'dsa.param')
  openssl('genpkey', '-paramfile', 'dsa.param', '-out', 'dsa.key')
  key('secp256k1', ...curve('secp256k1'))
  key('x25519', 'X25519')
  for (const name of ['dsa', 'secp256k1', 'x25519']) {
    bare(name)
    issued(`key-${name}`, `${name}.pub`)
  }
  // Version 1: a request signed without extensions.
  bare('rsa')
  issued('v1', 'rsa.pub')
} finally {
  rmSync(temp, { recursive: true })
}
