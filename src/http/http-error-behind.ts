import { HttpError } from '../errors.ts'

/** The HttpError behind what is thrown; undefined where there is none. */
export function httpErrorBehind(error: unknown): HttpError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof HttpError) return at
  }
  return undefined
}
