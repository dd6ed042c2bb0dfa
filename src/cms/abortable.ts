/**
 * Passes a stream on until the signal aborts: at once, even while the stream gives nothing. The stream is then
 * told to end, but not waited for.
 */
export async function* abortable<T>(content: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = content[Symbol.asyncIterator]()
  // One listener and no promise that outlives its chunk: a race against one would keep a reaction for each.
  let stop: ((reason: unknown) => void) | undefined
  const onAbort = (): void => stop?.(signal.reason)
  let done = false
  signal.addEventListener('abort', onAbort)
  try {
    for (;;) {
      signal.throwIfAborted()
      const step = await new Promise<IteratorResult<T>>((resolve, reject) => {
        stop = reject
        iterator.next().then(resolve, reject)
      })
      done = step.done === true
      if (step.done) return
      yield step.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    if (!done) end(content, iterator)
  }
}

function end<T>(content: AsyncIterable<T>, iterator: AsyncIterator<T>): void {
  // A Node stream's iterator ends the stream behind the read that is waiting; destroy does it now.
  if ('destroy' in content && typeof content.destroy === 'function') content.destroy()
  else iterator.return?.().then(undefined, () => {})
}
