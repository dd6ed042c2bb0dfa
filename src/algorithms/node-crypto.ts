import { AlgorithmError } from '../errors.ts'

type NodeCrypto = typeof import('node:crypto')

/** `node:crypto` where the code runs in Node; undefined in a browser. No import: bundlers need no stand-in for it. */
export const nodeCrypto: NodeCrypto | undefined = (
  globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
).process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined

/**
 * `node:crypto`, for what has no other way.
 *
 * @param what cannot be done without it, for the error
 * @throws AlgorithmError `ERR_ALGORITHM_UNAVAILABLE` in a browser
 */
export function needNodeCrypto(what: string): NodeCrypto {
  if (nodeCrypto !== undefined) return nodeCrypto
  const hint = 'do it in Node'
  throw new AlgorithmError('ERR_ALGORITHM_UNAVAILABLE', `${what} is not available in a browser`, { hint })
}
