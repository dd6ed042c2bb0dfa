/** Many signatures with SoftHSM2: each is right, sessions and memory do not grow, and it ends well in the middle. */
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, expect, it } from 'vitest'
import { openPkcs11Key, type Pkcs11Key, type Pkcs11KeyOptions } from '../../../providers/pkcs11/index.ts'
import { verifySignature } from '../../../src/algorithms/index.ts'
import { openPki } from '../../interop/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { SessionCount } from './support/counting.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'
import { makeKey, type Token, type TokenKey } from './support/token-tool.ts'

describeWith(['pkcs11js', 'softhsm', 'opensc', 'openssl'], 'load', () => {
  let token: Token
  let rsa: TokenKey
  let ec: TokenKey
  const sessions = new SessionCount()

  beforeAll(async () => {
    const pki = await openPki()
    token = await openSoftHsm().addToken('load')
    rsa = await makeKey(token, pki, { label: 'rsa', id: '01', kind: 'RSA-2048' })
    ec = await makeKey(token, pki, { label: 'ec', id: '02', kind: 'P-256' })
  })

  const open = ({ uri }: TokenKey, options: Partial<Pkcs11KeyOptions> = {}) =>
    openPkcs11Key({
      key: uri,
      module: token.module,
      pin: () => userPin,
      cryptoki: sessions.factory,
      ...options,
    })

  /** Signs the numbers from `first` on, so many at once, and verifies each signature. */
  async function signMany(key: Pkcs11Key, first: number, count: number, inFlight: number): Promise<void> {
    let next = first
    const worker = async () => {
      while (next < first + count) {
        const data = Buffer.from(`content ${next++}`)
        const signature = await key.sign(data)
        if (!verifySignature(key.algorithm, key.certificate.publicKey, data, signature)) {
          throw new Error(`a wrong signature over ${data}`)
        }
      }
    }
    await Promise.all(Array.from({ length: inFlight }, worker))
  }

  it('10,000 signatures with 1 to 64 in flight: all right, no session too many, none left', async () => {
    sessions.most = 0
    const key = await open(ec, { maxSessions: 64 })
    const steps = [1, 2, 4, 8, 16, 32, 64, 32, 8, 1]
    for (const [index, inFlight] of steps.entries()) {
      await signMany(key, index * 1000, 1000, inFlight)
      if (index < 7) expect(sessions.most).toBe(inFlight)
    }
    await key[Symbol.asyncDispose]()
    expect(sessions).toMatchObject({ open: 0, isInitialised: false })
  })

  it('memory does not grow with the number of signatures', async () => {
    await using key = await open(rsa, { maxSessions: 8 })
    await signMany(key, 0, 500, 8)
    const before = residentMemory()
    await signMany(key, 500, 2000, 8)
    // 2,000 lost buffers of 2 KiB, or sessions, would be more.
    expect(residentMemory() - before).toBeLessThan(32 * 1024 * 1024)
  })

  it('never more in flight than maxSessions, however many wait', async () => {
    sessions.most = 0
    await using key = await open(ec, { maxSessions: 3 })
    await signMany(key, 0, 200, 100)
    expect(sessions.most).toBe(3)
  })

  it('one signal for all: Node warns of no leak', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): number => warnings.push(warning)
    process.on('warning', onWarning)
    const { signal } = new AbortController()
    await using key = await open(ec, { maxSessions: 2 })
    await Promise.all(Array.from({ length: 40 }, (_, i) => key.sign(Buffer.from(`${i}`), { signal })))
    await sleep(0)
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('more than may wait are refused, the others are signed', async () => {
    await using key = await open(rsa, { maxSessions: 1, maxWaiting: 5 })
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => key.sign(Buffer.from('x'))))
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'signed'))
    expect(codes.filter((code) => code === 'signed')).toHaveLength(6)
    expect(codes.filter((code) => code === 'ERR_TOKEN_BUSY')).toHaveLength(14)
  })

  it('the first who waits is the first who signs', async () => {
    await using key = await open(ec, { maxSessions: 1 })
    const order: number[] = []
    const signing = Array.from({ length: 20 }, async (_, index) => {
      await key.sign(Buffer.from(`${index}`))
      order.push(index)
    })
    await Promise.all(signing)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  it('disposed of in the middle: what is in flight ends well, what waits is refused, all sessions close', async () => {
    const key = await open(rsa, { maxSessions: 4 })
    const signing = Promise.allSettled(Array.from({ length: 100 }, () => key.sign(Buffer.from('x'))))
    await sleep(5)
    await key[Symbol.asyncDispose]()
    const codes = (await signing).map((result) =>
      result.status === 'rejected' ? result.reason.code : 'signed',
    )
    expect(codes.filter((code) => code !== 'signed' && code !== 'ERR_SIGNER_DISPOSED')).toEqual([])
    expect(codes).toContain('signed')
    expect(codes).toContain('ERR_SIGNER_DISPOSED')
    expect(sessions).toMatchObject({ open: 0, isInitialised: false })
  })

  it('given up in the middle by a signal: the others are signed, and no session is lost', async () => {
    await using key = await open(rsa, { maxSessions: 4 })
    const controller = new AbortController()
    const signing = Array.from({ length: 60 }, (_, index) => {
      const signal = index % 2 === 0 ? controller.signal : undefined
      return key.sign(Buffer.from(`${index}`), { signal })
    })
    const settled = Promise.allSettled(signing)
    controller.abort(new Error('enough'))
    const results = await settled
    const odd = results.filter((_, index) => index % 2 === 1)
    expect(odd.filter(({ status }) => status !== 'fulfilled')).toEqual([])
    expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
    await signMany(key, 0, 100, 8)
    expect(sessions.open).toBe(4)
  })

  it('two keys of one token at once, and one of them goes', async () => {
    await using first = await open(rsa)
    const second = await open(ec)
    const signing = signMany(first, 0, 200, 4)
    await signMany(second, 0, 100, 4)
    await second[Symbol.asyncDispose]()
    await signing
    await signMany(first, 200, 20, 4)
  })

  it('opened and closed 100 times', async () => {
    for (let time = 0; time < 100; time++) {
      await using key = await open(ec)
      await key.sign(Buffer.from('x'))
    }
    expect(sessions).toMatchObject({ open: 0, isInitialised: false })
  })
})

/** After what can be collected is collected; vitest gives no handle on the collector, so it is asked for by V8's flag. */
function residentMemory(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().rss
}
