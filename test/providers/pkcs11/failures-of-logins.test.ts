/** The twenty failures that users of PKCS#11 meet: 9 to 12 and 20, those of PINs and logins. */
import { randomInt } from 'node:crypto'
import { getHeapSnapshot, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPkcs11Key } from '../../../providers/pkcs11/index.ts'
import { openPki } from '../../interop/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { FakeCryptoki, openFake } from './support/fake-cryptoki.ts'
import { CKM, type FakeToken, fakeRsa, fakeToken } from './support/fake-token.ts'
import { Opencryptoki } from './support/opencryptoki.ts'
import { RawModule } from './support/raw.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'
import { makeKey, type Token, type TokenKey } from './support/token-tool.ts'

const data = Buffer.from('to be signed')

describeWith(['pkcs11js', 'softhsm', 'opensc', 'openssl'], 'with SoftHSM2', () => {
  let token: Token
  let always: TokenKey

  beforeAll(async () => {
    token = await openSoftHsm().addToken('failures')
    const options = { label: 'always', id: '01', kind: 'RSA-2048', alwaysAuthenticate: true } as const
    always = await makeKey(token, await openPki(), options)
  })

  it('9 ALWAYS_AUTHENTICATE ignored', async () => {
    const purposes: string[] = []
    await using opened = await openPkcs11Key({
      key: always.uri,
      module: token.module,
      maxSessions: 3,
      pin: ({ purpose }) => {
        purposes.push(purpose)
        return userPin
      },
    })
    const signing = await Promise.all([opened.sign(data), opened.sign(data), opened.sign(data)])
    expect(signing).toHaveLength(3)
    expect(purposes).toEqual(['login', 'signature', 'signature', 'signature'])
  })
})

describeWith(['pkcs11js', 'opencryptoki', 'opensc', 'openssl'], 'with opencryptoki', () => {
  it('10 automatic retry locks the PIN', async () => {
    await using opencryptoki = await Opencryptoki.open()
    const { token } = opencryptoki
    const key = await makeKey(token, await openPki(), { label: 'rsa', id: '01', kind: 'RSA-2048' })
    let asked = 0
    const pins = [token.pin, 'wrong123', 'wrong123', 'wrong123', 'wrong123', 'wrong123']
    const pin = () => {
      asked++
      return pins.shift() ?? ''
    }
    await using opened = await openPkcs11Key({ key: key.uri, module: token.module, pin })
    const raw = RawModule.beside(token.module)
    const slot = raw.slot(token.label)
    // The sessions are lost again and again, and the PIN has been changed meanwhile.
    const codes: string[] = []
    for (let time = 0; time < 6; time++) {
      raw.pkcs11.C_CloseAllSessions(slot)
      const signing = opened.sign(data).then(
        () => 'signed',
        (error) => error.code,
      )
      codes.push(await signing)
    }
    expect(codes.slice(0, 3)).toEqual([
      'ERR_TOKEN_PIN_WRONG',
      'ERR_TOKEN_PIN_WRONG',
      'ERR_TOKEN_PIN_FINAL_TRY',
    ])
    expect(asked).toBe(3)
    expect(raw.pkcs11.C_GetTokenInfo(slot).flags & raw.c.CKF_USER_PIN_LOCKED).toBe(0)
  })
})

