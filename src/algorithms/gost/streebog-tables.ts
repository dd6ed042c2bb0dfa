import { ITERATION_CONSTANTS, MATRIX, PI } from './streebog-constants.ts'

/**
 * Computes what the compression function looks up.
 *
 * The tables are substitution, transposition and the linear transformation in one: what each of the eight bytes that
 * meet in a word of 64 bits adds to the word, for each of its values, at `j * 256 + value`.
 *
 * @param low for the lower halves of the words: 2048 of them
 * @param high for the upper halves
 * @param constants for C1 to C12, 16 halves each, lowest first
 */
export function fillTables(low: Int32Array, high: Int32Array, constants: Int32Array): void {
  for (const [round, constant] of ITERATION_CONSTANTS.entries()) {
    for (let i = 0; i < 16; i++) constants[round * 16 + i] = hexWord(constant, 120 - 8 * i)
  }
  for (let value = 0; value < 256; value++) {
    const substituted = Number.parseInt(PI.slice(value * 2, value * 2 + 2), 16)
    for (let j = 0; j < 8; j++) {
      // The sum of the matrix's rows where a bit is set. Its first row is bit 63's.
      for (let bit = 0; bit < 8; bit++) {
        if (((substituted >> bit) & 1) === 0) continue
        const row = (63 - 8 * j - bit) * 16
        const at = j * 256 + value
        high[at] = (high[at] as number) ^ hexWord(MATRIX, row)
        low[at] = (low[at] as number) ^ hexWord(MATRIX, row + 8)
      }
    }
  }
}

function hexWord(hex: string, at: number): number {
  return Number.parseInt(hex.slice(at, at + 8), 16) | 0
}
