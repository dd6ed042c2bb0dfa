/** The twenty failures that users of PKCS#11 meet: 1 to 8 and 15, those of sessions, logins and slots. */
import { beforeAll, describe, expect, it } from 'vitest'
import { openPkcs11Key, type Pkcs11KeyOptions } from '../../../providers/pkcs11/index.ts'
import { openPki } from '../../interop/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { FakeCryptoki, openFake } from './support/fake-cryptoki.ts'
import { type FakeToken, fakeRsa, fakeToken } from './support/fake-token.ts'
import { RawModule } from './support/raw.ts'
import { openSoftHsm, type SoftHsm, userPin } from './support/softhsm.ts'
import { makeKey, type Token, type TokenKey } from './support/token-tool.ts'

const data = Buffer.from('to be signed')

describeWith(['pkcs11js', 'softhsm', 'opensc', 'openssl'], 'with SoftHSM2', () => {
  let hsm: SoftHsm
  let token: Token
  let key: TokenKey
  let always: TokenKey

  beforeAll(async () => {
    hsm = openSoftHsm()
    token = await hsm.addToken('failures')
    const pki = await openPki()
    key = await makeKey(token, pki, { label: 'key', id: '01', kind: 'P-256' })
    always = await makeKey(token, pki, {
      label: 'always',
      id: '02',
      kind: 'RSA-2048',
      alwaysAuthenticate: true,
    })
  })

  const open = ({ uri }: TokenKey, options: Partial<Pkcs11KeyOptions> = {}) =>
    openPkcs11Key({ key: uri, module: token.module, pin: () => userPin, ...options })
  /** What somebody else in this process does to the module. */
  const beside = () => RawModule.beside(token.module)

  it('1 session invalid but reused by the pool', async () => {
    await using opened = await open(key, { maxSessions: 4 })
    await Promise.all(Array.from({ length: 8 }, () => opened.sign(data)))
    const { pkcs11 } = beside()
    pkcs11.C_CloseAllSessions(beside().slot(token.label))
    const signing = await Promise.allSettled(Array.from({ length: 12 }, () => opened.sign(data)))
    expect(signing.filter(({ status }) => status === 'rejected')).toEqual([])
  })

  it('2 retry with the old key handles', async () => {
    await using opened = await open(key)
    await opened.sign(data)
    // After it was started anew the module gives other handles.
    const { pkcs11 } = beside()
    pkcs11.C_Finalize()
    pkcs11.C_Initialize({ flags: 2 })
    await expect(opened.sign(data)).resolves.toBeDefined()
  })

  it('3 HSM idle timeout: sessions and login are gone', async () => {
    let asked = 0
    const pin = () => {
      asked++
      return userPin
    }
    await using opened = await open(key, { pin })
    beside().pkcs11.C_CloseAllSessions(beside().slot(token.label))
    await opened.sign(data)
    await opened.sign(data)
    expect(asked).toBe(2)
  })

  it('5 token inserted after start not seen', async () => {
    await using opened = await open(key)
    const later = await hsm.addToken('later')
    const added = await makeKey(later, await openPki(), { label: 'key', id: '01', kind: 'P-256' })
    await opened[Symbol.asyncDispose]()
    await using second = await open(added)
    await expect(second.sign(data)).resolves.toBeDefined()
  })

  it('6 USER_ALREADY_LOGGED_IN is success', async () => {
    await using first = await open(key)
    let asked = 0
    const pin = () => {
      asked++
      return 'no PIN is needed'
    }
    await using second = await open(key, { pin })
    await second.sign(data)
    await first.sign(data)
    expect(asked).toBe(0)
  })

  it('7 closing the last session loses the login', async () => {
    const pins = [userPin, 'wrong', userPin]
    await using opened = await open(always, {
      pin: () => pins.shift() ?? 'asked for once too often',
      maxSessions: 1,
    })
    const lost: unknown[] = []
    opened.on('lost', (news) => void lost.push(news))
    // The session in which it failed is closed; the login must outlive it.
    await expect(opened.sign(data)).rejects.toMatchObject({ code: 'ERR_TOKEN_PIN_WRONG' })
    await opened.sign(data)
    expect([pins, lost]).toEqual([[], []])
  })

  it('8 another process logs the card out', async () => {
    await using opened = await open(key)
    await opened.sign(data)
    const raw = beside()
    const session = raw.session(raw.slot(token.label))
    raw.pkcs11.C_Logout(session)
    raw.pkcs11.C_CloseSession(session)
    await expect(opened.sign(data)).resolves.toBeDefined()
  })
})

