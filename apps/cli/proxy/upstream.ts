import { CLEARSTREAM_ENVIRONMENTS } from '../../../src/auth/clearstream/environments.ts'
import { MOEX_ENVIRONMENTS } from '../../../src/auth/moex/environments.ts'
import { checkOrigins, originAllowed } from '../../../src/auth/origins.ts'
import type { Profile } from '../../../src/config/index.ts'
import type { Arguments } from '../arguments.ts'
import { usageError } from '../errors.ts'

/** The server behind the proxy. @throws CliError `ERR_CLI_USAGE` where the token would go to a server of others */
export function upstreamOf(profile: Profile, args: Arguments): string {
  const origins = originsOf(profile)
  const [only] = origins
  const upstream = args.get('upstream') ?? (origins.length === 1 && !only?.includes('*') ? only : undefined)
  if (upstream === undefined) {
    throw usageError('--upstream is missing', 'name the server of the API: --upstream https://api.example')
  }
  if (!URL.canParse(upstream) || new URL(upstream).protocol !== 'https:') {
    throw usageError('--upstream must be an https URL: https://api.example')
  }
  if (args.has('inject-token') && !originAllowed(new URL(upstream), checkOrigins(origins))) {
    const hint = "the profile's url or api-origins names the servers that may have the token"
    throw usageError('--inject-token: the token is not for the server of --upstream', hint)
  }
  return upstream
}

/** Servers that the profile's token is for. */
function originsOf(profile: Profile): readonly string[] {
  const environment = String(profile.get('environment')?.value)
  if (profile.platform === 'clearstream') {
    const known = CLEARSTREAM_ENVIRONMENTS[environment as keyof typeof CLEARSTREAM_ENVIRONMENTS]
    return [new URL(String(profile.get('url')?.value ?? known.url)).origin]
  }
  const given = profile.get('api-origins')?.value
  const known = MOEX_ENVIRONMENTS[environment as keyof typeof MOEX_ENVIRONMENTS]
  return given === undefined ? known.apiDomains : ([given].flat() as string[])
}
