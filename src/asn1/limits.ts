/** Bounds on what is read, so that hostile input costs no more than its own size. */
export interface Limits {
  /** Largest input in bytes. Default 64 MiB. */
  maxBytes?: number
  /** Deepest nesting of constructed elements. Default 48. */
  maxDepth?: number
  /** Most elements in one input. Default 200,000. */
  maxElements?: number
  /** Longest content of one OBJECT IDENTIFIER in bytes. Default 64. */
  maxOidBytes?: number
}

/** The limits used where the caller names none. */
export const DEFAULT_LIMITS: Required<Limits> = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 48,
  maxElements: 200_000,
  maxOidBytes: 64,
}

/** Fills in the defaults. */
export function withDefaults(limits: Limits | undefined): Required<Limits> {
  return limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...limits }
}
