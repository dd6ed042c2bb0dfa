import { loadTrustStore } from '../../../src/trust/index.ts'
import { listOf } from '../../clients/settings.ts'
import type { Facts } from '../facts.ts'
import { known, type Step, warnedOf } from '../step.ts'

/** Which root the platform's servers have as a rule. */
export interface UsualRoot {
  /** Of the servers that it is about. */
  readonly host: RegExp
  readonly root: RegExp
  readonly name: string
}

/** Many notes are of roots that nobody needs. */
const SHOWN = 3

/** Loads the CA bundle. Which of its roots is needed, the server's chain tells later. */
export function authoritiesStep(urls: (facts: Facts) => readonly URL[], usual?: UsualRoot): Step<Facts> {
  return {
    name: 'ca-bundle',
    title: 'CA bundle',
    needs: ['files'],
    run: async (facts) => {
      const profile = known(facts.profile, 'the profile')
      const sources = listOf(profile, 'ca') ?? [facts.ownCa ?? 'system']
      const password = known(facts.secrets, 'the secrets').optional('ca-password')
      const { signal } = facts.options
      const trust = await loadTrustStore(sources, { password, signal })
      facts.trust = trust
      const { store, intermediates, notes } = trust
      const count = `${store.size} ${store.size === 1 ? 'root' : 'roots'}, ${intermediates.size} intermediates`
      const seen = [`${count} from ${sources.join(', ')}`, ...notes.slice(0, SHOWN)]
      const concerned = urls(facts).some((url) => usual?.host.test(url.hostname) === true)
      if (usual === undefined || !concerned) return { seen }
      const found = [...store, ...intermediates].filter(({ subject }) => usual.root.test(subject.toString()))
      if (found.length > 0) return { seen: [...seen, `${usual.name}: ${found.length} there`] }
      const todo = `the servers have certificates of ${usual.name}: take https://api.clearstream.com/server-cert-cacerts.pem, or the system's roots`
      return warnedOf(seen, [`no root of ${usual.name} is in it`], todo)
    },
  }
}
