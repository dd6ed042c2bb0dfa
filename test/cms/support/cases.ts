/** What a case of the table of reasons is made of. */
import {
  type ReasonCode,
  type SignerReport,
  type VerifyOptions,
  type VerifyResult,
  verify,
} from '../../../src/cms/index.ts'
import { CONTENT } from './forge.ts'

export interface Case {
  name: string
  message: () => Uint8Array
  /** The checks of the signer that fail. No other may. */
  failed: readonly string[]
  options?: () => VerifyOptions
  /** The signer that the case is about. Default: the message's first. */
  at?: (result: VerifyResult) => SignerReport | undefined
  /** Reason of the whole message, where that is another one. */
  over?: ReasonCode
}

/** Verifies a case with a trust function that says yes to everything. */
export async function runCase({ message, options }: Case): Promise<VerifyResult> {
  return await verify(message(), { content: CONTENT, trust: () => ({ trusted: true }), ...options?.() })
}

/** Names of the checks that failed. */
export function failedChecks(report: SignerReport | undefined): string[] {
  return (report?.checks ?? []).filter(({ outcome }) => outcome === 'failed').map(({ check }) => check)
}

/** Copies `bytes` with the only place that holds `from` changed to `to`, of the same length. */
export function replaceBytes(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes)
  const at = copy.indexOf(from)
  if (at < 0 || from.length !== to.length || copy.indexOf(from, at + 1) >= 0) throw new Error('no such place')
  copy.set(to, at)
  return new Uint8Array(copy)
}
