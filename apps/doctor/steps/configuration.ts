import type { Profile } from '../../../src/config/index.ts'
import { settingOf } from '../../../src/config/settings.ts'
import { ConfigError } from '../../../src/errors.ts'
import { secretsOf } from '../../clients/secrets.ts'
import type { Facts } from '../facts.ts'
import { withoutRetries } from '../profile.ts'
import { type Finding, failure, type Step, warnedOf } from '../step.ts'

/**
 * Loads the profile.
 *
 * @param check looks at what the platform makes of it, and tells what is used
 */
export function configurationStep<F extends Facts>(
  check: (profile: Profile, facts: F) => readonly string[],
): Step<F> {
  return {
    name: 'configuration',
    title: 'configuration',
    needs: [],
    run: async (facts) => {
      const profile = withoutRetries(await facts.options.load())
      facts.profile = profile
      facts.secrets = secretsOf(profile, facts.open, (secret) => facts.open.onSecret?.(secret))
      const isAsked = (name: string): boolean =>
        facts.options.prompt !== undefined && settingOf(profile.platform, name)?.type === 'secret'
      const missing = profile.missing.filter((names) => !names.some(isAsked))
      if (missing.length > 0) return lacking(profile, missing)
      const asked = profile.missing.flat().filter(isAsked)
      const seen = [sourceOf(profile), ...check(profile, facts)]
      const notes = asked.map((name) => `${name} is not set: it is asked for when it is needed`)
      const todo = 'sealkit config check tells where each setting comes from'
      return warnedOf([...seen, ...notes], profile.warnings, todo)
    },
  }
}

function sourceOf({ name, file }: Profile): string {
  const from = file === undefined ? 'no configuration file' : file
  return name === undefined ? from : `profile ${name} of ${from}`
}

function lacking(profile: Profile, missing: Profile['missing']): Finding {
  const which = missing.map((names) => names.join(' or ')).join(', ')
  const [[first = ''] = []] = missing
  const one = ((): ConfigError | undefined => {
    try {
      profile.require(first)
    } catch (error) {
      if (error instanceof ConfigError) return error
      throw error
    }
    return undefined
  })()
  const todo = `${one?.hint ?? 'set it'}; sealkit config init writes a file to fill in`
  const error = new ConfigError('ERR_CONFIG_MISSING', `missing: ${which}`, { hint: todo, cause: one })
  return failure(error, { seen: [sourceOf(profile)] })
}
