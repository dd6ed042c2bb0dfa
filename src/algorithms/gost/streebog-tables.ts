import { ITERATION_CONSTANTS, MATRIX, PI } from './streebog-constants.ts'

/**
 * Substitution, transposition and the linear transformation in one: for each of the eight bytes that meet in a word
 * of 64 bits and each of its values, what it adds to the word. Low and high halves in turn, at `(j * 256 + value) * 2`.
 */
export const LPS_TABLE = new Int32Array(8 * 256 * 2)

/** C1 to C12, 16 words each, lowest first. */
export const ROUND_CONSTANTS = new Int32Array(12 * 16)

let filled = false

/** Computes the tables when they are needed for the first time, so that the import costs nothing. */
export function fillTables(): void {
  if (filled) return
  filled = true
  ITERATION_CONSTANTS.forEach((constant, round) => {
    for (let i = 0; i < 16; i++) ROUND_CONSTANTS[round * 16 + i] = hexWord(constant, 120 - 8 * i)
  })
  for (let value = 0; value < 256; value++) {
    const substituted = Number.parseInt(PI.slice(value * 2, value * 2 + 2), 16)
    for (let j = 0; j < 8; j++) fillEntry(j, value, substituted)
  }
}

/** The product with the matrix: the sum of the rows of those bits that are set. Its first row is bit 63's. */
function fillEntry(j: number, value: number, substituted: number): void {
  let low = 0
  let high = 0
  for (let bit = 0; bit < 8; bit++) {
    if (((substituted >> bit) & 1) === 0) continue
    const row = (63 - 8 * j - bit) * 16
    high ^= hexWord(MATRIX, row)
    low ^= hexWord(MATRIX, row + 8)
  }
  LPS_TABLE[(j * 256 + value) * 2] = low
  LPS_TABLE[(j * 256 + value) * 2 + 1] = high
}

function hexWord(hex: string, at: number): number {
  return Number.parseInt(hex.slice(at, at + 8), 16) | 0
}
