/** NSS softokn as it is, without sealkit: the set-up works, and the facts that the provider relies on hold. */
import { X509Certificate } from 'node:crypto'
import type { Handle } from 'pkcs11js'
import { beforeAll, expect, it } from 'vitest'
import { type LeafName, openPki, type Pki } from '../../interop/support/pki.ts'
import { describeWith } from '../../support/tools.ts'
import { type NssToken, nssLabel, nssPassword, openNssToken } from './support/nss.ts'
import { digestInfo, isGood, RawModule, sha256 } from './support/raw.ts'

const data = Buffer.from('to be signed')

describeWith(['pkcs11js', 'softokn', 'nss', 'openssl'], 'NSS softokn', () => {
  let token: NssToken
  let pki: Pki

  beforeAll(async () => {
    pki = await openPki()
    token = await openNssToken()
    for (const name of ['rsa2048', 'p256'] as const) await token.add(pki.leaf(name))
  })

  const use = <T>(test: (module: RawModule, session: Handle) => T): T => {
    using module = new RawModule(token.module, token.libraryParameters)
    return test(module, module.session(module.slot(nssLabel), nssPassword))
  }
  const publicKey = (name: LeafName) => new X509Certificate(pki.leaf(name).certificatePem).publicKey
  /** The private key of the certificate with this label. */
  const keyOf = ({ pkcs11, c }: RawModule, session: Handle, name: LeafName): Handle => {
    const find = (template: { type: number; value: number | string | Buffer }[]) => {
      pkcs11.C_FindObjectsInit(session, template)
      const [found] = pkcs11.C_FindObjects(session, 1)
      pkcs11.C_FindObjectsFinal(session)
      return found as Handle
    }
    const certificate = find([
      { type: c.CKA_CLASS, value: c.CKO_CERTIFICATE },
      { type: c.CKA_LABEL, value: name },
    ])
    const [id] = pkcs11.C_GetAttributeValue(session, certificate, [{ type: c.CKA_ID }])
    return find([
      { type: c.CKA_CLASS, value: c.CKO_PRIVATE_KEY },
      { type: c.CKA_ID, value: id?.value as Buffer },
    ])
  }

  it('signs by CKM_RSA_PKCS with DigestInfo, CKM_RSA_PKCS_PSS, CKM_ECDSA', () => {
    use((module, session) => {
      const [rsa, ec] = [keyOf(module, session, 'rsa2048'), keyOf(module, session, 'p256')]
      const pkcs1 = module.sign(session, { mechanism: module.c.CKM_RSA_PKCS }, rsa, digestInfo(data))
      expect(isGood('PKCS1', publicKey('rsa2048'), data, pkcs1)).toBe(true)
      const pss = module.sign(session, module.pssWithSha256(), rsa, sha256(data))
      expect(isGood('PSS', publicKey('rsa2048'), data, pss)).toBe(true)
      const raw = module.sign(session, { mechanism: module.c.CKM_ECDSA }, ec, sha256(data))
      expect(isGood('ECDSA', publicKey('p256'), data, raw)).toBe(true)
    })
  })

  it('hashes and signs by CKM_SHA256_RSA_PKCS and CKM_ECDSA_SHA256', () => {
    use((module, session) => {
      const [rsa, ec] = [keyOf(module, session, 'rsa2048'), keyOf(module, session, 'p256')]
      const pkcs1 = module.sign(session, { mechanism: module.c.CKM_SHA256_RSA_PKCS }, rsa, data)
      expect(isGood('PKCS1', publicKey('rsa2048'), data, pkcs1)).toBe(true)
      const raw = module.sign(session, { mechanism: module.c.CKM_ECDSA_SHA256 }, ec, data)
      expect(isGood('ECDSA', publicKey('p256'), data, raw)).toBe(true)
    })
  })

  it('answers a context-specific login with CKR_USER_ALREADY_LOGGED_IN', () => {
    use((module, session) => {
      const { pkcs11, c } = module
      pkcs11.C_SignInit(session, { mechanism: c.CKM_RSA_PKCS }, keyOf(module, session, 'rsa2048'))
      const login = () => pkcs11.C_Login(session, c.CKU_CONTEXT_SPECIFIC, nssPassword)
      expect(module.answer(login)).toBe('CKR_USER_ALREADY_LOGGED_IN')
    })
  })

  it('CKR_BUFFER_TOO_SMALL ends an operation that hashes, and keeps one that does not', () => {
    use((module, session) => {
      const { pkcs11, c } = module
      const key = keyOf(module, session, 'rsa2048')
      const sign = (size: number) => module.answer(() => pkcs11.C_Sign(session, data, Buffer.alloc(size)))
      pkcs11.C_SignInit(session, { mechanism: c.CKM_RSA_PKCS }, key)
      expect([sign(16), sign(256)]).toEqual(['CKR_BUFFER_TOO_SMALL', 'CKR_OK'])
      pkcs11.C_SignInit(session, { mechanism: c.CKM_SHA256_RSA_PKCS }, key)
      expect([sign(16), sign(256)]).toEqual(['CKR_BUFFER_TOO_SMALL', 'CKR_OPERATION_NOT_INITIALIZED'])
    })
  })
})
