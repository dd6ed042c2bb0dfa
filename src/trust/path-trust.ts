import type { SignerReport, TrustContext, TrustFunction, TrustResult } from '../cms/index.ts'
import {
  CertificatePool,
  type PathProblem,
  type PathResult,
  type ValidatePathOptions,
  validatePath,
} from '../path/index.ts'
import type { Certificate } from '../x509/index.ts'
import { problemSentence } from './reasons.ts'

/**
 * Options of {@link pathTrust}: those of `validatePath`. `time` is the moment to judge at where no trusted timestamp
 * says another; `extendedKeyUsage` is for signers, the rule for timestamp authorities is fixed; `untrusted` is used
 * beside the certificates of the message.
 */
export type PathTrustOptions = Omit<ValidatePathOptions, 'purpose' | 'host' | 'signal'>

/** A stamp may be ahead of this machine's clock by so much. */
const CLOCK_SKEW = 5 * 60_000

/**
 * Path validation as the trust function of `verify` from `sealkit/cms`.
 *
 * A signer's certificate must be good for `cms-signer` at the time of a timestamp whose authority is trusted itself;
 * without one at `time`, or now. The signing-time attribute does not count: the signer writes there what it wants. A
 * timestamp authority must be good for `timestamping` both at the time of its stamp and at `time` or now: who gets hold
 * of the key of one that has expired could stamp into the past. To judge an old message, give as `time` a moment at
 * which it is known to have existed.
 *
 * @throws TypeError for options of other types, when the function is called
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { requireValid, verify } from 'sealkit/cms'
 * import { loadTrustStore, pathTrust } from 'sealkit/trust'
 * const { store, intermediates } = await loadTrustStore(['signers-ca.pem'])
 * const trust = pathTrust({ trust: store, untrusted: intermediates })
 * const result = await verify(readFileSync('token.sig'), { content: readFileSync('token.txt'), trust })
 * requireValid(result)
 * ```
 */
export function pathTrust(options: PathTrustOptions): TrustFunction {
  const own = options.untrusted === undefined ? [] : [...options.untrusted]
  return async (certificate, context) => {
    const { time = new Date(), revocation } = options
    const base = {
      ...options,
      untrusted: new CertificatePool([...context.certificates, ...own]),
      signal: context.signal,
      // What is known today counts for an old signature too.
      revocation: { ...revocation, time: revocation?.time ?? time },
    }
    const path =
      context.purpose === 'timestamping'
        ? await stampPath(certificate, context, time, base)
        : await validatePath(certificate, {
            ...base,
            purpose: 'cms-signer',
            time: context.time ?? time,
            revocation: { ...base.revocation, time: later(base.revocation.time, context.time) },
          })
    return answerOf(path)
  }
}

/** Good at both moments; the result is that for the stamp's. */
async function stampPath(
  certificate: Certificate,
  context: TrustContext,
  time: Date,
  { extendedKeyUsage: _, ...base }: Omit<ValidatePathOptions, 'purpose'>,
): Promise<PathResult> {
  const now = await validatePath(certificate, { ...base, purpose: 'timestamping', time })
  if (now.verdict !== 'valid' || context.time === undefined) return now
  if (+context.time > +time + CLOCK_SKEW) return refused(now, fromTheFuture(certificate, context.time, time))
  return await validatePath(certificate, { ...base, purpose: 'timestamping', time: context.time })
}

function later(one: Date, other: Date | undefined): Date {
  return other !== undefined && other > one ? other : one
}

function fromTheFuture(certificate: Certificate, stamped: Date, time: Date): PathProblem {
  const detail = `its stamp is of ${stamped.toISOString()}, later than ${time.toISOString()}, for which it is judged`
  return { reason: 'not-yet-valid', certificate, detail, hint: 'check the clock of this machine' }
}

function refused(path: PathResult, problem: PathProblem): PathResult {
  return { ...path, verdict: 'invalid', problem, policies: [], validUntil: undefined }
}

/** What {@link pathTrust} answers: with the path. */
type PathAnswer = TrustResult & { readonly path: PathResult }

function answerOf(path: PathResult): PathAnswer {
  const { problem } = path
  if (problem !== undefined) return { trusted: false, detail: problemSentence(problem), path }
  return { trusted: true, path }
}

/**
 * The path that {@link pathTrust} found or refused for a signer, or for the authority of a timestamp (its `signer`).
 *
 * @returns undefined where it was not asked: without it, or where the signature itself is not good
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { verify } from 'sealkit/cms'
 * import { describePath, loadTrustStore, pathOf, pathTrust } from 'sealkit/trust'
 * const { store, intermediates } = await loadTrustStore(['system'])
 * const trust = pathTrust({ trust: store, untrusted: intermediates })
 * const { signers } = await verify(readFileSync('token.sig'), { content: readFileSync('token.txt'), trust })
 * for (const path of signers.map(pathOf)) if (path !== undefined) console.log(describePath(path))
 * ```
 */
export function pathOf({ trust }: SignerReport): PathResult | undefined {
  return trust !== undefined && 'path' in trust ? (trust as PathAnswer).path : undefined
}
