/** p11-kit's remote token as it is, without sealkit: what is seen when the other side goes away. */
import type { Handle } from 'pkcs11js'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPki } from '../../interop/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { P11KitServer } from './support/p11-kit-server.ts'
import { asyncAnswer, digestInfo, isGood, loadPkcs11js, RawModule } from './support/raw.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'
import { makeKey, type Token, type TokenKey } from './support/token-tool.ts'

const data = Buffer.from('to be signed')

describeWith(['pkcs11js', 'p11-kit', 'softhsm', 'opensc', 'openssl'], 'p11-kit-client', () => {
  let token: Token
  let key: TokenKey
  let server: P11KitServer

  beforeAll(async () => {
    token = await openSoftHsm().addToken('far away')
    key = await makeKey(token, await openPki(), { label: 'far', id: '01', kind: 'RSA-2048' })
    server = new P11KitServer(token)
  })
  beforeEach(async () => {
    await server.kill()
    await server.start()
  })
  afterAll(() => server?.kill())

  const openSession = (module: RawModule): Handle => module.session(module.slot(token.label), userPin)
  const sign = (module: RawModule, session: Handle): Buffer => {
    const { CKM_RSA_PKCS: mechanism } = module.c
    return module.sign(session, { mechanism }, module.privateKey(session, key.id), digestInfo(data))
  }

  it('signs', () => {
    using module = new RawModule(server.module)
    expect(isGood('PKCS1', key.publicKey, data, sign(module, openSession(module)))).toBe(true)
  })

  it('wants CKF_OS_LOCKING_OK', () => {
    const { PKCS11 } = loadPkcs11js()
    const pkcs11 = new PKCS11()
    pkcs11.load(server.module)
    expect(() => pkcs11.C_Initialize()).toThrow('CKR_CANT_LOCK')
  })

  it('answers CKR_DEVICE_ERROR when the server is gone, also when it is back, until initialised again', async () => {
    const module = new RawModule(server.module)
    const session = openSession(module)
    sign(module, session)
    const slots = () => module.answer((pkcs11) => pkcs11.C_GetSlotList(true))
    await server.kill()
    expect(module.answer(() => sign(module, session))).toBe('CKR_DEVICE_ERROR')
    expect(slots()).toBe('CKR_DEVICE_ERROR')
    await server.start()
    expect([slots(), slots()]).toEqual(['CKR_DEVICE_ERROR', 'CKR_DEVICE_ERROR'])
    module.pkcs11.C_Finalize()
    module.start()
    using again = module
    expect(isGood('PKCS1', key.publicKey, data, sign(again, openSession(again)))).toBe(true)
  })

  it('a signature in flight ends with CKR_DEVICE_ERROR or well, and does not hang', async () => {
    using module = new RawModule(server.module)
    const slot = module.slot(token.label)
    const first = module.session(slot, userPin)
    const handle = module.privateKey(first, key.id)
    const sessions = [first, ...Array.from({ length: 7 }, () => module.session(slot))]
    const signatures = sessions.map((session) => {
      module.pkcs11.C_SignInit(session, { mechanism: module.c.CKM_RSA_PKCS }, handle)
      return asyncAnswer(module.pkcs11.C_SignAsync(session, digestInfo(data), Buffer.alloc(256)))
    })
    await server.kill()
    const answers = await Promise.all(signatures)
    expect(answers.filter((answer) => !['CKR_OK', 'CKR_DEVICE_ERROR'].includes(answer))).toEqual([])
  })
})
