import { fileURLToPath } from 'node:url'
import { loadProfile, type Profile } from '../../../src/config/index.ts'
import { settingOf } from '../../../src/config/settings.ts'
import type { OpenAsk } from '../api.ts'
import { badRequest } from './refusal.ts'

/** A profile as the page has put it together. */
export interface PageProfile {
  readonly profile: Profile
  /** Where the secrets of the page are read from. */
  readonly env: NodeJS.ProcessEnv
  /** Drops the secrets. */
  forget(): void
}

/** What the server was started with. */
export interface Configuration {
  readonly file: string | undefined
  readonly env: NodeJS.ProcessEnv
}

const PREFIX = 'SEALKIT_SUPPORT_SECRET_'

/**
 * Loads a profile with what was typed over it. Secrets go into an environment of their own, which the profile refers
 * to: nothing else holds them, and they are gone when it is emptied.
 *
 * @throws Refusal 400 for what is no setting; ConfigError
 */
export async function pageProfile(ask: OpenAsk, { file, env: own }: Configuration): Promise<PageProfile> {
  const { platform, profile: name, settings, secrets } = ask
  const flags: Record<string, string> = {}
  for (const [setting, value] of Object.entries(settings)) {
    const type = settingOf(platform, setting)?.type
    if (type === undefined || type === 'secret' || setting === 'store') {
      throw badRequest(`${platform} has no setting of this name.`)
    }
    if (value.trim() !== '') flags[setting] = value.trim()
  }
  const env = { ...(name === undefined ? withoutConfiguration(own) : own) }
  for (const [setting, value] of Object.entries(secrets)) {
    if (settingOf(platform, setting)?.type !== 'secret') {
      throw badRequest(`${platform} has no secret of this name.`)
    }
    if (value === '') continue
    const variable = `${PREFIX}${setting.toUpperCase().replaceAll('-', '_')}`
    env[variable] = value
    flags[`${setting}-env`] = variable
  }
  const where = name === undefined ? {} : { profile: name, file }
  const profile = await loadProfile({ platform, ...where, env, flags })
  const forget = (): void => {
    for (const variable of Object.keys(env)) if (variable.startsWith(PREFIX)) delete env[variable]
  }
  return { profile, env, forget }
}

/** Without a profile what the page says is all that counts. */
function withoutConfiguration(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith('SEALKIT_'))
  // A folder that is there and has no configuration in it.
  const nowhere = fileURLToPath(new URL('.', import.meta.url))
  return {
    ...Object.fromEntries(others),
    XDG_CONFIG_HOME: nowhere,
    XDG_CONFIG_DIRS: nowhere,
    APPDATA: nowhere,
  }
}
