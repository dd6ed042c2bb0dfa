import type { OpenedCredential, Platform, TokenAnswer, Values } from '../../../api.ts'
import type { CurlFiles } from './curl.ts'

/** What credential panel, token panel and call panel share. */
export interface Work {
  platform: Platform
  profile: string | undefined
  /** What was found out about the credential; undefined as long as nobody has looked. */
  opened: OpenedCredential | undefined
  token: TokenAnswer | undefined
  /** What is typed into the credential panel. */
  credential(): { readonly settings: Values; readonly secrets: Values }
}

/** Files for a curl command: what the server found, else what is typed in. */
export function filesOf({ opened, credential }: Work): CurlFiles {
  return { ...credential().settings, ...opened?.settings }
}

/** Things that happen in one panel and matter to another. */
export class Happenings {
  readonly #listeners = new Map<string, (() => void)[]>()

  on(what: 'platform' | 'opened' | 'token', listener: () => void): void {
    this.#listeners.set(what, [...(this.#listeners.get(what) ?? []), listener])
  }

  tell(what: 'platform' | 'opened' | 'token'): void {
    for (const listener of this.#listeners.get(what) ?? []) listener()
  }
}
