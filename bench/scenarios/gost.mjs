/** GOST in our own code: Streebog, and signatures of GOST R 34.10-2012 over a digest. */
import { randomBytes } from 'node:crypto'
import { gostParameterSet } from '../../dist/src/algorithms/gost/parameter-sets.js'
import { generateGostKey } from '../../dist/src/algorithms/gost/private-key.js'
import { streebog } from '../../dist/src/algorithms/gost/streebog.js'
import { verifyGost } from '../../dist/src/algorithms/gost/verify.js'
import * as engine from '../peers/gost-engine.mjs'
import { li0ard, nodeGostCrypto } from '../peers/gost-packages.mjs'

const SETS = { 256: '1.2.643.7.1.2.1.1.1', 512: '1.2.643.7.1.2.1.2.1' }
const SIGN_WITHIN = { 256: 0.6e-3, 512: 1.5e-3 }
const VERIFY_WITHIN = { 256: 2e-3, 512: 6e-3 }

/** Bytes in memory. */
export async function hash(bits, { hashed: bytes }) {
  const data = Uint8Array.from(randomBytes(bytes))
  const length = bits / 8
  const inJavaScript = await withoutWebAssembly()
  const { [`streebog${bits}`]: other } = await li0ard()
  const { digest } = nodeGostCrypto(bits)
  const speed = (megabytes) => ({ within: bytes / (megabytes * 1e6), is: `>= ${megabytes} MB/s` })
  const contestants = [
    { name: 'sealkit', run: () => streebog(length, data), target: speed(60) },
    { name: 'sealkit, no WebAssembly', run: () => inJavaScript(length, data), target: speed(25) },
    { name: 'node-gost-crypto', run: () => digest.digest(data.buffer) },
    { name: '@li0ard/streebog', run: () => other(data) },
    { name: "openssl's gost engine", cannot: engine.cannot, sample: engine.hasher(bits, bytes) },
  ]
  return contestants.map((each) => ({ ...each, bytes }))
}

/** A second instance of the module, which decides for JavaScript with its first hash. */
async function withoutWebAssembly() {
  const { streebog: plain } = await import('../../dist/src/algorithms/gost/streebog.js?plain')
  const { WebAssembly } = globalThis
  delete globalThis.WebAssembly
  plain(32, new Uint8Array())
  globalThis.WebAssembly = WebAssembly
  return plain
}

/** With a k of its own for each. */
export function sign(bits) {
  const { key, digest, theirs } = material(bits)
  const { privateKey } = theirs.generateKey()
  return [
    { name: 'sealkit', run: () => key.sign(digest), target: within(SIGN_WITHIN[bits]) },
    { name: 'node-gost-crypto', run: () => theirs.sign(privateKey, digest.buffer) },
    {
      name: "openssl's gost engine, loading the key",
      cannot: engine.cannot,
      sample: engine.signer(bits),
    },
  ]
}

export function verify(bits) {
  const { key, digest, theirs } = material(bits)
  const { publicKey } = key
  const signature = key.sign(digest)
  const pair = theirs.generateKey()
  const other = theirs.sign(pair.privateKey, digest.buffer)
  return [
    {
      name: 'sealkit',
      run: () => checked(verifyGost(publicKey, digest, signature)),
      target: within(VERIFY_WITHIN[bits]),
    },
    { name: 'node-gost-crypto', run: () => checked(theirs.verify(pair.publicKey, other, digest.buffer)) },
    { name: "openssl's gost engine, in CMS", cannot: engine.cannot, sample: engine.verifier(bits) },
  ]
}

function material(bits) {
  const key = generateGostKey(gostParameterSet(SETS[bits]))
  const digest = Uint8Array.from(randomBytes(bits / 8))
  return { key, digest, theirs: nodeGostCrypto(bits).signature }
}

function within(seconds) {
  return { within: seconds, is: `<= ${seconds * 1e3} ms` }
}

function checked(valid) {
  if (!valid) throw new Error('a signature is refused')
}
