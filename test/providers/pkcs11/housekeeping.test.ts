/** Setting a token up with SoftHSM2: keys made, certificates put in, listed, deleted; OpenSC's pkcs11-tool looks on. */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  deleteObjects,
  generateTokenKey,
  importCertificates,
  listModules,
  listObjects,
  openPkcs11Key,
  openPkcs11RequestKey,
} from '../../../providers/pkcs11/index.ts'
import { createCertificateRequest, issueTestCertificate, PrivateKey } from '../../../src/credentials/index.ts'
import { cmsSigner } from '../../../src/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { mustRun } from '../../interop/support/run.ts'
import { describeWith } from '../../support/tools.ts'
import { useJudges } from './support/judges.ts'
import { openSoftHsm, userPin } from './support/softhsm.ts'

describeWith(['pkcs11js', 'softhsm', 'opensc', 'openssl', 'bouncycastle'], 'housekeeping', () => {
  const judges = useJudges()
  const token = 'pkcs11:token=desk'
  let module: string
  let env: Readonly<Record<string, string>>
  const access = () => ({ module, pin: () => userPin })

  beforeAll(async () => {
    const hsm = openSoftHsm()
    await hsm.addToken('desk')
    module = hsm.module
    env = hsm.env
  })

  const seenByOpenSc = async (): Promise<string> => {
    const where = ['--module', module, '--token-label', 'desk', '--login', '--pin', 'env:SEALKIT_TEST_PIN']
    const { stdout } = await mustRun('pkcs11-tool', [...where, '--list-objects'], {
      env: { ...env, SEALKIT_TEST_PIN: userPin },
    })
    return stdout.toString()
  }

  const issueFor = async (request: Awaited<ReturnType<typeof createCertificateRequest>>) => {
    const { certificate, key } = judges.pki.intermediate
    const issuer = { certificate: Certificate.parse(certificate), key: await PrivateKey.fromPkcs8(key) }
    return await issueTestCertificate({ request, issuer, extendedKeyUsage: ['emailProtection'], days: 30 })
  }

  describe.each(['RSA-2048', 'P-256', 'P-384', 'Ed25519'] as const)(
    'from nothing to a signature: %s',
    (type) => {
      it('key, request, certificate, signature, deleted', async () => {
        const label = `signing ${type}`
        const { uri, subjectPublicKeyInfo } = await generateTokenKey({ uri: token, label, type, ...access() })
        await using requestKey = await openPkcs11RequestKey({ key: uri, ...access() })
        expect(Buffer.from(requestKey.subjectPublicKeyInfo)).toEqual(Buffer.from(subjectPublicKeyInfo))
        const request = await createCertificateRequest({ subject: `CN=${type}`, key: requestKey })
        const certificate = await issueFor(request)
        const issuer = Certificate.parse(judges.pki.intermediate.certificate)

        const imported = await importCertificates({
          uri: token,
          certificates: [issuer, certificate],
          ...access(),
        })
        expect(imported.map(({ key }) => key)).toEqual([undefined, label])
        const again = await importCertificates({ uri: token, certificates: [certificate], ...access() })
        expect(again).toMatchObject([{ key: label, isNew: false }])

        // The chain comes from the token, as does the certificate.
        const key = await openPkcs11Key({ key: uri, ...access() })
        expect(key.certificate.equals(certificate)).toBe(true)
        expect(key.chain.map((each) => `${each.subject}`)).toContain(`${issuer.subject}`)
        await using signer = cmsSigner(key)
        const content = Buffer.from('the passport token')
        const signature = await signer.signDetached(content)
        await judges.expectAccepted(signature.der, content, { isEdDsa: type === 'Ed25519' })

        expect(await seenByOpenSc()).toContain(label)
        const objects = await listObjects({ uri: token, ...access() })
        const own = objects.filter((object) => object.label === label)
        expect(own.map((object) => object.type).sort()).toEqual(['cert', 'private', 'public'])
        expect(new Set(own.map(({ keyIdentity }) => keyIdentity)).size).toBe(1)
        for (const object of own) expect(object.uri).toContain('token=desk')

        const shown: string[][] = []
        const refuse = (uris: readonly string[]): boolean => shown.push([...uris]) === 0
        const whole = uri.replace(';type=private', '')
        expect(await deleteObjects({ uri: whole, confirm: refuse, ...access() })).toEqual([])
        expect(shown[0]?.length).toBe(3)
        expect(await seenByOpenSc()).toContain(label)
        expect((await deleteObjects({ uri: whole, confirm: () => true, ...access() })).length).toBe(3)
        expect(await seenByOpenSc()).not.toContain(label)
      })
    },
  )

  it('a new key stays in the token: sensitive, not extractable', async () => {
    await generateTokenKey({ uri: token, label: 'kept', type: 'P-256', ...access() })
    const key = /Private Key Object.*?label: +kept.*?Access: +([^\n]*)/s.exec(await seenByOpenSc())
    expect(key?.[1]).toMatch(/sensitive.*never extractable/)
  })

  it('a key that asks for the PIN at each signature', async () => {
    const options = { uri: token, label: 'careful', type: 'P-256', alwaysAuthenticate: true } as const
    const { uri } = await generateTokenKey({ ...options, ...access() })
    const purposes: string[] = []
    const pin = ({ purpose }: { purpose: string }): string => {
      purposes.push(purpose)
      return userPin
    }
    await using key = await openPkcs11RequestKey({ key: uri, module, pin })
    await key.sign(Buffer.from('a'))
    await key.sign(Buffer.from('b'))
    expect(purposes).toEqual(['login', 'signature', 'signature'])
  })

  it('a label or an id that is taken is refused, and the key that has it is named', async () => {
    const id = Uint8Array.of(1, 2, 3)
    await generateTokenKey({ uri: token, label: 'first', id, type: 'P-256', ...access() })
    for (const taken of [{ label: 'first' }, { label: 'other', id }]) {
      await expect(
        generateTokenKey({ uri: token, type: 'P-256', ...taken, ...access() }),
      ).rejects.toMatchObject({
        code: 'ERR_TOKEN_AMBIGUOUS',
        message: expect.stringContaining('object=first;id=%01%02%03'),
      })
    }
  })

  it('certificates of which no key is there are refused, unless they are meant', async () => {
    const certificates = [Certificate.parse(judges.pki.root.certificate)]
    const options = { uri: token, certificates, ...access() }
    await expect(importCertificates(options)).rejects.toMatchObject({ code: 'ERR_CREDENTIAL_KEY_MISMATCH' })
    expect(await importCertificates({ ...options, withoutKey: true })).toMatchObject([{ isNew: true }])
  })

  it('the whole token is not deleted, nor what is not there', async () => {
    const confirm = (): boolean => true
    await expect(deleteObjects({ uri: token, confirm, ...access() })).rejects.toMatchObject({
      code: 'ERR_SIGNER_URI',
    })
    await expect(deleteObjects({ uri: `${token};object=none`, confirm, ...access() })).rejects.toMatchObject({
      code: 'ERR_TOKEN_KEY_NOT_FOUND',
    })
  })

  it('without a PIN private keys are not listed, and nothing is asked', async () => {
    const objects = await listObjects({ uri: token, module })
    expect(objects.filter(({ type }) => type === 'private')).toEqual([])
  })

  it('modules with their tokens, and those that are none', async () => {
    const [listed] = await listModules({ module })
    expect(listed?.library).toMatchObject({ manufacturer: 'SoftHSM', cryptokiVersion: '2.40' })
    const desk = listed?.slots.find((slot) => slot.token?.label === 'desk')?.token
    expect(desk).toMatchObject({ isInitialised: true, needsPin: true, pin: 'ok', hasPinPad: false })
    expect(desk?.mechanisms).toContain('CKM_RSA_PKCS')
    const [none] = await listModules({ module: '/bin/true' })
    expect(none?.error).toMatchObject({ code: 'ERR_TOKEN_MODULE_FAILED' })
  })
})
