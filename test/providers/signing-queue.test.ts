import * as crypto from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'

/** Where each signature was made. */
const made: ('here' | 'pool')[] = []
let break_: Error | undefined

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>()
  return {
    ...real,
    sign(
      hash: string | null,
      data: Uint8Array,
      key: never,
      callback?: (error: Error | null, made: Buffer) => void,
    ) {
      made.push(callback === undefined ? 'here' : 'pool')
      if (break_ !== undefined && callback === undefined) throw break_
      if (break_ !== undefined) return callback?.(break_, Buffer.alloc(0))
      return callback === undefined ? real.sign(hash, data, key) : real.sign(hash, data, key, callback)
    },
  }
})

const { SigningQueue } = await import('../../providers/software/signing-queue.ts')
const key = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const DATA = Uint8Array.of(1, 2, 3)

async function places(
  run: (queue: InstanceType<typeof SigningQueue>) => Promise<unknown>,
  cheap = true,
): Promise<string> {
  const queue = new SigningQueue('sha256', { key }, cheap)
  made.length = 0
  await run(queue)
  return made.join(' ')
}

describe('SigningQueue', () => {
  it('makes one cheap signature after another on this thread', async () => {
    const place = places(async (queue) => {
      for (let i = 0; i < 4; i++) await queue.sign(DATA, undefined)
    })
    expect(await place).toBe('here here here here')
  })

  it('makes signatures that come together on the pool', async () => {
    expect(await places((queue) => Promise.all([1, 2, 3].map(() => queue.sign(DATA, undefined))))).toBe(
      'pool pool pool',
    )
  })

  it('sees together what was begun in one turn of the event loop, however many promises apart', async () => {
    const place = places((queue) =>
      Promise.all(
        [1, 5, 20].map(async (ticks) => {
          for (let i = 0; i < ticks; i++) await undefined
          await queue.sign(DATA, undefined)
        }),
      ),
    )
    expect(await place).toBe('pool pool pool')
  })

  it('goes to the pool while others are there', async () => {
    const place = places(async (queue) => {
      const large = queue.sign(new Uint8Array(100_000), undefined)
      await Promise.all([large, queue.sign(DATA, undefined)])
      await queue.sign(DATA, undefined)
    })
    expect(await place).toBe('pool pool here')
  })

  it('makes costly signatures on the pool always', async () => {
    expect(await places((queue) => queue.sign(DATA, undefined), false)).toBe('pool')
  })

  it('lets timers in between signatures of a loop', async () => {
    let stop = false
    const timer = setTimeout(() => {
      stop = true
    }, 5)
    await places(async (queue) => {
      while (!stop) await queue.sign(DATA, undefined)
    })
    clearTimeout(timer)
    expect(made.length).toBeGreaterThan(0)
  })

  it('does not make what was aborted while it waited', async () => {
    const controller = new AbortController()
    const place = places(async (queue) => {
      void queue.sign(DATA, controller.signal)
      const kept = queue.sign(DATA, undefined)
      controller.abort()
      await kept
    })
    expect(await place).toBe('here')
  })

  it('signs under a fake clock', async () => {
    vi.useFakeTimers()
    try {
      expect(await places((queue) => queue.sign(DATA, undefined))).toBe('here')
    } finally {
      vi.useRealTimers()
    }
  })

  it('turns an error of node:crypto into a SignerError, on either side, and signs on', async () => {
    const queue = new SigningQueue('sha256', { key }, true)
    break_ = new Error('broken')
    const failed = { name: 'SignerError', code: 'ERR_SIGNER_FAILED', cause: break_ }
    await expect(queue.sign(DATA, undefined)).rejects.toMatchObject(failed)
    const both = await Promise.allSettled([queue.sign(DATA, undefined), queue.sign(DATA, undefined)])
    for (const each of both) expect((each as PromiseRejectedResult).reason).toMatchObject(failed)
    break_ = undefined
    made.length = 0
    await queue.sign(DATA, undefined)
    expect(made).toEqual(['here'])
  })
})
