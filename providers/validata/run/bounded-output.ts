/** Bytes kept of the beginning and of the end: an error is told in the one or the other. */
const HEAD = 16 * 1024
const TAIL = 48 * 1024

/** What a process prints, however much it is: its beginning and its end. */
export class BoundedOutput {
  #head: Uint8Array = new Uint8Array(0)
  #tail: Uint8Array = new Uint8Array(0)

  push(chunk: Uint8Array): void {
    const room = HEAD - this.#head.length
    this.#head = Buffer.concat([this.#head, chunk.subarray(0, room)])
    if (chunk.length > room) this.#tail = Buffer.concat([this.#tail, chunk.subarray(room)]).subarray(-TAIL)
  }

  get bytes(): Uint8Array {
    return Buffer.concat([this.#head, this.#tail])
  }
}
