import { Asn1Error, PemError } from '../../src/errors.ts'

/** Bytes from hexadecimal digits; spaces are skipped. */
export function hex(digits: string): Uint8Array {
  const compact = digits.replaceAll(' ', '')
  if (compact.length % 2 !== 0 || /[^0-9a-fA-F]/.test(compact)) throw new Error(`not hexadecimal: ${digits}`)
  return Uint8Array.from(Buffer.from(compact, 'hex'))
}

/** Hexadecimal digits of bytes, in groups of two. */
export function show(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

/** What an Asn1Error says, for one assertion; anything else that is thrown goes through. */
export function failure(
  run: () => unknown,
): { code: string; offset: number; path: string } | 'nothing thrown' {
  try {
    run()
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error
    return { code: error.code, offset: error.offset, path: error.path }
  }
  return 'nothing thrown'
}

/** Message and line of a PemError; anything else that is thrown goes through. */
export function pemFailure(run: () => unknown): { message: string; line: number } | 'nothing thrown' {
  try {
    run()
  } catch (error) {
    if (!(error instanceof PemError)) throw error
    return { message: error.message, line: error.line }
  }
  return 'nothing thrown'
}

/** The same bytes many times; a fraction of a time is left out. */
export function repeat(bytes: Uint8Array, times: number): Uint8Array {
  const whole = Math.floor(times)
  const out = new Uint8Array(bytes.length * whole)
  for (let i = 0; i < whole; i++) out.set(bytes, i * bytes.length)
  return out
}
