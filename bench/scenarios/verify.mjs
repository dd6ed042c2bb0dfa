/** Verifying detached signatures: the signature alone, no path. */
import { createPublicKey, sign, verify as verifyRaw } from 'node:crypto'
import { cmsSigner, verify } from 'sealkit'
import { hashOf, identity, manyCertificates } from '../keys.mjs'
import * as forge from '../peers/forge.mjs'
import * as openssl from '../peers/openssl.mjs'
import * as pkijs from '../peers/pkijs.mjs'
import { token } from '../token.mjs'

/** The signer's certificate is in sealkit's cache. */
export async function verifyMet(type) {
  const { privateKey, publicKey, key } = await identity(type)
  const { der: message } = await cmsSigner(key).signDetached(token)
  const hash = hashOf(type)
  const signature = sign(hash, token, privateKey)
  return [
    { name: 'node:crypto', run: () => verifyRaw(hash, token, publicKey, signature) },
    { name: 'sealkit', run: () => check(message), target: type === 'RSA-2048' ? { most: 2.5 } : undefined },
    { name: 'pkijs', cannot: pkijs.cannot(type), run: () => pkijs.verify(message, token) },
    { name: 'node-forge', cannot: forge.cannotVerify },
    {
      name: 'openssl cms, process',
      cannot: openssl.cannot(type),
      sample: openssl.verifier(type, message, token),
    },
  ]
}

/** Each signature comes with a certificate not seen lately: more of them than sealkit's cache holds. */
export async function verifyNew(type, { certificates: count }) {
  const own = await identity(type)
  const spki = own.publicKey.export({ format: 'der', type: 'spki' })
  const hash = hashOf(type)
  const signature = sign(hash, token, own.privateKey)
  const messages = await messagesOf(own, count)
  const at = (i) => messages[i % count]
  return [
    {
      name: 'node:crypto, key import and verify',
      run: () =>
        verifyRaw(hash, token, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature),
    },
    { name: 'sealkit', run: (i) => check(at(i)), target: type === 'RSA-2048' ? { most: 1.25 } : undefined },
    { name: 'pkijs', cannot: pkijs.cannot(type), run: (i) => pkijs.verify(at(i), token) },
  ]
}

/** The signed attributes name no certificate, so that one signature does for all. */
async function messagesOf({ publicKey, key }, count) {
  let signature
  const options = { signingTime: new Date() }
  return await Promise.all(
    manyCertificates(publicKey, count).map(async (certificate) => {
      const signOnce = (data) => (signature ??= key.sign(data))
      const signer = cmsSigner(
        { ...withoutKey, certificate, algorithm: key.algorithm, sign: signOnce },
        options,
      )
      const { der } = await signer.signDetached(token)
      return der
    }),
  )
}

const withoutKey = { chain: [], async [Symbol.asyncDispose]() {} }

async function check(message) {
  const { verdict, reason } = await verify(message, { content: token })
  if (verdict !== 'certificate-not-validated') throw new Error(`sealkit refuses the signature: ${reason}`)
}
