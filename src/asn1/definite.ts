import { lengthSize, tagSize, writeLength } from './encode.ts'
import { isStringInPieces } from './form.ts'
import { emptyHeader, isConstructed, readHeader } from './header.ts'
import { CONSTRUCTED, Tag } from './tags.ts'

/** Stands for the size of an element that is copied with all that is in it. */
export const VERBATIM = -1

/** Size of an element with `contentSize` bytes of content and the shortest length. */
export function encodedSize(tag: number, contentSize: number): number {
  return tagSize(tag) + lengthSize(contentSize) + contentSize
}

/** Second pass of `toDefinite`: writes what the first has checked and sized. */
export class DefiniteWriter {
  readonly #from: Uint8Array
  readonly #sizes: readonly number[]
  readonly #out: Uint8Array
  readonly #header = emptyHeader()
  /** Where the elements start and end that were copied with all that is in them, in ascending order. */
  readonly #copies: number[] = []
  #element = 0
  #at = 0

  constructor(from: Uint8Array, sizes: readonly number[], size: number) {
    this.#from = from
    this.#sizes = sizes
    this.#out = new Uint8Array(size)
  }

  run(): Uint8Array {
    this.#write(0, this.#from.length)
    return this.#out
  }

  /** Whether what was written from `start` to `end` is part of a copied element. */
  isVerbatim(start: number, end: number): boolean {
    let [low, high] = [0, this.#copies.length / 2]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#copies[middle * 2] as number) <= start) low = middle + 1
      else high = middle
    }
    return low > 0 && end <= (this.#copies[low * 2 - 1] as number)
  }

  /** Writes the element at `at`; gives where the next starts. */
  #write(at: number, limit: number): number {
    readHeader(this.#from, at, limit, this.#header)
    const { tag, contentStart, end } = this.#header
    const size = this.#sizes[this.#element++] as number
    if (size === VERBATIM) {
      this.#copies.push(this.#at, this.#at + end - at)
      return this.#copy(at, end)
    }
    const inPieces = isStringInPieces(tag)
    this.#head(at, inPieces ? tag & ~CONSTRUCTED : (this.#from[at] as number), tagSize(tag), size)
    if (!isConstructed(tag)) return this.#copy(contentStart, end)
    if (!inPieces) return this.#children(contentStart, end, limit)
    if (tag !== (Tag.BIT_STRING | CONSTRUCTED)) return this.#pieces(contentStart, end, limit, -1)
    const unusedBits = this.#at++
    return this.#pieces(contentStart, end, limit, unusedBits)
  }

  #children(contentStart: number, end: number, limit: number): number {
    let child = contentStart
    while (!this.#ended(child, end)) child = this.#write(child, end < 0 ? limit : end)
    return end < 0 ? child + 2 : end
  }

  /** `unusedBits` is where the first content octet of a BIT STRING goes: the last piece has the last word. */
  #pieces(contentStart: number, end: number, limit: number, unusedBits: number): number {
    let at = contentStart
    while (!this.#ended(at, end)) {
      readHeader(this.#from, at, end < 0 ? limit : end, this.#header)
      const piece = this.#header
      if (isConstructed(piece.tag)) {
        at = this.#pieces(piece.contentStart, piece.end, end < 0 ? limit : end, unusedBits)
        continue
      }
      at = piece.end
      if (unusedBits >= 0) this.#out[unusedBits] = this.#from[piece.contentStart] as number
      this.#copy(piece.contentStart + (unusedBits >= 0 ? 1 : 0), piece.end)
    }
    return end < 0 ? at + 2 : end
  }

  #ended(at: number, end: number): boolean {
    return end < 0 ? this.#from[at] === 0 : at >= end
  }

  /** Identifier octets, the first of them given, and the length. */
  #head(at: number, first: number, size: number, contentSize: number): void {
    this.#out[this.#at++] = first
    for (let i = 1; i < size; i++) this.#out[this.#at++] = this.#from[at + i] as number
    this.#at = writeLength(contentSize, this.#out, this.#at)
  }

  /** Copies bytes of the input; gives their end. */
  #copy(from: number, to: number): number {
    this.#out.set(this.#from.subarray(from, to), this.#at)
    this.#at += to - from
    return to
  }
}
