/** opencryptoki's token as it is, without sealkit: the set-up works, and wrong PINs lock it at the third. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPki } from '../../interop/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { Opencryptoki } from './support/opencryptoki.ts'
import { digestInfo, isGood, RawModule, sha256 } from './support/raw.ts'
import { makeKey, type TokenKey } from './support/token-tool.ts'

const data = Buffer.from('to be signed')

describeWith(['pkcs11js', 'opencryptoki', 'opensc', 'openssl'], 'opencryptoki', () => {
  let opencryptoki: Opencryptoki
  let key: TokenKey

  beforeAll(async () => {
    opencryptoki = await Opencryptoki.open()
    const { token } = opencryptoki
    key = await makeKey(token, await openPki(), { label: 'rsa', id: '01', kind: 'RSA-2048' })
  })
  beforeEach(() => {
    using module = new RawModule(opencryptoki.token.module)
    opencryptoki.unlock(module)
  })
  afterAll(() => opencryptoki?.[Symbol.asyncDispose]())

  it('signs by CKM_RSA_PKCS with DigestInfo and CKM_RSA_PKCS_PSS', () => {
    const { module: path, label, pin } = opencryptoki.token
    using module = new RawModule(path)
    const session = module.session(module.slot(label), pin)
    const handle = module.privateKey(session, key.id)
    const pkcs1 = module.sign(session, { mechanism: module.c.CKM_RSA_PKCS }, handle, digestInfo(data))
    expect(isGood('PKCS1', key.publicKey, data, pkcs1)).toBe(true)
    const pss = module.sign(session, module.pssWithSha256(), handle, sha256(data))
    expect(isGood('PSS', key.publicKey, data, pss)).toBe(true)
  })

  it('counts wrong PINs: CKF_USER_PIN_COUNT_LOW, FINAL_TRY, LOCKED', () => {
    const { module: path, label, pin } = opencryptoki.token
    using module = new RawModule(path)
    const { pkcs11, c } = module
    const slot = module.slot(label)
    const session = module.session(slot)
    const states = [c.CKF_USER_PIN_COUNT_LOW, c.CKF_USER_PIN_FINAL_TRY, c.CKF_USER_PIN_LOCKED]
    const state = () => pkcs11.C_GetTokenInfo(slot).flags & states.reduce((all, one) => all | one)
    const login = (text: string) => [module.answer(() => pkcs11.C_Login(session, c.CKU_USER, text)), state()]
    expect(state()).toBe(0)
    expect(login('wrong123')).toEqual(['CKR_PIN_INCORRECT', c.CKF_USER_PIN_COUNT_LOW])
    expect(login('wrong123')).toEqual(['CKR_PIN_INCORRECT', c.CKF_USER_PIN_FINAL_TRY])
    expect(login('wrong123')).toEqual(['CKR_PIN_INCORRECT', c.CKF_USER_PIN_LOCKED])
    expect(login(pin)).toEqual(['CKR_PIN_LOCKED', c.CKF_USER_PIN_LOCKED])
  })

  it('the right PIN sets the count to 0', () => {
    const { module: path, label, pin } = opencryptoki.token
    using module = new RawModule(path)
    const { pkcs11, c } = module
    const slot = module.slot(label)
    const session = module.session(slot)
    expect(module.answer(() => pkcs11.C_Login(session, c.CKU_USER, 'wrong123'))).toBe('CKR_PIN_INCORRECT')
    expect(module.answer(() => pkcs11.C_Login(session, c.CKU_USER, pin))).toBe('CKR_OK')
    expect(pkcs11.C_GetTokenInfo(slot).flags & c.CKF_USER_PIN_COUNT_LOW).toBe(0)
  })
})
