import { TokenError, type TokenErrorCode } from '../../../src/errors.ts'
import { printable } from '../../../src/x509/printable.ts'
import { answered, answerOf, CKR, staleHandle, tokenError } from '../cryptoki/ckr.ts'
import { CKF, CKU } from '../cryptoki/constants.ts'
import type { Handle } from '../cryptoki/interface.ts'
import { settleOrAbort } from '../key/abort.ts'
import type { PinRequest, PinSource } from './pin.ts'
import { readToken, type TokenInfo, type TokenSlot } from './token.ts'
import { tokenUri } from './token-uri.ts'
import { countTry, wrongPinsOf } from './wrong-pins.ts'

/** How a login is made. */
export interface LoginOptions {
  readonly pins: PinSource
  /** Logs in although one more wrong PIN would lock the token. */
  readonly useFinalTry: boolean
  readonly signal: AbortSignal | undefined
}

/** CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS. */
const LOGGED_IN: readonly number[] = [1, 3]

/** Whether this program has logged in to the token, by whatever session. */
export function isLoggedIn({ module }: TokenSlot, session: Handle): boolean {
  return LOGGED_IN.includes(module.cryptoki.C_GetSessionInfo(session).state)
}

/**
 * Logs in to a token. The PIN is asked for once and tried once.
 *
 * @throws TokenError `ERR_TOKEN_PIN_*`; what the module answers as pkcs11js throws it, where the token was lost
 */
export async function logIn(slot: TokenSlot, session: Handle, options: LoginOptions): Promise<void> {
  const { module } = slot
  const { generation } = module
  const pin = await askPin(slot, 'login', options)
  // Meanwhile the module may have been started anew: this session, and this slot, may be another token's now.
  if (generation !== module.generation) throw staleHandle()
  checkTriesNow(slot, options)
  enterPin(slot, session, CKU.USER, pin)
}

/**
 * Gets the PIN of a token, unless a try of it is too dear. For one with a PIN pad there is nothing to ask: pkcs11js
 * cannot pass NULL, as the standard wants it then, so it is the empty PIN.
 */
export async function askPin(
  slot: TokenSlot,
  purpose: PinRequest['purpose'],
  { pins, useFinalTry, signal }: LoginOptions,
): Promise<string> {
  const token = readToken(slot)
  checkTries(token, useFinalTry)
  if ((token.flags & CKF.PROTECTED_AUTHENTICATION_PATH) !== 0) return ''
  const triesLeft = triesOf(token)
  const request = { purpose, token: token.label, tokenUri: tokenUri(token), triesLeft, signal }
  return await settleOrAbort(pins.ask(request), signal)
}

/**
 * While a PIN was asked for, others may have been tried: it is checked again, in the turn of the event loop that tries
 * it.
 */
export function checkTriesNow(slot: TokenSlot, { useFinalTry }: LoginOptions): void {
  checkTries(readToken(slot), useFinalTry)
}

/** Tries the PIN, in the same turn of the event loop as what it is for. */
export function enterPin(slot: TokenSlot, session: Handle, user: number, pin: string): void {
  try {
    slot.module.cryptoki.C_Login(session, user, pin)
    countTry(tokenUri(slot.token as TokenInfo), true)
  } catch (error) {
    // NSS answers so to the login for one signature too.
    if (!answered(error, CKR.USER_ALREADY_LOGGED_IN)) throw refusal(error, slot)
  }
}

/** Some tokens' flags never tell that tries run out; the usual limit is three, so after two no more are made. */
const MAX_WRONG = 2

function triesOf({ flags }: TokenInfo): PinRequest['triesLeft'] {
  if ((flags & CKF.USER_PIN_FINAL_TRY) !== 0) return 'one'
  return (flags & CKF.USER_PIN_COUNT_LOW) === 0 ? 'unknown' : 'few'
}

