/** Signatures by tokens: beside pkcs11js alone, and what a slow token does to the program's event loop. */
import { verify } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import * as pkcs11js from '../peers/pkcs11js.mjs'
import { token as content } from '../token.mjs'
import { nssToken, softHsmToken } from '../tokens.mjs'

/** At the same concurrency; sealkit verifies each signature with the certificate besides. */
export async function sign(sessions) {
  const { cannot, module, pin, open } = await softHsmToken()
  if (cannot !== undefined) return [{ name: 'pkcs11js', cannot }]
  const key = await open({ maxSessions: sessions })
  const raw = pkcs11js.signer(module, 'bench', pin)
  const { keyObject } = key.certificate.publicKey
  const verified = async () => {
    if (!verify('sha256', content, keyObject, await raw(content))) throw new Error('a wrong signature')
  }
  const elsewhere = await open({ maxSessions: sessions, isolation: 'process' })
  const inFlight = sessions
  return [
    { name: 'pkcs11js', run: () => raw(content), inFlight },
    { name: 'pkcs11js, each verified', run: verified, inFlight },
    { name: 'sealkit', run: () => key.sign(content), inFlight, target: { least: 0.95 } },
    { name: 'sealkit, own process', run: () => elsewhere.sign(content), inFlight },
  ]
}

/** The longest time that this thread can do nothing else while a slow token makes three signatures. */
export async function blocking() {
  const { cannot, open } = await nssToken()
  if (cannot !== undefined) return [{ name: 'sealkit, this thread', cannot }]
  const contestant = async (name, isolation) => {
    const key = await open({ isolation })
    return { name, sample: () => longestStop(key) }
  }
  return [
    await contestant('sealkit, this thread', undefined),
    await contestant('sealkit, own thread', 'thread'),
    await contestant('sealkit, own process', 'process'),
  ]
}

async function longestStop(key) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  for (let i = 0; i < 3; i++) await key.sign(content)
  delay.disable()
  return { seconds: delay.max / 1e9 }
}
