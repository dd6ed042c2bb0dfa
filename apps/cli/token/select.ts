import { type TokenKey, tokenKeyId } from '../../../src/auth/index.ts'
import { fileTokenStore } from '../../../src/auth/store/file-store.ts'
import type { TokenEntry, TokenStore } from '../../../src/auth/store/token-store.ts'
import { loadProfile, type Platform } from '../../../src/config/index.ts'
import { ConfigError } from '../../../src/errors.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../command.ts'
import { usageError } from '../errors.ts'
import type { OptionGroup } from '../options.ts'

/** Which tokens are meant. */
export const SELECT_OPTIONS: OptionGroup = {
  title: 'Which tokens (default: all)',
  options: [
    { name: 'platform', value: ['moex', 'clearstream'], summary: 'those of this platform' },
    { name: 'host', value: 'HOST', summary: 'those of this token endpoint' },
    { name: 'account', value: 'NAME', summary: 'those of this user or API consumer' },
  ],
}

/** Where they are. */
export const STORE_OPTIONS: OptionGroup = {
  title: 'Where (default: the folders that environment and configuration file name)',
  options: [
    { name: 'store', value: 'FOLDER', summary: 'the folder with the tokens' },
    { name: 'profile', value: 'NAME', summary: 'the store of this profile' },
    { name: 'config', value: 'FILE', summary: 'the configuration file' },
  ],
}

/** What the commands about tokens say of their exit codes. */
export const TOKEN_EXIT_CODES = {
  usage: 'the command line is wrong',
  credential: 'the store or the configuration cannot be used',
  interrupted: 'interrupted by Ctrl-C',
} as const

/** A token in its store. */
export interface Found {
  readonly store: TokenStore
  readonly id: string
  readonly entry: TokenEntry
}

/** The tokens that the options mean; an operand is the beginning of an id. */
export async function selected(args: Arguments, { output }: Context): Promise<Found[]> {
  const [start = ''] = args.operands
  if (start !== '' && !/^[\w-]{4,43}$/.test(start)) {
    throw usageError('ID is four or more characters of an id', 'sealkit token list shows them')
  }
  const found: Found[] = []
  for (const folder of await foldersOf(args)) {
    const options = folder === undefined ? {} : { folder }
    const store = fileTokenStore({ ...options, onWarning: (warning) => output.say(`note: ${warning}`) })
    for (const entry of await store.list()) found.push({ store, id: tokenKeyId(entry.key), entry })
  }
  return found.filter(({ id, entry: { key } }) => id.startsWith(start) && isMeant(key, args))
}

/** MOEX's accounts are a login and an application, `jane (bank-app)`: the login alone will do. */
function isMeant({ platform, host, account }: TokenKey, args: Arguments): boolean {
  const wanted = args.get('account') ?? account
  return (
    (args.get('platform') ?? platform) === platform &&
    (args.get('host') ?? host) === host &&
    (wanted === account || account.startsWith(`${wanted} (`))
  )
}

/** Undefined is the default folder. */
async function foldersOf(args: Arguments): Promise<(string | undefined)[]> {
  const folder = args.get('store')
  if (folder !== undefined) return [folder]
  const named = args.has('profile')
  const platforms: (Platform | undefined)[] = named ? [undefined] : ['moex', 'clearstream']
  const stores = new Set<string | undefined>()
  for (const platform of platforms) {
    const store = await storeOf(args, platform, named)
    if (store !== 'memory') stores.add(store === 'file' ? undefined : store)
  }
  return [...stores]
}

/** A platform without a profile has the default. */
async function storeOf(args: Arguments, platform: Platform | undefined, named: boolean): Promise<string> {
  try {
    const profile = await loadProfile({ platform, profile: args.get('profile'), file: args.get('config') })
    return String(profile.get('store')?.value ?? 'file')
  } catch (error) {
    if (!named && error instanceof ConfigError && error.code === 'ERR_CONFIG_PROFILE') return 'file'
    throw error
  }
}
