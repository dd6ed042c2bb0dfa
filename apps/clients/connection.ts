import type { Profile } from '../../src/config/index.ts'
import type { TransportOptions } from '../../src/http/index.ts'
import { filesOf, credentialOf as ofClearstream } from './open-clearstream.ts'
import { credentialOf as ofMoex } from './open-moex.ts'
import type { OpenOptions } from './options.ts'
import { secretsOf } from './secrets.ts'
import { listOf, textOf } from './settings.ts'
import { proxyOf } from './transport.ts'

/** What a profile says of the connection alone, without a login: for a proxy. */
export type ConnectionOptions = Pick<
  TransportOptions,
  'ca' | 'caPassword' | 'credential' | 'proxy' | 'userAgent'
>

/** The connection that a profile describes. @throws ConfigError as `openClearstream` and `openMoex` do */
export async function connectionOptions(
  profile: Profile,
  options: OpenOptions = {},
): Promise<ConnectionOptions> {
  const secrets = secretsOf(profile, options, (secret) => options.onSecret?.(secret))
  const files = profile.platform === 'clearstream' ? await filesOf(profile) : undefined
  return {
    ca: listOf(profile, 'ca') ?? [files?.ca ?? 'system'],
    caPassword: secrets.optional('ca-password'),
    credential:
      profile.platform === 'clearstream' ? ofClearstream(profile, files, secrets) : ofMoex(profile, secrets),
    proxy: proxyOf(profile, secrets),
    userAgent: textOf(profile, 'user-agent'),
  }
}
