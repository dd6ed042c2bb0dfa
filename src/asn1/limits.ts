/** Bounds on what is read, so that hostile input costs no more than its own size. */
export interface Limits {
  /** Largest input in bytes. Default 64 MiB. */
  maxBytes?: number
  /** Deepest nesting of constructed elements. Default 48, at most 1000: reading is recursive. */
  maxDepth?: number
  /** Most elements in one input. Default 200,000 (a revocation list of 50,000 entries). */
  maxElements?: number
  /** Longest content of one OBJECT IDENTIFIER in bytes. Default 64, at most 4096. */
  maxOidBytes?: number
}

/** The limits used where the caller names none. */
export const DEFAULT_LIMITS: Readonly<Required<Limits>> = Object.freeze({
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 48,
  maxElements: 200_000,
  maxOidBytes: 64,
})

/**
 * Fills in the defaults.
 *
 * @throws TypeError for a limit that is no number, negative, or above its ceiling: NaN would switch it off
 */
export function withDefaults(limits: Limits | undefined): Required<Limits> {
  if (limits === undefined) return DEFAULT_LIMITS
  return {
    maxBytes: bound('maxBytes', limits.maxBytes, Number.POSITIVE_INFINITY),
    maxDepth: bound('maxDepth', limits.maxDepth, 1000),
    maxElements: bound('maxElements', limits.maxElements, Number.POSITIVE_INFINITY),
    maxOidBytes: bound('maxOidBytes', limits.maxOidBytes, 4096),
  }
}

function bound(name: keyof Limits, value: number | undefined, ceiling: number): number {
  if (value === undefined) return DEFAULT_LIMITS[name]
  if (typeof value === 'number' && value >= 0 && value <= ceiling) return value
  throw new TypeError(`${name} must be a number from 0 to ${ceiling}, not ${value}`)
}
