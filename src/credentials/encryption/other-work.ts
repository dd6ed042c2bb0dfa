/** A turn of the event loop, in Node or a browser; setTimeout would wait 4 ms there. */
export function otherWork(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    const done = (): void => {
      port1.close()
      resolve()
    }
    // Both kinds of ports take the property; the types know it of the browser's only.
    Object.assign(port1, { onmessage: done })
    port2.postMessage(undefined)
  })
}
