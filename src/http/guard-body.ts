import { Response as UndiciResponse } from 'undici'
import { HttpError } from '../errors.ts'
import type { TimeLimit } from './time-limit.ts'

const READERS = ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData', 'clone'] as const

interface Guard {
  readonly limit: TimeLimit
  mapped(error: unknown): unknown
}

const guards = new WeakMap<object, Guard>()

/**
 * Bounds the time of a body's readers, and has them throw the HttpError itself where the connection fails under them:
 * fetch hides it behind `TypeError: terminated`. Whoever reads `body` finds it as the cause.
 */
export function guardBody(
  response: UndiciResponse,
  limit: TimeLimit,
  mapped: (error: unknown) => unknown,
): Response {
  guards.set(response, { limit, mapped })
  return Object.assign(response, GUARDED) as unknown as Response
}

type Reader = (this: UndiciResponse) => Promise<unknown>

/** Made once: they find the rest by `this`. */
const GUARDED = Object.fromEntries(
  READERS.flatMap((name) => {
    const read = (UndiciResponse.prototype as unknown as Record<string, Reader | undefined>)[name]
    return read === undefined ? [] : [[name, name === 'clone' ? guardedClone : guarded(read)]]
  }),
)

function guarded(read: Reader): Reader {
  return async function (this: UndiciResponse) {
    const { limit, mapped } = guards.get(this) as Guard
    try {
      return await limit.during(() => read.call(this))
    } catch (error) {
      throw mapped(error)
    }
  }
}

function guardedClone(this: UndiciResponse): Response {
  const { limit, mapped } = guards.get(this) as Guard
  return guardBody(UndiciResponse.prototype.clone.call(this), limit, mapped)
}

/** The HttpError behind what fetch throws; undefined where there is none. */
export function httpErrorBehind(error: unknown): HttpError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof HttpError) return at
  }
  return undefined
}
