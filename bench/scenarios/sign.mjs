/** Detached signatures of a token as auth clients make them. */
import { sign } from 'node:crypto'
import { promisify } from 'node:util'
import { cmsSigner } from 'sealkit'
import { hashOf, identity } from '../keys.mjs'
import * as forge from '../peers/forge.mjs'
import * as openssl from '../peers/openssl.mjs'
import * as pkijs from '../peers/pkijs.mjs'
import { token } from '../token.mjs'

const onPool = promisify(sign)
const ALONE = { 'RSA-2048': { most: 1.05 }, 'P-256': { most: 1.6 } }
const IN_FLIGHT = { 'RSA-2048': { least: 0.95 } }

/** One after the other. */
export async function signOne(type) {
  const own = await identity(type)
  const { privateKey, key } = own
  const signer = cmsSigner(key)
  const hash = hashOf(type)
  return [
    { name: 'node:crypto, on this thread', run: () => sign(hash, token, privateKey) },
    { name: 'node:crypto, callback', run: () => onPool(hash, token, privateKey) },
    { name: 'sealkit', run: () => signer.signDetached(token), target: ALONE[type] },
    await withPkijs(type, own),
    withForge(type, own),
    withOpenssl(type, own),
  ]
}

/** Many at a time: what all cores give. */
export async function signMany(type) {
  const own = await identity(type)
  const { privateKey, key } = own
  const signer = cmsSigner(key)
  const hash = hashOf(type)
  const inFlight = 64
  return [
    { name: 'node:crypto, callback', run: () => onPool(hash, token, privateKey), inFlight },
    { name: 'sealkit', run: () => signer.signDetached(token), inFlight, target: IN_FLIGHT[type] },
    { ...(await withPkijs(type, own)), inFlight },
    { name: 'node-forge', cannot: forge.cannotSign(type) ?? 'on one core only, as above' },
    withOpenssl(type, own, openssl.allCores),
  ]
}

async function withPkijs(type, own) {
  const cannot = pkijs.cannot(type)
  return { name: 'pkijs', cannot, run: cannot === undefined ? await pkijs.signer(own, token) : undefined }
}

function withForge(type, own) {
  const cannot = forge.cannotSign(type)
  return { name: 'node-forge', cannot, run: cannot === undefined ? forge.signer(own, token) : undefined }
}

function withOpenssl(type, own, cores) {
  const cannot = openssl.cannot(type)
  return { name: 'openssl cms, process', cannot, sample: openssl.signer(own, token, cores) }
}
