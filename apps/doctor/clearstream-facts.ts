import type { ClearstreamClient } from '../../src/auth/clearstream/client.ts'
import type { ClearstreamCredentials } from '../../src/auth/clearstream/find-credentials.ts'
import type { Facts } from './facts.ts'

/** What is known of Clearstream beside what all have. */
export interface ClearstreamFacts extends Facts {
  base?: URL
  username?: string
  files?: ClearstreamCredentials | undefined
  client?: ClearstreamClient
}
