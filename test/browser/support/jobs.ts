/**
 * What the tests have done in a browser. Everything goes in and comes out as JSON, bytes as base64; this file
 * and what it imports are bundled.
 */
import { look, open, openPkcs12 } from './reading.ts'
import { make } from './writing.ts'

export type Jobs = typeof jobs

export const jobs = { platform, misbehave, openPkcs12, open, look, make }

/** What of Node is there, and whether WebCrypto is: browsers give it to secure contexts only. */
async function platform(): Promise<{ node: string[]; webCrypto: boolean }> {
  const names = ['process', 'Buffer', 'global', 'require', 'setImmediate', 'clearImmediate']
  return { node: names.filter((name) => name in globalThis), webCrypto: 'subtle' in globalThis.crypto }
}

/** Everything that a test must notice. */
async function misbehave(elsewhere: string): Promise<string> {
  console.error('a message of the console')
  setTimeout(() => Promise.reject(new Error('a promise that nobody awaits')))
  await new Promise((resolve) => setTimeout(resolve, 10))
  await fetch('/not-there')
  const reached = await fetch(elsewhere).then(
    () => true,
    () => false,
  )
  throw Object.assign(new RangeError(reached ? 'reached' : 'refused'), { code: 'ERR_OF_A_JOB' })
}
