import { setTimeout as sleep } from 'node:timers/promises'
import { type ReadFile, readFileEnd } from './read-file.ts'

/** No signature is larger. */
export const MAX_OUTPUT = 16 * 1024 * 1024
/** Looks at the file, the first soon after the tool has ended. */
const FIRST_LOOK = 10
const LAST_LOOK = 200
/** Looks at a file that does not grow until it counts as written. */
const SETTLED = 5

/**
 * Reads what the tool has written. Some have been seen to end before their output was there, or all of it.
 *
 * @param isWhole whether more need not be waited for
 * @returns undefined where there was no file until the end of the wait
 */
export async function waitForOutput(
  path: string,
  {
    wait,
    signal,
    isWhole,
  }: { wait: number; signal: AbortSignal | undefined; isWhole: (bytes: Uint8Array) => boolean },
): Promise<ReadFile | undefined> {
  const end = performance.now() + wait
  let seen: ReadFile | undefined
  let looks = 0
  for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 1.5, LAST_LOOK)) {
    const now = readFileEnd(path, MAX_OUTPUT)
    looks = now !== undefined && now.size > 0 && now.size === seen?.size ? looks + 1 : 0
    seen = now ?? seen
    if (now !== undefined && now.size > 0 && (looks >= SETTLED || isWhole(now.bytes))) return now
    const left = end - performance.now()
    if (left <= 0) return seen
    await sleep(Math.min(pause, left), undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}
