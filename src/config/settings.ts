/** The platforms that settings are for. */
export type Platform = 'moex' | 'clearstream'

/** Both, in the order of the documentation. */
export const PLATFORMS: readonly Platform[] = ['moex', 'clearstream']

/**
 * What a setting's value is: `path` is the name of a file or folder; `key` a file or a key URI; `module` a path or a
 * name; `path-or-url` a file or an https URL; `trust` one or several of file, folder, `system`, `node`; `origins` https
 * origins; `store` a folder or one of two words; `proxy` an http or https URL or one of two words; `secret` a reference
 * to a secret.
 */
export type SettingType =
  | 'text'
  | 'choice'
  | 'integer'
  | 'boolean'
  | 'url'
  | 'origins'
  | 'path'
  | 'path-or-url'
  | 'key'
  | 'module'
  | 'trust'
  | 'store'
  | 'proxy'
  | 'secret'

/** One setting as data: parser, environment names, flags, JSON schema and documentation are made of it. */
export interface SettingDefinition {
  /** In the file, in kebab-case: `client-id`. */
  readonly name: string
  readonly type: SettingType
  readonly platforms: readonly Platform[]
  /** Of a `choice`. */
  readonly values?: readonly string[]
  /** Of an `integer`. */
  readonly min?: number
  readonly max?: number
  /** Used where nothing else is said. */
  readonly default?: string | number | boolean
  /** What happens without it, where that is no value: for people. */
  readonly without?: string
  /** About the connection, not about who connects: may stand in `[defaults]`. */
  readonly shared?: true
  readonly summary: string
}

const MOEX = ['moex'] as const
const CLEARSTREAM = ['clearstream'] as const

