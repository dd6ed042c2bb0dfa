import type { IncomingMessage } from 'node:http'

/** What is read of a body that nobody wants, so that the caller gets to read its answer. */
const MOST_BYTES = 16 * 1024 * 1024
const LONGEST = 10_000

/** Reads what is left of a request that has its answer; one that does not end soon loses its connection. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete) {
    request.resume()
    return
  }
  const { socket } = request
  const timer = setTimeout(() => socket.destroy(), LONGEST).unref()
  let bytes = 0
  request.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length
    if (bytes > MOST_BYTES) socket.destroy()
  })
  const end = () => clearTimeout(timer)
  request.once('end', end)
  socket.once('close', end)
  request.once('end', () => socket.off('close', end))
  request.on('error', () => {})
  request.resume()
}
