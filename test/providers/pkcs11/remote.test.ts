/**
 * A token that is far away (p11-kit) is lost and comes back: no wrong signature, nothing that hangs, and the next
 * signature finds it again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPkcs11Key, type Pkcs11Key, type TokenNews } from '../../../providers/pkcs11/index.ts'
import { verifySignature } from '../../../src/algorithms/index.ts'
import { cmsSigner } from '../../../src/signer/index.ts'
import { describeWith } from '../../support/tools.ts'
import { useJudges } from './support/judges.ts'
import { P11KitServer } from './support/p11-kit-server.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'
import { type KeyKind, makeKey, type Token, type TokenKey } from './support/token-tool.ts'

const needs = ['pkcs11js', 'p11-kit', 'softhsm', 'opensc', 'openssl', 'bouncycastle'] as const
const kinds: readonly KeyKind[] = ['RSA-2048', 'P-256']

describeWith(needs, 'a key in a token that is far away', () => {
  const judges = useJudges()
  const keys = new Map<string, TokenKey>()
  let token: Token
  let server: P11KitServer

  beforeAll(async () => {
    token = await openSoftHsm().addToken('far away')
    for (const [index, kind] of kinds.entries()) {
      keys.set(kind, await makeKey(token, judges.pki, { label: kind, id: `0${index + 1}`, kind }))
    }
    server = new P11KitServer(token)
  })
  beforeEach(async () => {
    await server.kill()
    await server.start()
  })
  afterAll(() => server?.kill())

  const open = (kind: KeyKind, pin: () => string = () => userPin) =>
    openPkcs11Key({ key: (keys.get(kind) as TokenKey).uri, module: server.module, pin, maxSessions: 8 })
  const isRight = (key: Pkcs11Key, data: Uint8Array, signature: Uint8Array) =>
    verifySignature(key.algorithm, key.certificate.publicKey, data, signature)
  /** Signs the numbers, and gives for each the error's code or 'signed'. */
  const signAll = async (key: Pkcs11Key, count: number, meanwhile: () => Promise<void>) => {
    const data = Array.from({ length: count }, (_, index) => Buffer.from(`content ${index}`))
    const signing = Promise.allSettled(data.map((each) => key.sign(each)))
    await meanwhile()
    return (await signing).map((result, index) => {
      if (result.status === 'rejected') return String(result.reason.code)
      return isRight(key, data[index] as Buffer, result.value) ? 'signed' : 'wrong'
    })
  }

  it.each(kinds)('%s: accepted', async (kind) => {
    await using signer = cmsSigner(await open(kind))
    const content = Buffer.from('the content')
    await judges.expectAccepted((await signer.signDetached(content)).der, content)
  })

  it.each(kinds)(
    '%s: the server is killed while signatures are in flight, and is back at once',
    async (kind) => {
      await using key = await open(kind)
      const answers = await signAll(key, 200, async () => {
        await key.sign(Buffer.from('one of them is done'))
        await server.kill()
        await server.start()
      })
      expect(answers.filter((answer) => answer !== 'signed' && answer !== 'ERR_TOKEN_LOST')).toEqual([])
      const after = await key.sign(Buffer.from('after'))
      expect(isRight(key, Buffer.from('after'), after)).toBe(true)
    },
  )

  it('is killed and stays away: each signature ends with ERR_TOKEN_LOST, and none hangs', async () => {
    await using key = await open('RSA-2048')
    const answers = await signAll(key, 50, async () => {
      await server.kill()
    })
    expect(answers.filter((answer) => answer !== 'signed' && answer !== 'ERR_TOKEN_LOST')).toEqual([])
    expect(answers).toContain('ERR_TOKEN_LOST')
    await expect(key.sign(Buffer.from('later'))).rejects.toMatchObject({
      code: 'ERR_TOKEN_LOST',
      hint: expect.any(String),
    })
  })

  it('tells that it was lost and that it is back, once each time', async () => {
    await using key = await open('P-256')
    const told: string[] = []
    const listen = (event: 'lost' | 'back') =>
      key.on(event, ({ uri }: TokenNews) => void told.push(`${event} ${uri}`))
    listen('lost')
    listen('back')
    await key.sign(Buffer.from('before'))
    await server.kill()
    await expect(key.sign(Buffer.from('without'))).rejects.toMatchObject({ code: 'ERR_TOKEN_LOST' })
    await expect(key.sign(Buffer.from('without'))).rejects.toMatchObject({ code: 'ERR_TOKEN_LOST' })
    await server.start()
    await key.sign(Buffer.from('again'))
    await key.sign(Buffer.from('again'))
    await sleep(0)
    expect(told).toEqual([`lost ${key.uri}`, `back ${key.uri}`])
  })

  it('asks for the PIN once when it is back, for all that wait', async () => {
    let asked = 0
    await using key = await open('P-256', () => {
      asked++
      return userPin
    })
    expect(asked).toBe(1)
    await server.kill()
    await server.start()
    const answers = await signAll(key, 20, async () => {})
    expect(answers).toEqual(Array.from({ length: 20 }, () => 'signed'))
    expect(asked).toBe(2)
  })

  it('comes and goes many times under load', async () => {
    await using key = await open('RSA-2048')
    for (let round = 0; round < 5; round++) {
      const answers = await signAll(key, 60, async () => {
        await sleep(10 * round)
        await server.kill()
        await server.start()
      })
      expect(answers.filter((answer) => answer !== 'signed' && answer !== 'ERR_TOKEN_LOST')).toEqual([])
      expect(isRight(key, Buffer.from('x'), await key.sign(Buffer.from('x')))).toBe(true)
    }
  })

  it('two keys of one token: both come back', async () => {
    await using first = await open('RSA-2048')
    await using second = await open('P-256')
    for (let round = 0; round < 4; round++) {
      const others = signAll(second, 60, async () => {})
      const answers = await signAll(first, 60, async () => {
        await sleep(5 * round)
        await server.kill()
        await server.start()
      })
      answers.push(...(await others))
      expect(answers.filter((answer) => answer !== 'signed' && answer !== 'ERR_TOKEN_LOST')).toEqual([])
      for (const key of [first, second]) {
        expect(isRight(key, Buffer.from('x'), await key.sign(Buffer.from('x')))).toBe(true)
      }
    }
  })

  it('two keys, neither at work when it is lost: both come back', async () => {
    await using first = await open('RSA-2048')
    await using second = await open('P-256')
    await Promise.all([signAll(first, 16, async () => {}), signAll(second, 16, async () => {})])
    await server.kill()
    await server.start()
    for (const key of [first, second, first]) {
      expect(isRight(key, Buffer.from('x'), await key.sign(Buffer.from('x')))).toBe(true)
    }
  })

  it('is disposed of while the server is away', async () => {
    const key = await open('P-256')
    await server.kill()
    await key[Symbol.asyncDispose]()
    await expect(key.sign(Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_SIGNER_DISPOSED' })
    await server.start()
    await using again = await open('P-256')
    expect(isRight(again, Buffer.from('x'), await again.sign(Buffer.from('x')))).toBe(true)
  })
})
