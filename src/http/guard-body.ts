import type { Response as UndiciResponse } from 'undici'
import { HttpError } from '../errors.ts'

const READERS = ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'] as const

/**
 * Has the readers of a body throw the HttpError itself where the connection fails under them: fetch hides it behind
 * `TypeError: terminated`. Whoever reads `body` finds it as the cause.
 */
export function guardBody(response: UndiciResponse, mapped: (error: unknown) => unknown): Response {
  const guarded = response as unknown as Record<string, unknown>
  for (const name of READERS) {
    const read = guarded[name] as (() => Promise<unknown>) | undefined
    if (read === undefined) continue
    guarded[name] = async () => {
      try {
        return await read.call(response)
      } catch (error) {
        throw mapped(error)
      }
    }
  }
  guarded['clone'] = () => guardBody(Object.getPrototypeOf(response).clone.call(response), mapped)
  return response as unknown as Response
}

/** The HttpError behind what fetch throws; undefined where there is none. */
export function httpErrorBehind(error: unknown): HttpError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof HttpError) return at
  }
  return undefined
}