describe('with a fake, since no card can be pulled here', () => {
  let card: FakeToken
  const open = openFake
  const pinOf = () => () => card.pin

  beforeAll(async () => {
    card = fakeToken({ objects: [...(await fakeRsa()).objects] })
  })

  it('4 card removed: the module is not started anew under another card that is in use', async () => {
    const other = fakeToken({ label: 'other', objects: [...(await fakeRsa()).objects] })
    const fake = new FakeCryptoki(card, other)
    await using pulled = await open(fake, { pin: pinOf(), key: 'pkcs11:token=fake' })
    await using stays = await open(fake, { pin: pinOf(), key: 'pkcs11:token=other' })
    await Promise.all([pulled.sign(data), stays.sign(data)])
    fake.pull(0)
    await expect(pulled.sign(data)).rejects.toMatchObject({ code: 'ERR_TOKEN_LOST' })
    expect(fake.calls).not.toContain('C_Finalize')
    await expect(stays.sign(data)).resolves.toHaveLength(256)
  })

  it('4 card removed and reinserted', async () => {
    const fake = new FakeCryptoki(card)
    await using opened = await open(fake, { pin: pinOf() })
    const events: string[] = []
    opened.on('lost', () => void events.push('lost'))
    opened.on('back', () => void events.push('back'))
    await opened.sign(data)
    fake.pull(0)
    await expect(opened.sign(data)).rejects.toMatchObject({
      code: 'ERR_TOKEN_LOST',
      hint: expect.any(String),
    })
    fake.slots.set(0, card)
    await expect(opened.sign(data)).resolves.toHaveLength(256)
    await new Promise((resolve) => setImmediate(resolve))
    expect(events).toEqual(['lost', 'back'])
  })

  it.each([
    'CKR_SESSION_HANDLE_INVALID',
    'CKR_SESSION_CLOSED',
    'CKR_DEVICE_ERROR',
    'CKR_DEVICE_REMOVED',
    'CKR_TOKEN_NOT_PRESENT',
    'CKR_CRYPTOKI_NOT_INITIALIZED',
    'CKR_USER_NOT_LOGGED_IN',
    'CKR_OBJECT_HANDLE_INVALID',
    'CKR_KEY_HANDLE_INVALID',
  ] as const)('4 %s, once: signed at the second try; twice: an error', async (name) => {
    const call = name === 'CKR_KEY_HANDLE_INVALID' ? 'C_SignInit' : 'C_SignAsync'
    for (const times of [1, 2]) {
      const fake = new FakeCryptoki(card)
      fake.script = (each, time) => (each === call && time <= times ? name : undefined)
      await using opened = await open(fake, { pin: pinOf() })
      const signing = opened.sign(data)
      if (times === 1) await expect(signing).resolves.toHaveLength(256)
      else await expect(signing).rejects.toMatchObject({ code: 'ERR_TOKEN_LOST', ckr: name })
      expect(fake.calls.filter((each) => each === call)).toHaveLength(2)
    }
  })

  it('4 another error is not tried again', async () => {
    const fake = new FakeCryptoki(card)
    fake.script = (call) => (call === 'C_SignAsync' ? 'CKR_GENERAL_ERROR' : undefined)
    await using opened = await open(fake, { pin: pinOf() })
    await expect(opened.sign(data)).rejects.toMatchObject({
      code: 'ERR_TOKEN_FAILED',
      ckr: 'CKR_GENERAL_ERROR',
    })
    expect(fake.calls.filter((call) => call === 'C_SignAsync')).toHaveLength(1)
  })

  it('5 token inserted after start not seen', async () => {
    const fake = new FakeCryptoki()
    fake.slots.set(3, undefined)
    await expect(open(fake, { pin: pinOf() })).rejects.toMatchObject({ code: 'ERR_TOKEN_NOT_FOUND' })
    fake.slots.set(3, card)
    await using opened = await open(fake, { pin: pinOf() })
    await expect(opened.sign(data)).resolves.toHaveLength(256)
  })

  it('6 USER_ALREADY_LOGGED_IN is success, also when it comes in between', async () => {
    const fake = new FakeCryptoki(card)
    await using first = await open(fake, { pin: pinOf() })
    const before = fake.C_GetSessionInfo.bind(fake)
    fake.C_GetSessionInfo = (session) => ({ ...before(session), state: 0 })
    await using second = await open(fake, { pin: pinOf() })
    await expect(second.sign(data)).resolves.toHaveLength(256)
    await first.sign(data)
  })

  it('15 slot numbers move', async () => {
    const fake = new FakeCryptoki(card)
    await using opened = await open(fake, { pin: pinOf() })
    fake.pull(0)
    const other = fakeToken({ objects: [...(await fakeRsa()).objects] })
    fake.slots.set(0, other)
    fake.slots.set(7, card)
    await expect(opened.sign(data)).resolves.toHaveLength(256)
  })
})
