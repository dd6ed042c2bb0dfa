/** A token whose PIN locks at the third wrong one: sealkit tries each PIN once, and never locks it unasked. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPkcs11Key, type PinRequest, type Pkcs11KeyOptions } from '../../../providers/pkcs11/index.ts'
import { cmsSigner } from '../../../src/signer/index.ts'
import { describeWith } from '../../support/tools.ts'
import { useJudges } from './support/judges.ts'
import { Opencryptoki, pin } from './support/opencryptoki.ts'
import { RawModule } from './support/raw.ts'
import { makeKey, type TokenKey } from './support/token-tool.ts'

const content = Buffer.from('the content')
const needs = ['pkcs11js', 'opencryptoki', 'opensc', 'openssl', 'bouncycastle'] as const

describeWith(needs, 'keys in opencryptoki', () => {
  const judges = useJudges()
  let opencryptoki: Opencryptoki
  let key: TokenKey

  beforeAll(async () => {
    opencryptoki = await Opencryptoki.open()
    key = await makeKey(opencryptoki.token, judges.pki, { label: 'rsa', id: '01', kind: 'RSA-2048' })
  })
  afterAll(() => opencryptoki?.[Symbol.asyncDispose]())

  const open = (options: Partial<Pkcs11KeyOptions> = {}) =>
    openPkcs11Key({ key: key.uri, module: opencryptoki.token.module, pin: () => pin, ...options })

  it.each<readonly [Pkcs11KeyOptions['hash'], boolean]>([
    [undefined, false],
    ['SHA-512', false],
    [undefined, true],
    ['SHA-384', true],
  ])('RSA-2048, hash %s, PSS %s: accepted', async (hash, pss) => {
    await using signer = cmsSigner(await open({ hash, pss }))
    await judges.expectAccepted((await signer.signDetached(content)).der, content)
  })

  describe('a wrong PIN', () => {
    /** Every test begins with a token that has all its tries, and a sealkit that has tried none. */
    beforeEach(async () => {
      withRaw((module) => opencryptoki.unlock(module))
      const opened = await open({ useFinalTry: true })
      await opened[Symbol.asyncDispose]()
    })

    const withRaw = <T>(use: (module: RawModule) => T): T => {
      using module = new RawModule(opencryptoki.token.module)
      return use(module)
    }
    /** By the token's own flags. */
    const state = () =>
      withRaw((module) => {
        const { pkcs11, c } = module
        const { flags } = pkcs11.C_GetTokenInfo(module.slot(opencryptoki.token.label))
        if ((flags & c.CKF_USER_PIN_LOCKED) !== 0) return 'locked'
        if ((flags & c.CKF_USER_PIN_FINAL_TRY) !== 0) return 'final try'
        return (flags & c.CKF_USER_PIN_COUNT_LOW) === 0 ? 'all tries' : 'count low'
      })
    /** Wrong PINs by another program. */
    const tryElsewhere = (times: number) =>
      withRaw((module) => {
        const session = module.session(module.slot(opencryptoki.token.label))
        for (let time = 0; time < times; time++) {
          module.answer(({ C_Login }) => C_Login.call(module.pkcs11, session, module.c.CKU_USER, 'wrong123'))
        }
      })

    it('is tried once, and is not tried again', async () => {
      let asked = 0
      const wrong = () => {
        asked++
        return 'wrong123'
      }
      const error = await open({ pin: wrong }).catch((thrown: Error) => thrown)
      expect(error).toMatchObject({ code: 'ERR_TOKEN_PIN_WRONG', ckr: 'CKR_PIN_INCORRECT' })
      expect(`${(error as Error).message} ${JSON.stringify(error)}`).not.toContain('wrong123')
      expect(asked).toBe(1)
      expect(state()).toBe('count low')
    })

    it('who is asked for the PIN is told how many tries are left', async () => {
      const told: PinRequest['triesLeft'][] = []
      const tell = ({ triesLeft }: PinRequest) => {
        told.push(triesLeft)
        return pin
      }
      for (const times of [0, 1]) {
        tryElsewhere(times)
        await (await open({ pin: tell }))[Symbol.asyncDispose]()
      }
      tryElsewhere(2)
      await (await open({ pin: tell, useFinalTry: true }))[Symbol.asyncDispose]()
      expect(told).toEqual(['unknown', 'few', 'one'])
    })

    it('at the final try none is asked for and none is tried', async () => {
      tryElsewhere(2)
      let asked = 0
      const right = () => {
        asked++
        return pin
      }
      for (let time = 0; time < 5; time++) {
        await expect(open({ pin: right })).rejects.toMatchObject({
          code: 'ERR_TOKEN_PIN_FINAL_TRY',
          hint: expect.stringContaining('useFinalTry'),
        })
      }
      expect(asked).toBe(0)
      expect(state()).toBe('final try')
    })

    it('the final try is made where it is asked for, and the right PIN sets the count to 0', async () => {
      tryElsewhere(2)
      await using opened = await open({ useFinalTry: true })
      expect(await opened.sign(content)).toHaveLength(256)
      await opened[Symbol.asyncDispose]()
      expect(state()).toBe('all tries')
    })

    it('one after the other they never lock the token', async () => {
      const codes: string[] = []
      for (let time = 0; time < 8; time++) {
        codes.push(
          await open({ pin: () => 'wrong123' }).then(
            () => 'opened',
            (error) => error.code,
          ),
        )
      }
      expect(codes.slice(0, 3)).toEqual([
        'ERR_TOKEN_PIN_WRONG',
        'ERR_TOKEN_PIN_WRONG',
        'ERR_TOKEN_PIN_FINAL_TRY',
      ])
      expect(new Set(codes.slice(3))).toEqual(new Set(['ERR_TOKEN_PIN_FINAL_TRY']))
      expect(state()).toBe('final try')
    })

    it('many at once never lock the token', async () => {
      const slow = async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        return 'wrong123'
      }
      const opening = await Promise.allSettled(Array.from({ length: 8 }, () => open({ pin: slow })))
      const codes = opening.map((result) => (result.status === 'rejected' ? result.reason.code : 'opened'))
      expect(
        codes.filter((code) => !['ERR_TOKEN_PIN_WRONG', 'ERR_TOKEN_PIN_FINAL_TRY'].includes(code)),
      ).toEqual([])
      expect(state()).toBe('final try')
    })

    it('a locked token is said to be locked, with the way out', async () => {
      tryElsewhere(3)
      expect(state()).toBe('locked')
      await expect(open()).rejects.toMatchObject({
        code: 'ERR_TOKEN_PIN_LOCKED',
        hint: expect.stringContaining('security officer'),
      })
      await expect(open({ useFinalTry: true })).rejects.toMatchObject({ code: 'ERR_TOKEN_PIN_LOCKED' })
    })
  })
})
