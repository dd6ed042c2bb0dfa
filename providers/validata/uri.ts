import { SignerError } from '../../src/errors.ts'
import type { ValidataSettings } from './options.ts'

type Setting = keyof ValidataSettings
type Read = (text: string) => unknown

/** The attributes of a URI: what each sets, and how its value is read. */
const ATTRIBUTES: Readonly<Record<string, readonly [setting: Setting, read: Read, repeated?: true]>> = {
  profile: ['profile', text],
  tool: ['tool', text],
  family: ['family', oneOf('RSA', 'GOST')],
  'registry-profiles': ['registry', truth],
  'send-certificate': ['sendCertificate', truth],
  silent: ['silent', truth],
  algorithm: ['algorithm', text],
  certificate: ['certificate', text],
  extra: ['extraArguments', text, true],
  argument: ['arguments', text, true],
  prefix: ['prefix', text, true],
  'working-directory': ['workingDirectory', text],
  'temporary-folder': ['temporaryFolder', text],
  'temporary-folder-seen-as': ['temporaryFolderSeenAs', text],
  timeout: ['timeout', duration],
  'output-wait': ['outputWait', duration],
  concurrency: ['concurrency', number],
}

/**
 * Reads a `validata:` URI: attributes with `;` between them, `name=value`, values percent-encoded as UTF-8
 * (RFC 3986 section 2.1). `;`, `%`, `?` and `#` in a value must be encoded, letters of any script, spaces and
 * backslashes may stand as they are. `extra`, `argument` and `prefix` may be repeated, one for each argument;
 * times are `500ms` or `30s`, switches `true` or `false`. There is none for a password.
 *
 * @throws SignerError `ERR_SIGNER_URI`; values are not repeated in it
 * @example
 * ```ts
 * import { parseValidataUri } from 'sealkit/providers/validata'
 * parseValidataUri('validata:profile=Ivanov;tool=/opt/Validata/zpki1utl;timeout=30s').timeout // 30000
 * ```
 */
export function parseValidataUri(uri: string): ValidataSettings {
  if (typeof uri !== 'string') throw new TypeError('a validata: URI is a string')
  const body = /^validata:([\s\S]*)$/i.exec(uri)?.[1]
  if (body === undefined) throw malformed('it does not begin with validata:')
  const settings: Record<string, unknown> = {}
  for (const attribute of body === '' ? [] : body.split(';')) readAttribute(attribute, settings)
  return settings
}

/**
 * Writes settings as a URI that {@link parseValidataUri} reads.
 *
 * @throws TypeError for a certificate that is not the name of a file
 * @example
 * ```ts
 * import { formatValidataUri } from 'sealkit/providers/validata'
 * formatValidataUri({ profile: 'Иванов И.', prefix: ['wine'] }) // validata:profile=%D0%98…;prefix=wine
 * ```
 */
export function formatValidataUri(settings: ValidataSettings): string {
  const parts = Object.entries(ATTRIBUTES).flatMap(([name, [setting, read]]) => {
    const value = settings[setting]
    if (value === undefined) return []
    if (setting === 'certificate' && typeof value !== 'string') {
      throw new TypeError('certificate must be the name of a file to stand in a URI')
    }
    const values = Array.isArray(value) ? (value as unknown[]) : [value]
    return values.map((each) => `${name}=${encodeURIComponent(read === duration ? `${each}ms` : `${each}`)}`)
  })
  return `validata:${parts.join(';')}`
}

function readAttribute(attribute: string, settings: Record<string, unknown>): void {
  const equals = attribute.indexOf('=')
  if (equals < 1) throw malformed('an attribute is not name=value')
  const name = attribute.slice(0, equals)
  const known = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
  if (known === undefined) throw unknown(name)
  const [setting, read, repeated] = known
  let value: unknown
  try {
    value = read(decode(attribute.slice(equals + 1)))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw malformed(`${name} ${error.message}`)
  }
  const before = settings[setting] as unknown[] | undefined
  if (before !== undefined && repeated !== true) throw malformed(`${name} stands twice`)
  settings[setting] = repeated === true ? [...(before ?? []), value] : value
}

function decode(value: string): string {
  if (value === '') throw new RangeError('has no value')
  if (/[?#\p{Cc}\p{Surrogate}]/u.test(value))
    throw new RangeError('has a character that must be percent-encoded')
  if (/%(?![0-9A-Fa-f]{2})/.test(value))
    throw new RangeError('has a % that begins no percent-encoding: write %25')
  try {
    return decodeURIComponent(value)
  } catch {
    throw new RangeError('is not percent-encoded UTF-8')
  }
}

function text(value: string): string {
  if (/\p{Cc}/u.test(value)) throw new RangeError('has a control character')
  return value
}

function truth(value: string): boolean {
  return oneOf('true', 'false')(value) === 'true'
}

function number(value: string): number {
  if (!/^[1-9]\d{0,9}$/.test(value)) throw new RangeError('is not a number')
  return Number(value)
}

function duration(value: string): number {
  const [, digits, unit] = /^(0|[1-9]\d{0,6})(ms|s)$/.exec(value) ?? []
  if (digits === undefined) throw new RangeError('is not a time such as 500ms or 30s')
  return Number(digits) * (unit === 's' ? 1000 : 1)
}

function oneOf(...values: readonly string[]): (value: string) => string {
  return (value) => {
    if (values.includes(value)) return value
    throw new RangeError(`must be ${values.join(' or ')}`)
  }
}

/** The name is repeated where it looks like one: it may be something else that was pasted. */
function unknown(name: string): SignerError {
  if (/^(password|passwd|pass|pin|pin-value|pin-source)$/i.test(name)) {
    const hint = 'let the cryptographic service provider keep it, or be asked by it'
    return new SignerError('ERR_SIGNER_URI', 'validata: URI: it takes no password and no PIN', { hint })
  }
  return malformed(`no attribute ${/^[a-z-]{1,30}$/.test(name) ? name : 'of such a name'}`)
}

function malformed(message: string): SignerError {
  const hint = `write validata:profile=NAME;tool=PATH with % and ; percent-encoded; attributes are ${Object.keys(ATTRIBUTES).join(', ')}`
  return new SignerError('ERR_SIGNER_URI', `validata: URI: ${message}`, { hint })
}
