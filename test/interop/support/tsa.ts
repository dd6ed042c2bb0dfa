/** A time-stamping authority (RFC 3161): `openssl ts -reply`. */
import { readFile } from 'node:fs/promises'
import { elements } from './forge.ts'
import { type Hash, shortHash } from './peer.ts'
import type { Pki } from './pki.ts'
import { mustRun, withFolder } from './run.ts'

export interface TsaOptions {
  /** The imprint digests it takes; others get a response with badAlg. */
  readonly digests?: readonly Hash[]
  /** The only policy it has; a query for another one gets unacceptedPolicy. */
  readonly policy?: string
  /** The digest of its own signature. */
  readonly hash?: Hash
  /** Changes the query before the TSA sees it, so that the response is for another one. */
  readonly rewrite?: (query: Uint8Array) => Uint8Array
}

export const tsaPolicy = '1.3.6.1.4.1.99999.1'

/** Takes a TimeStampReq, gives a TimeStampResp, both DER. */
export type Tsa = (query: Uint8Array) => Promise<Uint8Array>

const config = (options: TsaOptions): string => `
[tsa]
default_tsa = main
[main]
serial = serial
signer_digest = ${shortHash(options.hash ?? 'SHA-256')}
default_policy = ${options.policy ?? tsaPolicy}
digests = ${(options.digests ?? ['SHA-256', 'SHA-384', 'SHA-512']).map(shortHash).join(', ')}
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

/** A responder. A refusal is a response too: it is in the PKIStatusInfo, not in an exception. */
export function openTsa(pki: Pki, options: TsaOptions = {}): Tsa {
  return (query) =>
    withFolder(async (folder) => {
      await folder.put('tsa.cnf', config(options))
      await folder.put('query', options.rewrite?.(query) ?? query)
      const { keyFile, certificateFile } = pki.tsa
      const identity = [
        '-signer',
        certificateFile,
        '-inkey',
        keyFile,
        '-chain',
        pki.intermediate.certificateFile,
      ]
      const args = [
        'ts',
        '-reply',
        '-config',
        'tsa.cnf',
        '-queryfile',
        'query',
        ...identity,
        '-out',
        'response',
      ]
      // The serial file is named relative to the folder, so that responders do not share it.
      await mustRun('openssl', args, { cwd: folder.path })
      return new Uint8Array(await readFile(folder.at('response')))
    })
}

export interface QueryOptions {
  readonly hash?: Hash
  readonly policy?: string
}

/** A query as OpenSSL writes it, with a nonce and asking for the certificate. */
export async function makeQuery(data: Uint8Array, options: QueryOptions = {}): Promise<Uint8Array> {
  return withFolder(async (folder) => {
    const file = await folder.put('data', data)
    const policy = options.policy === undefined ? [] : ['-tspolicy', options.policy]
    const hash = `-${shortHash(options.hash ?? 'SHA-256')}`
    const { stdout } = await mustRun('openssl', ['ts', '-query', '-data', file, hash, '-cert', ...policy])
    return new Uint8Array(stdout)
  })
}

/** The TimeStampToken within a granted response. */
export async function tokenOf(response: Uint8Array): Promise<Uint8Array> {
  return withFolder(async (folder) => {
    const file = await folder.put('response', response)
    const { stdout } = await mustRun('openssl', ['ts', '-reply', '-in', file, '-token_out'])
    return new Uint8Array(stdout)
  })
}

/** The response as text: "Status: Granted.", the failure info, the TSTInfo. */
export async function printResponse(response: Uint8Array): Promise<string> {
  return withFolder(async (folder) => {
    const file = await folder.put('response', response)
    return (await mustRun('openssl', ['ts', '-reply', '-in', file, '-text'])).stdout.toString()
  })
}

/** The TSTInfo (DER) within a token. */
export function tstInfoOf(token: Uint8Array): Uint8Array {
  /** ContentInfo -> [0] -> SignedData -> encapContentInfo -> [0] -> OCTET STRING */
  const path = [1, 0, 2, 1, 0]
  const found = path.reduce((element, index) => elements(element)[index] ?? element, token)
  const length = found[1] ?? 0
  return found.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f))
}
