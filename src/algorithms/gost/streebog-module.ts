/** Where things are in the memory of the module, in bytes. */
const TABLE = 0
const CONSTANTS = 8 * 256 * 8
const H = CONSTANTS + 12 * 64
const N = H + 64
const M = N + 64

/**
 * Offsets in the module's memory. Who instantiates it fills the tables, words of 64 bits like all of it, and sets
 * h, n and m (64 bytes each, one after the other) for each call.
 */
export const OFFSETS = { table: TABLE, constants: CONSTANTS, variables: H }

/** Local variables: the offset of a round constant, and numbers of 512 bits as eight words. */
const ROUND = 0
const X = 1
const KEY = 9
const STATE = 17

/** Instructions (WebAssembly Core Specification section 5.4). */
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const load = (offset: number) => [0x29, 3, ...leb(offset)]
const store = (offset: number) => [0x37, 3, ...leb(offset)]
const i32 = (value: number) => [0x41, ...leb(value)]
const i64 = (value: number) => [0x42, ...leb(value)]
const LOOP = [0x03, 0x40]
const CONTINUE_IF = [0x0d, 0]
const END = [0x0b]
const I32_LESS = [0x49]
const I32_ADD = [0x6a]
const I32_AND = [0x71]
const XOR = [0x85]
const SHIFT_LEFT = [0x86]
const SHIFT_RIGHT = [0x88]
const TO_I32 = [0xa7]

/** The bytes of a module with one function, `compress`: g_N (RFC 6986 section 8) on what is in its `memory`. */
export function streebogModule(): Uint8Array<ArrayBuffer> {
  const body = [
    ...words((j) => [...assign(X + j, [...at(H + 8 * j), ...at(N + 8 * j), ...XOR])]),
    ...lps(KEY),
    ...words((j) => assign(STATE + j, at(M + 8 * j))),
    ...LOOP,
    ...words((j) => assign(X + j, [...get(STATE + j), ...get(KEY + j), ...XOR])),
    ...lps(STATE),
    ...words((j) => assign(X + j, [...get(KEY + j), ...get(ROUND), ...load(CONSTANTS + 8 * j), ...XOR])),
    ...lps(KEY),
    ...[...get(ROUND), ...i32(64), ...I32_ADD, ...set(ROUND)],
    ...[...get(ROUND), ...i32(12 * 64), ...I32_LESS, ...CONTINUE_IF],
    ...END,
    ...words((j) => [
      ...i32(0),
      ...[...at(H + 8 * j), ...at(M + 8 * j), ...XOR],
      ...[...get(STATE + j), ...XOR, ...get(KEY + j), ...XOR],
      ...store(H + 8 * j),
    ]),
    ...END,
  ]
  const locals = [2, 1, 0x7f, 24, 0x7e]
  const code = [...locals, ...body]
  return Uint8Array.from([
    ...[0, ...ascii('asm'), 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('compress'), 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ])
}

/** Substitutes, transposes and multiplies X: byte i of each word makes word i of the result. */
function lps(to: number): number[] {
  return words((i) =>
    assign(
      to + i,
      words((j) => [...lookUp(i, j), ...(j > 0 ? XOR : [])]),
    ),
  )
}

/** The table's entry of byte i of word j. Entries have 8 bytes: the byte is shifted to where it counts them. */
function lookUp(i: number, j: number): number[] {
  const shift = i === 0 ? [...i64(3), ...SHIFT_LEFT] : [...i64(8 * i - 3), ...SHIFT_RIGHT]
  return [...get(X + j), ...shift, ...TO_I32, ...i32(0xff << 3), ...I32_AND, ...load(TABLE + j * 2048)]
}

function words(each: (j: number) => number[]): number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].flatMap(each)
}

function assign(local: number, value: number[]): number[] {
  return [...value, ...set(local)]
}

function at(offset: number): number[] {
  return [...i32(0), ...load(offset)]
}

function section(id: number, content: number[]): number[] {
  return [id, ...leb(content.length), ...content]
}

function name(text: string): number[] {
  return [text.length, ...ascii(text)]
}

function ascii(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0))
}

/** A number that is not negative in LEB128, such that it is the same signed and unsigned. */
function leb(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >> 7)]
}
