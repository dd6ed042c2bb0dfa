import { AuthError } from '../../errors.ts'
import { type StoredToken, tokenKeyId } from '../token-set.ts'
import type { TokenKey } from '../token-source.ts'
import type { Refusal, TokenEntry } from './token-store.ts'

/** Characters that a field may have: far above any token that fits an HTTP header. */
const MAX_LENGTH = 64 * 1024
/** Bytes that a stored entry may have: nine such fields, each character written as six. */
export const MAX_ENTRY_BYTES = 4 * 1024 * 1024

/** The form of what is written. A later form gets another number, and is not read by this one. */
const VERSION = 1

const ID = /^[A-Za-z0-9_-]{1,128}$/

export function isId(id: unknown): boolean {
  return typeof id === 'string' && ID.test(id)
}

/** @throws TypeError for what `tokenKeyId` cannot have made */
export function checkId(id: string): void {
  if (!isId(id)) throw new TypeError('id must be that of tokenKeyId')
}

/**
 * A copy that nobody can change.
 *
 * @throws TypeError for an entry of another shape, or of another id
 */
export function checkEntry(id: string, entry: TokenEntry): TokenEntry {
  checkId(id)
  try {
    const { key, token, refusal } = entry
    return readEntry(id, { version: VERSION, key, ...known({ token, refusal }) })
  } catch (error) {
    throw new TypeError(`entry: ${error instanceof AuthError ? error.message : 'must be an object'}`)
  }
}

/** What a file holds of an entry that was checked. */
export function writeEntry({ key, token, refusal }: TokenEntry): string {
  return `${JSON.stringify({ version: VERSION, key, token, refusal })}\n`
}

/**
 * Reads what `writeEntry` wrote: strictly, so that nothing of another form, and no entry of another id, is taken.
 *
 * @throws AuthError `ERR_AUTH_STORE`; its message names the field and shows no value
 */
export function parseEntry(id: string, bytes: Uint8Array): TokenEntry {
  if (bytes.length > MAX_ENTRY_BYTES) throw malformed('longer than any entry')
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    // The cause would quote the text.
    throw malformed('not JSON')
  }
  return readEntry(id, value)
}

function readEntry(id: string, value: unknown): TokenEntry {
  const fields = record(value, 'the entry', ['version', 'key'], ['token', 'refusal'])
  if (fields['version'] !== VERSION) throw malformed('of another version')
  const key = readKey(fields['key'])
  if (tokenKeyId(key) !== id) throw malformed('that of another key')
  const { token, refusal } = fields
  return Object.freeze({
    key,
    ...(token === undefined ? {} : { token: readToken(token) }),
    ...(refusal === undefined ? {} : { refusal: readRefusal(refusal) }),
  })
}

function readKey(value: unknown): TokenKey {
  const fields = record(value, 'key', ['platform', 'host', 'account', 'scope'], [])
  return Object.freeze({
    platform: text(fields, 'key', 'platform'),
    host: text(fields, 'key', 'host'),
    account: text(fields, 'key', 'account'),
    scope: text(fields, 'key', 'scope'),
  })
}

function readToken(value: unknown): StoredToken {
  const needed = ['accessToken', 'issuedAt', 'expiresAt']
  const fields = record(value, 'token', needed, ['refreshToken', 'scope', 'refreshExpiresAt'])
  const accessToken = text(fields, 'token', 'accessToken')
  if (accessToken === '') throw malformed('token.accessToken is empty')
  return Object.freeze({
    accessToken,
    ...(fields['refreshToken'] === undefined ? {} : { refreshToken: text(fields, 'token', 'refreshToken') }),
    ...(fields['scope'] === undefined ? {} : { scope: text(fields, 'token', 'scope') }),
    issuedAt: whole(fields, 'token', 'issuedAt'),
    expiresAt: whole(fields, 'token', 'expiresAt'),
    ...(fields['refreshExpiresAt'] === undefined
      ? {}
      : { refreshExpiresAt: whole(fields, 'token', 'refreshExpiresAt') }),
  })
}

function readRefusal(value: unknown): Refusal {
  const fields = record(value, 'refusal', ['at', 'until', 'count', 'code', 'message'], [])
  return Object.freeze({
    at: whole(fields, 'refusal', 'at'),
    until: whole(fields, 'refusal', 'until'),
    count: whole(fields, 'refusal', 'count'),
    code: text(fields, 'refusal', 'code'),
    message: text(fields, 'refusal', 'message'),
  })
}

type Fields = Readonly<Record<string, unknown>>

/** An object with these fields and no others. Those that are undefined count as missing. */
function record(
  value: unknown,
  name: string,
  needed: readonly string[],
  optional: readonly string[],
): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`${name} is no object`)
  }
  const fields = known(value)
  const missing = needed.find((field) => !Object.hasOwn(fields, field))
  if (missing !== undefined) throw malformed(`${name} has no ${missing}`)
  // Its name is not shown: it may be anything.
  const isKnown = (field: string) => needed.includes(field) || optional.includes(field)
  if (!Object.keys(fields).every(isKnown)) throw malformed(`${name} has an unknown field`)
  return fields
}

function known(value: object): Fields {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined))
}

function text(fields: Fields, name: string, field: string): string {
  const value = fields[field]
  if (typeof value !== 'string') throw malformed(`${name}.${field} is no string`)
  if (value.length > MAX_LENGTH) throw malformed(`${name}.${field} is too long`)
  return value
}

function whole(fields: Fields, name: string, field: string): number {
  const value = fields[field]
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw malformed(`${name}.${field} is no whole number`)
  }
  return value as number
}

function malformed(what: string): AuthError {
  const hint = 'remove the file: the next login makes a new one'
  return new AuthError('ERR_AUTH_STORE', `a stored token cannot be read: ${what}`, { hint })
}