function checkTries(token: TokenInfo, useFinalTry: boolean): void {
  if ((token.flags & CKF.USER_PIN_LOCKED) !== 0) throw locked(token)
  if (useFinalTry) return
  if (triesOf(token) === 'one') throw finalTry(token.label, 'one more wrong PIN locks it')
  checkWrongPins(token.label, tokenUri(token))
}

/** @throws TokenError `ERR_TOKEN_PIN_FINAL_TRY` after two wrong PINs */
export function checkWrongPins(label: string, uri: string): void {
  const tried = wrongPinsOf(uri)
  if (tried >= MAX_WRONG)
    throw finalTry(label, `${tried} wrong PINs were tried by this program, and a third may lock it`)
}

function finalTry(label: string, why: string): TokenError {
  const hint =
    'log in once with the right PIN by another program, or allow it here: useFinalTry (--use-final-try)'
  return new TokenError(
    'ERR_TOKEN_PIN_FINAL_TRY',
    `no PIN was tried for the token "${printable(label)}": ${why}`,
    {
      hint,
    },
  )
}

function locked({ label }: TokenInfo, cause?: unknown): TokenError {
  const hint = 'the security officer of the token can set a new PIN (PUK, SO PIN)'
  const ckr = answerOf(cause)?.name
  return new TokenError('ERR_TOKEN_PIN_LOCKED', `the PIN of the token "${printable(label)}" is locked`, {
    hint,
    cause,
    ckr,
  })
}

const REFUSALS: ReadonlyMap<number, readonly [TokenErrorCode, string, string]> = new Map([
  [CKR.PIN_LEN_RANGE, ['ERR_TOKEN_PIN_WRONG', 'has not the length of a PIN of this token', '']],
  [
    CKR.PIN_EXPIRED,
    ['ERR_TOKEN_PIN_UNUSABLE', 'has expired', 'set a new PIN with the program of the token’s vendor'],
  ],
  [
    CKR.USER_PIN_NOT_INITIALIZED,
    ['ERR_TOKEN_PIN_UNUSABLE', 'was never set', 'set the user PIN with the program of the token’s vendor'],
  ],
  [
    CKR.FUNCTION_CANCELED,
    ['ERR_TOKEN_PIN_REQUIRED', 'was not entered on the PIN pad', 'try again, and enter it'],
  ],
])

function refusal(error: unknown, slot: TokenSlot): unknown {
  const { label = '' } = slot.token ?? {}
  if (answered(error, CKR.PIN_LOCKED)) return locked(slot.token as TokenInfo, error)
  if (answered(error, CKR.PIN_INCORRECT, CKR.PIN_INVALID)) return wrong(error, slot)
  if (answered(error, CKR.USER_ANOTHER_ALREADY_LOGGED_IN)) {
    const hint = 'end the program that uses the token as security officer'
    return tokenError(error, `cannot log in to the token "${printable(label)}"`, 'ERR_TOKEN_FAILED', hint)
  }
  const answer = answerOf(error)
  const known = answer && REFUSALS.get(answer.code)
  if (known === undefined) return error
  const [code, what, hint] = known
  const message = `the PIN of the token "${printable(label)}" ${what}`
  return new TokenError(code, message, { hint: hint || undefined, cause: error, ckr: answer?.name })
}

function wrong(cause: unknown, slot: TokenSlot): TokenError {
  const token = slot.token as TokenInfo
  countTry(tokenUri(token), false)
  const left = { unknown: '', few: '; few tries are left', one: '; one try is left' }[triesNow(slot)]
  const hint = `it was tried once and is not tried again${left}`
  const message = `wrong PIN for the token "${printable(token.label)}"`
  return new TokenError('ERR_TOKEN_PIN_WRONG', message, { hint, cause, ckr: answerOf(cause)?.name })
}

function triesNow(slot: TokenSlot): PinRequest['triesLeft'] {
  try {
    return triesOf(readToken(slot))
  } catch {
    return 'unknown'
  }
}
