import type { Api } from '../api.ts'
import { ApiError } from '../api.ts'

const EVERY = 60_000

/** Tells the server that the page is open, so that it does not end; and `gone` once where the server has ended. */
export function keepAlive(api: Api, gone: () => void): void {
  const timer = setInterval(() => {
    api('alive', {}).catch((error: unknown) => {
      if (!(error instanceof ApiError)) return
      clearInterval(timer)
      gone()
    })
  }, EVERY)
}
