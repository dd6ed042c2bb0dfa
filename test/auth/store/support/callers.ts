/** Fifty callers in a process of their own, who want a token at the same time: `node callers.js OPTIONS.json`. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { clearstreamClient } from '../../../../src/auth/clearstream/client.ts'
import { fileTokenStore } from '../../../../src/auth/store/file-store.ts'
import { createTransport } from '../../../../src/http/index.ts'

/** What stands in the file. */
export interface CallersOptions {
  readonly url: string
  readonly ca: string
  /** Certificate and key, in PEM. */
  readonly credential: string
  readonly username: string
  readonly password: string
  readonly folder: string
  readonly lease: number
}

/** What is said at the end, in JSON. */
export interface CallersReport {
  /** Hashes of the tokens, each once. */
  readonly tokens: readonly string[]
  readonly callers: number
  readonly warnings: readonly string[]
}

const options: CallersOptions = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const { url, ca, credential, username, password, folder, lease } = options
const warnings: string[] = []
const onWarning = (warning: string) => void warnings.push(warning)
const http = createTransport({ ca: Buffer.from(ca), credential: { certificate: credential }, proxy: 'none' })
const store = fileTokenStore({ folder, lease, onWarning })
const client = clearstreamClient({ url, username, password, http, store, onWarning })

process.stdout.write('started\n')
const tokens = await Promise.all(Array.from({ length: 50 }, () => client.token()))
const hashes = tokens.map(({ accessToken }) => createHash('sha256').update(accessToken).digest('hex'))
const report: CallersReport = { tokens: [...new Set(hashes)], callers: tokens.length, warnings }
process.stdout.write(`${JSON.stringify(report)}\n`)
await http.close()
