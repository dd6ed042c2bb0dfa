import { SealkitError } from '../../../../src/errors.ts'

/** The error that a promise is rejected with: one of sealkit's, or the test fails. */
export async function rejection(promise: Promise<unknown>): Promise<SealkitError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof SealkitError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The code that a call throws, or `none`. */
export function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof SealkitError) return error.code
    throw error
  }
  return 'none'
}