/** Every setting. A name that means different things on the platforms has a row for each. */
export const SETTINGS: readonly SettingDefinition[] = [
  {
    name: 'environment',
    type: 'choice',
    platforms: MOEX,
    values: ['production', 'test'],
    default: 'production',
    summary: "which of MOEX's servers",
  },
  {
    name: 'environment',
    type: 'choice',
    platforms: CLEARSTREAM,
    values: ['production', 'occt'],
    default: 'production',
    summary: "which of Clearstream's servers; occt is pre-production",
  },
  {
    name: 'url',
    type: 'url',
    platforms: CLEARSTREAM,
    without: 'that of the environment',
    summary: 'another server: https://host',
  },
  {
    name: 'passport-url',
    type: 'url',
    platforms: MOEX,
    without: 'that of the environment',
    summary: 'where the passport token is asked for',
  },
  {
    name: 'token-url',
    type: 'url',
    platforms: MOEX,
    without: 'that of the environment',
    summary: 'where the access token is asked for',
  },
  {
    name: 'api-origins',
    type: 'origins',
    platforms: MOEX,
    without: 'those of the environment',
    summary: 'servers that may be sent the access token: https://host, or https://*.moex.com',
  },
  { name: 'login', type: 'text', platforms: MOEX, summary: 'login of MOEX Passport' },
  {
    name: 'username',
    type: 'text',
    platforms: CLEARSTREAM,
    summary: 'the API consumer: a000012345_00012345',
  },
  { name: 'password', type: 'secret', platforms: MOEX, summary: 'password of MOEX Passport' },
  { name: 'password', type: 'secret', platforms: CLEARSTREAM, summary: "the API consumer's password" },
  { name: 'client-id', type: 'text', platforms: MOEX, summary: 'id of the application, from MOEX' },
  { name: 'client-secret', type: 'secret', platforms: MOEX, summary: "the application's secret, from MOEX" },
  { name: 'scope', type: 'text', platforms: MOEX, summary: 'rights that are asked for: client_registration' },
  {
    name: 'scope',
    type: 'text',
    platforms: CLEARSTREAM,
    default: 'allow ocapi-playground-v1',
    summary: 'rights that are asked for, divided by blanks',
  },
  {
    name: 'key',
    type: 'key',
    platforms: MOEX,
    summary: 'the key that signs: a file (PEM, DER, PKCS#12), or the URI of a key in a token or of a program',
  },
  {
    name: 'key',
    type: 'path',
    platforms: CLEARSTREAM,
    without: 'in the file of `certificate`',
    summary: 'the key of mutual TLS: a file',
  },
  {
    name: 'certificate',
    type: 'path',
    platforms: MOEX,
    without: 'beside the key',
    summary: "the signer's certificate: a file",
  },
  {
    name: 'certificate',
    type: 'path',
    platforms: CLEARSTREAM,
    without: 'that of `credentials`',
    summary: 'the certificate of mutual TLS: a file (PEM, DER, PKCS#12)',
  },
  {
    name: 'key-password',
    type: 'secret',
    platforms: [...MOEX, ...CLEARSTREAM],
    summary: 'opens the file of the key',
  },
  {
    name: 'chain',
    type: 'path',
    platforms: MOEX,
    summary: "certificates of the signer's issuers: a file",
  },
  { name: 'pin', type: 'secret', platforms: MOEX, summary: 'PIN of the token that holds the key' },
  {
    name: 'module',
    type: 'module',
    platforms: MOEX,
    without: 'that of the URI, else all that are found',
    summary: "the token's PKCS#11 module: its path or its name",
  },
  {
    name: 'credentials',
    type: 'path',
    platforms: CLEARSTREAM,
    summary: "folder with Xact's files: ocapi-USER-ssl.pem, ocapi-USER-cacert.pem",
  },
  {
    name: 'tls-certificate',
    type: 'path',
    platforms: MOEX,
    without: 'no mutual TLS',
    summary: 'a certificate of mutual TLS: a file',
  },
  {
    name: 'tls-key',
    type: 'path',
    platforms: MOEX,
    without: 'in the file of `tls-certificate`',
    summary: 'its key: a file',
  },
  { name: 'tls-key-password', type: 'secret', platforms: MOEX, summary: 'opens the file of that key' },
  {
    name: 'jwks',
    type: 'path-or-url',
    platforms: CLEARSTREAM,
    without: 'claims are shown as unverified',
    summary: 'keys that access tokens are verified with: a file or an https URL',
  },
  {
    name: 'warn-days',
    type: 'integer',
    platforms: CLEARSTREAM,
    min: 0,
    max: 3650,
    default: 30,
    summary: "so many days before its end the certificate's expiry is warned of",
  },
  {
    name: 'passport-decode',
    type: 'boolean',
    platforms: MOEX,
    default: false,
    summary: 'percent-decode the passport token before it is signed and sent',
  },
  {
    name: 'ca',
    type: 'trust',
    platforms: PLATFORMS,
    without: "`system`; with `credentials`, the folder's -cacert.pem where there is one",
    shared: true,
    summary: 'authorities of the servers: files, folders, `system` or `node`',
  },
  {
    name: 'ca-password',
    type: 'secret',
    platforms: PLATFORMS,
    shared: true,
    summary: 'opens a PKCS#12 of `ca`',
  },
  {
    name: 'proxy',
    type: 'proxy',
    platforms: PLATFORMS,
    default: 'environment',
    shared: true,
    summary:
      'http://host:port or https://host:port; `environment` goes by HTTPS_PROXY and NO_PROXY, `none` connects directly',
  },
  { name: 'proxy-username', type: 'text', platforms: PLATFORMS, shared: true, summary: 'user of the proxy' },
  {
    name: 'proxy-password',
    type: 'secret',
    platforms: PLATFORMS,
    shared: true,
    summary: 'password of the proxy',
  },
  {
    name: 'no-proxy',
    type: 'text',
    platforms: PLATFORMS,
    shared: true,
    summary: 'hosts that are reached without `proxy`, as in NO_PROXY',
  },
  {
    name: 'timeout',
    type: 'integer',
    platforms: PLATFORMS,
    min: 1,
    max: 3600,
    default: 120,
    shared: true,
    summary: 'seconds for a request, retries included',
  },
  {
    name: 'retries',
    type: 'integer',
    platforms: PLATFORMS,
    min: 0,
    max: 10,
    default: 2,
    shared: true,
    summary: 'how often a request that is safe to repeat is made again',
  },
  {
    name: 'store',
    type: 'store',
    platforms: PLATFORMS,
    default: 'file',
    shared: true,
    summary: "where tokens are kept: `file` (the user's folder of states), `memory`, or a folder",
  },
  {
    name: 'user-agent',
    type: 'text',
    platforms: PLATFORMS,
    without: 'sealkit/VERSION',
    shared: true,
    summary: 'how the program calls itself',
  },
]

/** What must be there, for each platform: of each list one. */
export const REQUIRED: Readonly<Record<Platform, readonly (readonly string[])[]>> = {
  moex: [['login'], ['password'], ['client-id'], ['client-secret'], ['scope'], ['key']],
  clearstream: [['certificate', 'credentials'], ['username', 'credentials'], ['password']],
}

/** The settings of a platform, in their order. */
export function settingsOf(platform: Platform): SettingDefinition[] {
  return SETTINGS.filter(({ platforms }) => platforms.includes(platform))
}

/** The settings that may stand in `[defaults]`. */
export const SHARED_SETTINGS: readonly SettingDefinition[] = SETTINGS.filter(({ shared }) => shared === true)

/** The setting of a name; undefined where the platform has none. */
export function settingOf(platform: Platform, name: string): SettingDefinition | undefined {
  return settingsOf(platform).find((definition) => definition.name === name)
}
