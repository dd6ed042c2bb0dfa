import { decodeBase64 } from '../../../src/asn1/index.ts'
import type { CompleteAsk, PrepareAsk, SignAsk, SignCalls, VerifyAsk } from '../sign-api.ts'
import { values } from './asks.ts'
import type { Configuration } from './platform-profile.ts'
import { problemOf } from './problem.ts'
import { badRequest, Refusal } from './refusal.ts'
import { completeSignature, prepareSignature, signOnServer, verifySignature } from './sign-verify.ts'

type Given = Readonly<Record<string, unknown>>
type Handlers = Readonly<Record<keyof SignCalls, (ask: Given, signal: AbortSignal) => Promise<object>>>

/** Signing and verifying, below `/api/`. */
export function signHandlers({ file, env }: Configuration): Handlers {
  return {
    'sign-prepare': (ask) => judged(() => prepareSignature(prepareAsk(ask))),
    'sign-complete': (ask) => judged(() => completeSignature(completeAsk(ask))),
    sign: (ask, signal) => judged(() => signOnServer(signAsk(ask), { file, env, signal })),
    verify: (ask, signal) => judged(() => verifySignature(verifyAsk(ask), { signal })),
  }
}

/** Whether a question brings a whole content or message. */
export function isSigning(name: string): boolean {
  return /^(sign(-prepare|-complete)?|verify)$/.test(name)
}

/** What the person can do something about is 422; a fault of ours 500. */
async function judged(work: () => Promise<object>): Promise<object> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) throw error
    const problem = problemOf(error, 'moex')
    throw new Refusal(problem.code === 'ERR_SUPPORT_INTERNAL' ? 500 : 422, problem, {}, error)
  }
}

function prepareAsk(given: Given): PrepareAsk {
  const { detached } = given
  if (typeof detached !== 'boolean') throw badRequest('detached must be true or false.')
  return {
    content: base64(given, 'content'),
    certificate: base64(given, 'certificate'),
    chain: list(given, 'chain'),
    detached,
  }
}

function completeAsk(given: Given): CompleteAsk {
  const { state } = given
  if (typeof state !== 'string') throw badRequest('state must be a text.')
  return { state, signature: base64(given, 'signature'), content: base64(given, 'content') }
}

function signAsk(given: Given): SignAsk {
  const { profile } = given
  if (profile !== undefined && typeof profile !== 'string') throw badRequest('profile must be a text.')
  const settings = values(given, 'settings')
  return { content: base64(given, 'content'), profile, settings, secrets: values(given, 'secrets') }
}

function verifyAsk(given: Given): VerifyAsk {
  const { system, anyUse, content } = given
  if (typeof anyUse !== 'boolean') throw badRequest('anyUse must be true or false.')
  if (typeof system !== 'boolean') throw badRequest('system must be true or false.')
  return {
    signature: base64(given, 'signature'),
    content: content === undefined ? undefined : base64(given, 'content'),
    authorities: list(given, 'authorities'),
    system,
    anyUse,
  }
}

function base64(given: Given, name: string): string {
  const value = given[name]
  if (typeof value === 'string' && decodeBase64(value) !== undefined) return value
  throw badRequest(`${name} must be base64.`)
}

function list(given: Given, name: string): string[] {
  const value = given[name]
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string' && decodeBase64(each))
  if (!isList) throw badRequest(`${name} must be a list of base64.`)
  return value
}
