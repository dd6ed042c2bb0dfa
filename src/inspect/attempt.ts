import { SealkitError } from '../errors.ts'

/**
 * Reads something that may be damaged without making the rest unreadable.
 *
 * @param problems gets what is wrong
 * @returns undefined where it cannot be read
 */
export function attempt<T>(problems: string[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SealkitError)) throw error
    problems.push(error.message)
    return undefined
  }
}

/** {@link attempt} for what takes its time. */
export async function attemptAsync<T>(problems: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof SealkitError)) throw error
    problems.push(error.message)
    return undefined
  }
}
