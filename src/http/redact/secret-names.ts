/** Whether a field, parameter or header of this name holds a secret: by its letters, in any case, with `-` or `_`. */
export function isSecretName(name: string): boolean {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return WHOLE.has(letters) || ENDINGS.some((ending) => letters.endsWith(ending))
}

/** The authorization code of RFC 6749 section 4.1.2; elsewhere a `code` is an error's. */
export function isSecretParameter(name: string): boolean {
  return name.toLowerCase() === 'code' || isSecretName(name)
}

const ENDINGS: readonly string[] = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'secret',
  'token',
  'apikey',
  'privatekey',
  'assertion',
  'sessionid',
  'sessionstate',
]

/** `certificate` and `signature` are MOEX's fields: the passport token and what logs in with it. */
const WHOLE: ReadonlySet<string> = new Set([
  'authorization',
  'certificate',
  'codeverifier',
  'cookie',
  'credential',
  'credentials',
  'devicecode',
  'jwt',
  'micexpassportcert',
  'pass',
  'pin',
  'proxyauthorization',
  'pwd',
  'samlresponse',
  'setcookie',
  'signature',
])
