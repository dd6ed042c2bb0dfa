/** Content as a stream: hashed as it passes, ended by signals and errors. */
import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { abortable } from '../../src/cms/abortable.ts'
import {
  addSigner,
  type CmsSignature,
  type Content,
  contentSigner,
  countersign,
  prepare,
  sign,
  verify,
} from '../../src/cms/index.ts'
import { tempDir } from '../support/tools.ts'
import { forge, forgeMessage } from './support/forge.ts'
import { identity, keySigner } from './support/identities.ts'

const trust = () => ({ trusted: true }) as const
const signers = keySigner('p256')
const BYTES = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff)
const CHUNKS = [0, 1, 1, 65_536, 199_999, 200_000].map((end, i, ends) =>
  BYTES.subarray(ends[i - 1] ?? 0, end),
)

async function* generator(): AsyncGenerator<Uint8Array> {
  yield* CHUNKS
}

/** Yields one buffer again and again, with other bytes in it each time. */
async function* reusing(): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(200_000)
  for (const chunk of CHUNKS) {
    buffer.set(chunk)
    yield buffer.subarray(0, chunk.length)
    buffer.fill(0xee)
  }
}

const forms: Record<string, () => Content> = {
  bytes: () => BYTES,
  Buffer: () => Buffer.from(BYTES),
  'async generator': generator,
  'async generator that uses its buffer again': reusing,
  Readable: () => Readable.from(CHUNKS.map((chunk) => Buffer.from(chunk)).filter(({ length }) => length > 0)),
  'web ReadableStream': () => Readable.toWeb(Readable.from(CHUNKS)) as ReadableStream<Uint8Array>,
  file: () => {
    const file = join(tempDir(), 'content')
    writeFileSync(file, BYTES)
    return createReadStream(file)
  },
}

describe.each(Object.entries(forms))('%s', (_, content) => {
  it('is signed and verified', async () => {
    const message = await sign(content(), { signers: [signers, keySigner('p521')] })
    for (const other of Object.values(forms)) {
      expect(await verify(message, { content: other(), trust })).toMatchObject({ verdict: 'valid' })
    }
    const one = await addSigner(message, { signer: keySigner('rsa'), content: content() })
    expect(await verify(one, { content: content(), trust })).toMatchObject({ verdict: 'valid' })
    const short = await verify(message, { content: BYTES.subarray(1), trust })
    expect(short).toMatchObject({ reason: 'message-digest-mismatch' })
  })

  it('is verified without signed attributes, too', async () => {
    const message = forge({ content: BYTES, attributes: null })
    const options = { trust, allowNoSignedAttributes: true }
    expect(await verify(message, { ...options, content: content() })).toMatchObject({ verdict: 'valid' })
    expect(await verify(message, { ...options, content: 'x' })).toMatchObject({
      reason: 'signature-mismatch',
    })
  })
})

it('a string is its UTF-8 bytes, a stream of nothing is empty', async () => {
  const message = await sign('схема', { signers })
  expect(await verify(message, { content: Buffer.from('схема', 'utf8'), trust })).toMatchObject({
    verdict: 'valid',
  })
  const empty = await sign(Readable.from([]), { signers })
  expect(await verify(empty, { content: '', trust })).toMatchObject({ verdict: 'valid' })
})

it('a stream is read once, whatever the number of signers and hashes', async () => {
  const read = vi.fn(generator)
  const content = { [Symbol.asyncIterator]: read }
  const keys = [signers, keySigner('p384'), keySigner('p521'), keySigner('ed448')]
  const message = await sign(content, { signers: keys })
  expect(read).toHaveBeenCalledTimes(1)
  expect(await verify(message, { content, trust })).toMatchObject({ verdict: 'valid' })
  expect(read).toHaveBeenCalledTimes(2)
})

it('a message without signers leaves its content alone', async () => {
  const read = vi.fn(generator)
  const message = forgeMessage({ signerInfos: [] })
  const result = await verify(message, { content: { [Symbol.asyncIterator]: read } })
  expect(result).toMatchObject({ verdict: 'invalid', reason: 'no-signers' })
  expect(read).not.toHaveBeenCalled()
})

describe('what is no stream of bytes', () => {
  const text = (): Readable => Readable.from([Buffer.from('text')]).setEncoding('utf8')
  it.each<[string, () => unknown]>([
    ['a Readable with an encoding', text],
    ['a Readable of objects', () => Readable.from([{ a: 1 }])],
    ['a Readable of strings', () => Readable.from(['a', 'b'])],
    ['an array of bytes', () => [BYTES]],
    ['a generator that is not async', () => CHUNKS.values()],
    ['an array of numbers', () => [1, 2, 3]],
  ])('%s', async (_, content) => {
    await expect(sign(content() as Content, { signers })).rejects.toThrow(TypeError)
    const message = await sign(BYTES, { signers })
    await expect(verify(message, { content: content() as Content })).rejects.toThrow(TypeError)
  })
})

