/** A table of a configuration file, without a prototype: `__proto__` is a key like any. */
export type Table = { readonly [key: string]: unknown }

/** What a configuration file holds, before anything is asked of it. */
export interface Document {
  readonly root: Table
  /** The line, from 1, in which a key stands; undefined where that is not known. */
  lineOf(path: readonly string[]): number | undefined
}

/** Nothing that is configured lies deeper; what does is hostile. */
export const MAX_DEPTH = 16

/** Lines of keys by their paths. Deeper ones than anything that is configured are left out. */
export class Lines {
  readonly #lines = new Map<string, number>()

  /** The first line in which a path is met counts. */
  add(path: readonly string[], line: number): void {
    if (path.length > 5) return
    const key = JSON.stringify(path)
    if (!this.#lines.has(key)) this.#lines.set(key, line)
  }

  of(path: readonly string[]): number | undefined {
    return this.#lines.get(JSON.stringify(path))
  }
}

export function isTable(value: unknown): value is Table {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value) as unknown
  return prototype === null || prototype === Object.prototype
}
