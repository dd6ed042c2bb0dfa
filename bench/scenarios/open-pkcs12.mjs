/** Opening a PKCS#12 file with an RSA-2048 key and its certificate: MAC checked, all of it decrypted and read. */
import { createSecureContext } from 'node:tls'
import { readPkcs12 } from 'sealkit/credentials'
import { p12, password } from '../p12.mjs'
import * as forge from '../peers/forge.mjs'
import { atOnce, derivations, kdf, oneByOne } from '../peers/key-derivation.mjs'
import * as pkijs from '../peers/pkijs.mjs'

const NO_FILE = 'openssl, which makes the file, is not installed'

/** Against the file's own key derivations, which no reader can leave out. */
export async function open(protection, iterations) {
  const all = derivations(protection, iterations)
  const file = await p12(protection, iterations)
  const missing = file === undefined ? NO_FILE : undefined
  return [
    { name: 'its key derivations, one by one', run: () => oneByOne(all) },
    { name: 'its key derivations, at once', run: () => atOnce(all) },
    { name: 'sealkit', cannot: missing, run: () => openWithSealkit(file), target: { most: 1.3 } },
    {
      name: "node:tls (OpenSSL's reader)",
      cannot: missing,
      run: () => createSecureContext({ pfx: file, passphrase: password }),
    },
    {
      name: 'pkijs',
      cannot: missing ?? pkijs.cannotOpen(protection),
      run: () => pkijs.open(file, password),
    },
    { name: 'node-forge', cannot: missing, run: () => forge.open(file, password) },
  ]
}

/** The same with so many iterations that a call takes seconds: each turn is one call. */
export async function openSlow(protection, iterations) {
  return (await open(protection, iterations)).map(once)
}

/** How many files a second, beside node-forge. */
export async function openBesideForge(protection, iterations) {
  const file = await p12(protection, iterations)
  const cannot = file === undefined ? NO_FILE : undefined
  return [
    { name: 'node-forge', cannot, run: () => forge.open(file, password) },
    // For 3DES the derivations alone, which cannot be left out, are about as fast as that.
    {
      name: 'sealkit',
      cannot,
      run: () => openWithSealkit(file),
      target: protection === 'AES' ? { least: 10 } : undefined,
    },
  ]
}

/** The key derivation of PKCS#12 (RFC 7292 B.2) alone: SHA-1, 24 bytes. */
export function derive(iterations) {
  return [
    { name: 'node-forge', run: kdf.forge(iterations) },
    // 1,289 : 216 ms, the best that was measured before there was sealkit's own.
    { name: 'sealkit', run: kdf.sealkit(iterations), target: { least: 5.9 } },
    { name: '@noble/hashes', run: kdf.noble(iterations) },
    { name: 'crypto.createHash', run: kdf.createHash(iterations) },
    { name: 'crypto.hash', run: kdf.hash(iterations) },
  ].map(once)
}

async function openWithSealkit(file) {
  const { keys } = await readPkcs12(file, { password })
  if (keys[0]?.certificate === undefined) throw new Error('sealkit finds no key with its certificate')
}

function once({ run, ...contestant }) {
  return {
    ...contestant,
    async sample() {
      const start = performance.now()
      await run()
      return { seconds: (performance.now() - start) / 1000 }
    },
  }
}