it('text that has no UTF-8 is refused: another text would be signed', async () => {
  const message = await sign('\ufffd', { signers })
  for (const content of ['\ud800', 'a\udc00b', '\udc00\ud800']) {
    await expect(sign(content, { signers })).rejects.toThrow(/surrogate/)
    await expect(verify(message, { content })).rejects.toThrow(TypeError)
  }
  await expect(sign('\u{1f600}', { signers })).resolves.toBeDefined()
})

type Use = (content: Content, signal?: AbortSignal) => Promise<unknown>
const detached: Promise<CmsSignature> = sign(BYTES, { signers })
const uses: [string, Use][] = [
  ['sign', (content, signal) => sign(content, { signers, signal })],
  ['contentSigner', (content, signal) => contentSigner({ signers })(content, signal)],
  ['prepare', (content, signal) => prepare(content, { certificate: identity('p256').certificate, signal })],
  ['verify', async (content, signal) => verify(await detached, { content, signal })],
  ['addSigner', async (content, signal) => addSigner(await detached, { signer: signers, content, signal })],
]

describe.each(uses)('%s', (_, use) => {
  it('fails with the error of the stream, in its first chunk or later', async () => {
    for (const before of [0, 3]) {
      const error = new Error('disk on fire')
      const failing = async function* () {
        yield* CHUNKS.slice(0, before)
        throw error
      }
      await expect(use(failing())).rejects.toBe(error)
      await expect(use(Readable.from(failing()))).rejects.toBe(error)
    }
  })

  it('fails where a stream is destroyed before its end', async () => {
    const stream = new Readable({ read() {} })
    stream.push(Buffer.alloc(10))
    setImmediate(() => stream.destroy())
    await expect(use(stream)).rejects.toThrow(/premature/i)
  })

  it('reads nothing where the signal has aborted before', async () => {
    const reason = new Error('enough')
    const read = vi.fn(generator)
    const content = { [Symbol.asyncIterator]: read }
    await expect(use(content, AbortSignal.abort(reason))).rejects.toBe(reason)
    await expect(use(BYTES, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(read).not.toHaveBeenCalled()
  })

  it('ends between two chunks, and lets the stream end', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    let ended = false
    const endless = async function* () {
      try {
        for (let i = 0; ; i++) {
          if (i === 5) controller.abort(reason)
          yield BYTES
        }
      } finally {
        ended = true
      }
    }
    await expect(use(endless(), controller.signal)).rejects.toBe(reason)
    await vi.waitFor(() => expect(ended).toBe(true))
  })

  it('ends while the stream gives nothing', async () => {
    const reason = new Error('enough')
    const stalled: (() => Content)[] = [
      () => new Readable({ read() {} }),
      () => new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) }),
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
    ]
    for (const content of stalled) {
      const controller = new AbortController()
      const stream = content()
      setTimeout(() => controller.abort(reason), 5)
      await expect(use(stream, controller.signal)).rejects.toBe(reason)
      if (stream instanceof Readable) expect(stream.destroyed).toBe(true)
    }
  })
})

it('listens to the signal no longer than it reads', async () => {
  const { signal } = new AbortController()
  const added = vi.spyOn(signal, 'addEventListener')
  const removed = vi.spyOn(signal, 'removeEventListener')
  const message = await sign(generator(), { signers, signal })
  await verify(message, { content: generator(), signal })
  expect(added.mock.calls.length).toBeGreaterThan(0)
  expect(removed.mock.calls.length).toBe(added.mock.calls.length)
})

it('passes the signal on to the key', async () => {
  const { signal } = new AbortController()
  const signing = vi.fn(signers.sign)
  const key = { ...signers, sign: signing }
  const message = await sign('x', { signers: key, signal })
  await countersign(message, { key, signal })
  expect(signing.mock.calls.map(([, options]) => options?.signal)).toEqual([signal, signal])
})

describe('abortable', () => {
  it('asks for no more once the signal has aborted between two chunks', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const next = vi.fn(async () => ({ done: false as const, value: BYTES }))
    const end = vi.fn(async () => ({ done: true as const, value: undefined }))
    const content = { [Symbol.asyncIterator]: () => ({ next, return: end }) }
    const chunks = abortable(content, controller.signal)
    await chunks.next()
    controller.abort(reason)
    await expect(chunks.next()).rejects.toBe(reason)
    expect(next).toHaveBeenCalledTimes(1)
    expect(end).toHaveBeenCalledTimes(1)
  })

  it('leaves a stream alone that has come to its end', async () => {
    const end = vi.fn()
    const destroy = vi.fn()
    const iterator = { next: async () => ({ done: true as const, value: undefined }), return: end }
    const content = { [Symbol.asyncIterator]: () => iterator, destroy }
    for await (const _ of abortable(content, new AbortController().signal)) expect.unreachable()
    expect(end).not.toHaveBeenCalled()
    expect(destroy).not.toHaveBeenCalled()
  })
})
