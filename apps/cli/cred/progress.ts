import type { Context } from '../command.ts'

/** What takes longer is announced. */
const PATIENCE_MS = 500

/** Waits for work; on a terminal it is said what is waited for, where that takes longer. */
export async function waitFor<T>(what: string, { output }: Context, work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return await work
  const timer = setTimeout(() => output.say(`${what} ...`, 'dim'), PATIENCE_MS)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}
