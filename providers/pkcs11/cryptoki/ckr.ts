import { TokenError, type TokenErrorCode } from '../../../src/errors.ts'

/** Return values of PKCS#11 that something hangs on. */
export const CKR = {
  SLOT_ID_INVALID: 0x3,
  FUNCTION_FAILED: 0x6,
  ATTRIBUTE_SENSITIVE: 0x11,
  ATTRIBUTE_TYPE_INVALID: 0x12,
  DEVICE_ERROR: 0x30,
  DEVICE_REMOVED: 0x32,
  FUNCTION_CANCELED: 0x50,
  FUNCTION_NOT_SUPPORTED: 0x54,
  KEY_HANDLE_INVALID: 0x60,
  KEY_TYPE_INCONSISTENT: 0x63,
  KEY_FUNCTION_NOT_PERMITTED: 0x68,
  MECHANISM_INVALID: 0x70,
  MECHANISM_PARAM_INVALID: 0x71,
  OBJECT_HANDLE_INVALID: 0x82,
  OPERATION_NOT_INITIALIZED: 0x91,
  PIN_INCORRECT: 0xa0,
  PIN_INVALID: 0xa1,
  PIN_LEN_RANGE: 0xa2,
  PIN_EXPIRED: 0xa3,
  PIN_LOCKED: 0xa4,
  SESSION_CLOSED: 0xb0,
  SESSION_COUNT: 0xb1,
  SESSION_HANDLE_INVALID: 0xb3,
  SESSION_READ_ONLY: 0xb5,
  TOKEN_NOT_PRESENT: 0xe0,
  TOKEN_NOT_RECOGNIZED: 0xe1,
  TOKEN_WRITE_PROTECTED: 0xe2,
  USER_ALREADY_LOGGED_IN: 0x100,
  USER_NOT_LOGGED_IN: 0x101,
  USER_PIN_NOT_INITIALIZED: 0x102,
  USER_ANOTHER_ALREADY_LOGGED_IN: 0x104,
  CRYPTOKI_NOT_INITIALIZED: 0x190,
  CRYPTOKI_ALREADY_INITIALIZED: 0x191,
} as const

/** What a module answered. */
export interface Answer {
  readonly code: number
  /** `CKR_PIN_INCORRECT`; with the number for a vendor's own. */
  readonly name: string
}

/**
 * Reads the return value out of what pkcs11js threw. C_FindObjects throws a plain Error, and unknown values go by one
 * name: so the number counts, which stands in the message or in `code`.
 */
export function answerOf(error: unknown): Answer | undefined {
  if (!(error instanceof Error)) return undefined
  const found = /\b(CKR_\w+)(?::(\d+))?/.exec(error.message)
  if (found === null) return undefined
  const code = Number(found[2] ?? (error as { code?: unknown }).code)
  if (!Number.isFinite(code)) return undefined
  const name = found[1] as string
  return { code, name: name === 'CKR_VENDOR_DEFINED' ? `${name} (0x${code.toString(16)})` : name }
}

/** Whether a module answered one of these. */
export function answered(error: unknown, ...codes: readonly number[]): boolean {
  const answer = answerOf(error)
  return answer !== undefined && codes.includes(answer.code)
}

/** The session, the login or the object is gone; the token may be there. */
const LOST_SESSION: readonly number[] = [
  CKR.SESSION_HANDLE_INVALID,
  CKR.SESSION_CLOSED,
  CKR.USER_NOT_LOGGED_IN,
  CKR.OBJECT_HANDLE_INVALID,
  CKR.KEY_HANDLE_INVALID,
]
/** The token, the reader, the server behind the module or the module's own state is gone. */
const LOST_TOKEN: readonly number[] = [
  CKR.DEVICE_ERROR,
  CKR.DEVICE_REMOVED,
  CKR.TOKEN_NOT_PRESENT,
  CKR.TOKEN_NOT_RECOGNIZED,
  CKR.SLOT_ID_INVALID,
  CKR.CRYPTOKI_NOT_INITIALIZED,
]

/** Whether the token was lost, so that it is worth finding it again; never for what a PIN is to blame for. */
export function isLoss(error: unknown): boolean {
  return answered(error, ...LOST_SESSION, ...LOST_TOKEN)
}

/** Whether more than the session was lost. */
export function isTokenLoss(error: unknown): boolean {
  return answered(error, ...LOST_TOKEN)
}

/** What a module would answer to handles from before it was started anew; it is not asked, since they may be others' now. */
export function staleHandle(): Error {
  return new Error(`CKR_SESSION_HANDLE_INVALID:${CKR.SESSION_HANDLE_INVALID}`)
}

/** Makes a typed error of what a module answered; other errors stay as they are. */
export function tokenError(
  error: unknown,
  doing: string,
  code: TokenErrorCode = 'ERR_TOKEN_FAILED',
  hint?: string,
): unknown {
  const answer = answerOf(error)
  if (answer === undefined) return error
  return new TokenError(code, `${doing}: the token's module answered ${answer.name}`, {
    hint: hint ?? HINTS.get(answer.code),
    cause: error,
    ckr: answer.name,
  })
}

const HINTS: ReadonlyMap<number, string> = new Map<number, string>([
  [CKR.SESSION_COUNT, 'the token has no more sessions: close other programs that use it'],
  [CKR.KEY_FUNCTION_NOT_PERMITTED, 'the key may not sign (CKA_SIGN): take the one for signing'],
  [CKR.DEVICE_ERROR, 'is the token plugged in, and its service (pcscd, a vendor daemon) running?'],
  [CKR.TOKEN_NOT_PRESENT, 'put the token in'],
  [CKR.DEVICE_REMOVED, 'put the token in again'],
  [CKR.FUNCTION_FAILED, 'the vendor’s own program may tell more; try it with the same token'],
])