describe('with a fake, since no module here does it', () => {
  let token: FakeToken

  const card = async (changes: Partial<FakeToken> = {}, alwaysAuthenticate = false) =>
    fakeToken({ objects: [...(await fakeRsa({ alwaysAuthenticate })).objects], ...changes })

  it('9 ALWAYS_AUTHENTICATE: a wrong PIN is tried twice at most, however many signatures wait', async () => {
    token = await card({}, true)
    const fake = new FakeCryptoki(token)
    const pins = [token.pin]
    await using opened = await openFake(fake, { pin: () => pins.shift() ?? 'wrong', maxSessions: 8 })
    const signing = await Promise.allSettled(Array.from({ length: 20 }, () => opened.sign(data)))
    const codes = signing.map((result) => (result.status === 'rejected' ? result.reason.code : 'signed'))
    expect(codes.filter((code) => code === 'ERR_TOKEN_PIN_WRONG')).toHaveLength(2)
    expect(codes.filter((code) => code === 'ERR_TOKEN_PIN_FINAL_TRY')).toHaveLength(18)
    expect(fake.pins).toEqual([token.pin, 'wrong', 'wrong'])
  })

  describe('11 untruthful flags', () => {
    it('no flag ever tells of wrong PINs: after two none is tried', async () => {
      const fake = new FakeCryptoki(await card())
      for (let time = 0; time < 5; time++) {
        const code = time < 2 ? 'ERR_TOKEN_PIN_WRONG' : 'ERR_TOKEN_PIN_FINAL_TRY'
        await expect(openFake(fake, { pin: () => 'wrong' })).rejects.toMatchObject({ code })
      }
      expect(fake.pins).toEqual(['wrong', 'wrong'])
    })

    it('no login is required, and the key is not shown without one', async () => {
      const CKF_LOGIN_REQUIRED = 0x4
      token = await card()
      token.flags &= ~CKF_LOGIN_REQUIRED
      await using opened = await openFake(new FakeCryptoki(token))
      await expect(opened.sign(data)).resolves.toHaveLength(256)
    })

    it('a mechanism stands in the list and is refused: the next is taken, from then on', async () => {
      const fake = new FakeCryptoki(await card({ mechanisms: [CKM.RSA_PKCS, CKM.SHA256_RSA_PKCS] }))
      fake.script = (call, time) =>
        call === 'C_SignInit' && time === 1 ? 'CKR_MECHANISM_INVALID' : undefined
      await using opened = await openFake(fake)
      await expect(opened.sign(data)).resolves.toHaveLength(256)
      await expect(opened.sign(data)).resolves.toHaveLength(256)
      expect(fake.calls.filter((call) => call === 'C_SignInit')).toHaveLength(3)
    })

    it('more sessions are promised than there are: fewer are used', async () => {
      token = await card()
      const fake = new FakeCryptoki(token)
      await using opened = await openFake(fake, { maxSessions: 8 })
      token.maxSessionCount = 3
      const signing = await Promise.allSettled(Array.from({ length: 20 }, () => opened.sign(data)))
      expect(signing.filter(({ status }) => status === 'rejected')).toEqual([])
    })
  })

  describe('12 protected authentication path', () => {
    const CKF_PROTECTED_AUTHENTICATION_PATH = 0x100
    const pad = async (alwaysAuthenticate = false) => {
      token = await card({}, alwaysAuthenticate)
      token.flags |= CKF_PROTECTED_AUTHENTICATION_PATH
      return new FakeCryptoki(token)
    }

    it('no PIN is asked for here: the token does it', async () => {
      const fake = await pad()
      const pin = () => {
        throw new Error('asked')
      }
      await using opened = await openFake(fake, { pin })
      await expect(opened.sign(data)).resolves.toHaveLength(256)
      expect(fake.pins).toEqual([''])
    })

    it('for each signature too', async () => {
      const fake = await pad(true)
      await using opened = await openFake(fake, { pin: undefined })
      await opened.sign(data)
      await opened.sign(data)
      expect(fake.pins).toEqual(['', '', ''])
    })

    it('nobody enters it: an error that says so', async () => {
      const fake = await pad()
      fake.script = (call) => (call === 'C_Login' ? 'CKR_FUNCTION_CANCELED' : undefined)
      await expect(openFake(fake)).rejects.toMatchObject({
        code: 'ERR_TOKEN_PIN_REQUIRED',
        ckr: 'CKR_FUNCTION_CANCELED',
      })
    })
  })

  it('20 PIN kept in memory', async () => {
    // As octets here, so that only what is tested makes a string of it.
    const octets = Buffer.from(Array.from({ length: 24 }, () => 0x61 + randomInt(26)))
    const mask = Buffer.alloc(24, 0x20)
    const secret = Buffer.from(octets.map((octet, i) => octet ^ (mask[i] as number)))
    const unmasked = () => Buffer.from(secret.map((octet, i) => octet ^ (mask[i] as number)))
    token = await card()
    const fake = new FakeCryptoki(token)
    const login = fake.C_Login.bind(fake)
    // The fake itself keeps those that it gets.
    let right = 0
    fake.C_Login = (session, user, pin) => {
      if (Buffer.from(pin).equals(unmasked())) right++
      login(session, user, token.pin)
    }
    octets.fill(0)
    await using opened = await openFake(fake, { pin: () => unmasked() })
    await opened.sign(data)
    expect(right).toBe(1)
    expect(await heapHolds(unmasked())).toBe(false)
    const kept = { pin: unmasked().toString('latin1') }
    expect(await heapHolds(unmasked())).toBe(true)
    expect(kept.pin).toHaveLength(24)
  })
})

/** Whether a string of these letters lives. */
async function heapHolds(letters: Buffer): Promise<boolean> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  let end = Buffer.alloc(0)
  let found = false
  for await (const chunk of getHeapSnapshot()) {
    const text = Buffer.concat([end, chunk as Buffer])
    found ||= text.includes(letters)
    end = text.subarray(-letters.length)
  }
  return found
}
