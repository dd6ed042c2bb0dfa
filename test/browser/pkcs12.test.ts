/** The same code in a browser: each file of the corpora comes to what it comes to in Node and to what its index says. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type OwnEntry,
  ownEntries,
  ownFile,
  type SharedEntry,
  sharedEntries,
  sharedFile,
} from '../credentials/pkcs12/support/entries.ts'
import { otherwise } from '../credentials/pkcs12/support/judged.ts'
import { distinct } from '../credentials/pkcs12/support/outcome.ts'
import { describeWith } from '../support/tools.ts'
import { openBareNode } from './support/bare-node.ts'
import { type BundleFile, bundle } from './support/bundle.ts'
import { openChromium } from './support/chromium.ts'
import type { Host } from './support/host.ts'
import { jobs } from './support/jobs.ts'
import type { Held, Passwords } from './support/reading.ts'

/**
 * Files of keys whose public half WebCrypto does not compute. They are read, the key is the same to the byte; its
 * certificate is found by localKeyId, and a note says so.
 */
const NO_PUBLIC_HALF = { chromium: /-(dsa|ed448|secp256k1)\.p12$/, node: /-(dsa|secp256k1)\.p12$/ }

/** What WebCrypto has not, nor a library that is loaded there. */
const NODE_ONLY = /camellia/

describeWith('chromium', 'PKCS#12 in Chromium', () => suite(openChromium, NO_PUBLIC_HALF.chromium))
describe("PKCS#12 in a Node without Node's own", () => suite(openBareNode, NO_PUBLIC_HALF.node))

function suite(open: (files: readonly BundleFile[]) => Promise<Host>, noPublicHalf: RegExp): void {
  let host: Host
  beforeAll(async () => {
    host = await open(await bundle())
    await host.run('platform')
  })
  afterAll(async () => {
    await host.close()
    expect(host.complaints).toEqual([])
  })

  it.each(ownEntries)('$file ($class)', async (entry) => {
    const base64 = readFileSync(ownFile(entry.file)).toString('base64')
    const [here, there] = await Promise.all([
      outcome(jobs.openPkcs12(base64, passwordsOf(entry))),
      outcome(host.run('openPkcs12', base64, passwordsOf(entry))),
    ])
    if (NODE_ONLY.test(entry.file)) return expect(there).toBe('ERR_CREDENTIAL_UNSUPPORTED')
    expect(there).toEqual(noPublicHalf.test(entry.file) ? withoutPublicHalf(here) : here)
    if (entry.code !== undefined) expect(there).toBe(entry.code)
    else expect(fingerprints(there)).toEqual({ keys: distinct(entry.keys), certs: distinct(entry.certs) })
  })
}

const SHARED = sharedEntries.filter(({ file, expect }) => {
  return ['ok', 'ok-legacy', 'special'].includes(expect) && !(file in otherwise) && !NODE_ONLY.test(file)
})

describeWith('chromium', 'the shared PKCS#12 files in Chromium', () => {
  let host: Host
  beforeAll(async () => {
    host = await openChromium(await bundle())
  })
  afterAll(async () => {
    await host.close()
    expect(host.complaints).toEqual([])
  })

  it.each(SHARED)('$file', async (entry) => {
    const base64 = readFileSync(sharedFile(entry.file)).toString('base64')
    const there = await outcome(host.run('openPkcs12', base64, passwordsOf(entry)))
    expect(fingerprints(there)).toEqual({ keys: distinct(entry.keys), certs: distinct(entry.certs) })
  })
})

type SomeEntry = OwnEntry | SharedEntry

function passwordsOf(entry: SomeEntry): Passwords {
  const others =
    'note' in entry
      ? { keyPassword: entry.key_password, macPassword: entry.mac_password }
      : { keyPassword: entry.keyPassword, macPassword: entry.macPassword }
  const allowMissingMac = 'note' in entry || entry.noMac === true
  return { password: entry.password, ...others, allowMissingMac }
}

/** What a file holds, or the code of the error. */
async function outcome(opened: Promise<Held>): Promise<Held | string> {
  try {
    return await opened
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

function withoutPublicHalf(outcome: Held | string): unknown {
  if (typeof outcome === 'string') return outcome
  const { keys, rest } = outcome
  const notes = [expect.stringMatching(/^The public key of a private key \(.*\) is not known/)]
  return {
    ...outcome,
    keys: keys.map((key) => ({ ...key, name: expect.any(String), fingerprint: null })),
    rest: { ...rest, notes },
  }
}

/** As the indexes have them; where there is no public key its certificate's stands for it. */
function fingerprints(outcome: Held | string): unknown {
  if (typeof outcome === 'string') return outcome
  const keys = outcome.keys.map(({ fingerprint, ofCertificate }) => fingerprint ?? ofCertificate)
  return { keys: distinct(keys.map(String)), certs: distinct(outcome.certificates) }
}
