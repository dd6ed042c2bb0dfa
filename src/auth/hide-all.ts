import type { HttpClient } from './http-client.ts'

/** Hides texts in traces until it is disposed of. */
export function hideAll(http: HttpClient, secrets: readonly string[]): Disposable {
  const hidden = secrets.filter((secret) => secret !== '').map((secret) => http.hide?.(secret))
  return {
    [Symbol.dispose]() {
      for (const one of hidden) one?.[Symbol.dispose]()
    },
  }
}
