import type { ApiName } from '../api.ts'
import { callAsk, openAsk, tokenAsk } from './asks.ts'
import type { Configuration } from './platform-profile.ts'
import { listProfiles } from './profiles.ts'
import type { Sessions } from './sessions.ts'
import { signHandlers } from './sign-handlers.ts'
import type { WorkDesk } from './work-desk.ts'

/** Answers a question. @throws Refusal */
export type Handler = (ask: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<object>

interface HandlersWith {
  readonly sessions: Sessions
  readonly desk: WorkDesk
  readonly configuration: Configuration
  readonly profile: string | undefined
}

/** What stands below `/api/`. */
export function apiHandlers(all: HandlersWith): Readonly<Record<ApiName, Handler>> {
  const { sessions, desk, configuration, profile } = all
  return {
    session: async ({ token }) => ({ session: sessions.open(token) }),
    profiles: () => listProfiles(configuration, profile),
    open: (ask, signal) => desk.open(openAsk(ask), signal),
    token: (ask, signal) => desk.token(tokenAsk(ask), signal),
    call: (ask, signal) => desk.call(callAsk(ask), signal),
    close: async () => {
      await desk.close()
      return {}
    },
    alive: async () => ({}),
    ...signHandlers(configuration),
  }
}
