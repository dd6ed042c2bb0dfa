/** SoftHSM2 as it is, without sealkit: the set-up works, and the facts that the provider relies on hold. */
import type { Handle } from 'pkcs11js'
import { beforeAll, expect, it } from 'vitest'
import { openPki } from '../../interop/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { asyncAnswer, CKM_EDDSA, digestInfo, isGood, RawModule, sha256 } from './support/raw.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'
import { type KeyKind, makeKey, type Token, type TokenKey } from './support/token-tool.ts'

const data = Buffer.from('to be signed')
const kinds: readonly KeyKind[] = ['RSA-2048', 'RSA-4096', 'P-256', 'P-384', 'Ed25519']

describeWith(['pkcs11js', 'softhsm', 'opensc', 'openssl'], 'SoftHSM2', () => {
  const keys = new Map<string, TokenKey>()
  let token: Token

  beforeAll(async () => {
    const pki = await openPki()
    token = await openSoftHsm().addToken('facts')
    for (const [index, kind] of kinds.entries()) {
      keys.set(kind, await makeKey(token, pki, { label: kind, id: `0${index + 1}`, kind }))
    }
    const always = { label: 'always', id: '0a', kind: 'RSA-2048', alwaysAuthenticate: true } as const
    keys.set('always', await makeKey(token, pki, always))
  })

  const use = <T>(test: (module: RawModule, session: Handle, slot: Handle) => T): T => {
    using module = new RawModule(token.module)
    const slot = module.slot(token.label)
    return test(module, module.session(slot, userPin), slot)
  }
  const key = (name: KeyKind | 'always') => keys.get(name) as TokenKey

  it.each(['RSA-2048', 'RSA-4096'] as const)('%s: CKM_RSA_PKCS with DigestInfo, CKM_RSA_PKCS_PSS', (kind) => {
    use((module, session) => {
      const handle = module.privateKey(session, key(kind).id)
      const pkcs1 = module.sign(session, { mechanism: module.c.CKM_RSA_PKCS }, handle, digestInfo(data))
      expect(isGood('PKCS1', key(kind).publicKey, data, pkcs1)).toBe(true)
      const pss = module.sign(session, module.pssWithSha256(), handle, sha256(data))
      expect(isGood('PSS', key(kind).publicKey, data, pss)).toBe(true)
    })
  })

  it.each(['P-256', 'P-384'] as const)('%s: CKM_ECDSA gives r||s', (kind) => {
    use((module, session) => {
      const handle = module.privateKey(session, key(kind).id)
      const raw = module.sign(session, { mechanism: module.c.CKM_ECDSA }, handle, sha256(data))
      expect(raw).toHaveLength(kind === 'P-256' ? 64 : 96)
      expect(isGood('ECDSA', key(kind).publicKey, data, raw)).toBe(true)
    })
  })

  it('Ed25519: CKM_EDDSA', () => {
    use((module, session) => {
      const handle = module.privateKey(session, key('Ed25519').id)
      const raw = module.sign(session, { mechanism: CKM_EDDSA }, handle, data)
      expect(isGood('EdDSA', key('Ed25519').publicKey, data, raw)).toBe(true)
    })
  })

  it('verifies what it signed, and refuses it for other data', () => {
    use((module, session) => {
      const mechanism = { mechanism: module.c.CKM_SHA256_RSA_PKCS }
      const { id } = key('RSA-2048')
      const signature = module.sign(session, mechanism, module.privateKey(session, id), data)
      const answers = [data, Buffer.from('other')].map((content) => {
        module.pkcs11.C_VerifyInit(session, mechanism, module.publicKey(session, id))
        return module.answer((pkcs11) => pkcs11.C_Verify(session, content, signature))
      })
      expect(answers).toEqual(['CKR_OK', 'CKR_SIGNATURE_INVALID'])
    })
  })

  it('offers RSA, ECDSA and EdDSA, and no ECDSA that hashes', () => {
    use(({ pkcs11, c }, _, slot) => {
      const list = pkcs11.C_GetMechanismList(slot)
      const wanted = [c.CKM_RSA_PKCS, c.CKM_SHA256_RSA_PKCS, c.CKM_RSA_PKCS_PSS, c.CKM_ECDSA, CKM_EDDSA]
      expect(list).toEqual(expect.arrayContaining(wanted))
      expect(list).not.toContain(c.CKM_ECDSA_SHA256)
    })
  })

  it('CKA_ALWAYS_AUTHENTICATE: a login before each signature', () => {
    use((module, session) => {
      const { pkcs11, c } = module
      const handle = module.privateKey(session, key('always').id)
      const init = () => pkcs11.C_SignInit(session, { mechanism: c.CKM_RSA_PKCS }, handle)
      const sign = () => module.answer(() => pkcs11.C_Sign(session, digestInfo(data), Buffer.alloc(256)))
      init()
      expect(sign()).toBe('CKR_USER_NOT_LOGGED_IN')
      init()
      pkcs11.C_Login(session, c.CKU_CONTEXT_SPECIFIC, userPin)
      expect(sign()).toBe('CKR_OK')
      init()
      expect(sign()).toBe('CKR_USER_NOT_LOGGED_IN')
    })
  })

  it('never locks its PIN', () => {
    use((module, session, slot) => {
      const { pkcs11, c } = module
      pkcs11.C_Logout(session)
      const tries = Array.from({ length: 12 }, () =>
        module.answer(() => pkcs11.C_Login(session, c.CKU_USER, '0000')),
      )
      expect(new Set(tries)).toEqual(new Set(['CKR_PIN_INCORRECT']))
      const { flags } = pkcs11.C_GetTokenInfo(slot)
      expect(flags & (c.CKF_USER_PIN_FINAL_TRY | c.CKF_USER_PIN_LOCKED)).toBe(0)
      expect(module.answer(() => pkcs11.C_Login(session, c.CKU_USER, userPin))).toBe('CKR_OK')
    })
  })

  it('the login is that of all sessions, and ends with the last', () => {
    use((module, session, slot) => {
      const { pkcs11, c } = module
      const login = (one: Handle) => module.answer(() => pkcs11.C_Login(one, c.CKU_USER, userPin))
      const second = module.session(slot)
      expect(login(second)).toBe('CKR_USER_ALREADY_LOGGED_IN')
      pkcs11.C_CloseSession(session)
      pkcs11.C_CloseSession(second)
      expect(login(module.session(slot))).toBe('CKR_OK')
    })
  })

  it('has one operation a session', async () => {
    using module = new RawModule(token.module)
    const { pkcs11, c } = module
    const session = module.session(module.slot(token.label), userPin)
    const handle = module.privateKey(session, key('RSA-2048').id)
    const init = () => module.answer(() => pkcs11.C_SignInit(session, { mechanism: c.CKM_RSA_PKCS }, handle))
    expect([init(), init()]).toEqual(['CKR_OK', 'CKR_OPERATION_ACTIVE'])
    const [input, output] = [digestInfo(data), Buffer.alloc(256)]
    expect(await asyncAnswer(pkcs11.C_SignAsync(session, input, output))).toBe('CKR_OK')
    expect(init()).toBe('CKR_OK')
  })

  it('CKR_BUFFER_TOO_SMALL keeps the operation', () => {
    use((module, session) => {
      const { pkcs11, c } = module
      const handle = module.privateKey(session, key('RSA-2048').id)
      pkcs11.C_SignInit(session, { mechanism: c.CKM_RSA_PKCS }, handle)
      const sign = (size: number) =>
        module.answer(() => pkcs11.C_Sign(session, digestInfo(data), Buffer.alloc(size)))
      expect([sign(16), sign(256)]).toEqual(['CKR_BUFFER_TOO_SMALL', 'CKR_OK'])
    })
  })

  it('C_GetAttributeValue gives all or nothing', () => {
    use((module, session) => {
      const { pkcs11, c } = module
      const handle = module.privateKey(session, key('RSA-2048').id)
      const read = (...types: number[]) =>
        module.answer(() =>
          pkcs11.C_GetAttributeValue(
            session,
            handle,
            types.map((type) => ({ type })),
          ),
        )
      expect(read(c.CKA_ID)).toBe('CKR_OK')
      expect(read(c.CKA_ID, c.CKA_PRIVATE_EXPONENT)).toBe('CKR_ATTRIBUTE_SENSITIVE')
    })
  })
})
