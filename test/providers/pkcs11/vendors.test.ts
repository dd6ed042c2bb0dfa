/** What vendors' papers say of their modules, with a fake, since none of them is here. */
import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Handle } from '../../../providers/pkcs11/cryptoki/interface.ts'
import { issueTestCertificate, PrivateKey } from '../../../src/credentials/index.ts'
import { FakeCryptoki, openFake } from './support/fake-cryptoki.ts'
import { CKA, fakeCertificate, fakeRsa, fakeToken } from './support/fake-token.ts'

const RW_SESSION = 0x2

/** https://docs.aws.amazon.com/cloudhsm/latest/userguide/ki-pkcs11-sdk.html */
class WritingOnly extends FakeCryptoki {
  override C_OpenSession(slot: Handle, flags = 0): Handle {
    if ((flags & RW_SESSION) === 0) throw new Error('CKR_FUNCTION_FAILED:6')
    return super.C_OpenSession(slot)
  }
}

it('AWS CloudHSM: sessions for reading only are refused with CKR_FUNCTION_FAILED', async () => {
  const { objects } = await fakeRsa()
  const fake = new WritingOnly(fakeToken({ objects: [...objects] }))
  await using key = await openFake(fake)
  expect(await key.sign(Buffer.from('data'))).toHaveLength(256)
})

it('YubiKey: an attestation has CKA_ID and public key of the key, and is not its certificate', async () => {
  const { key, certificate, objects } = await fakeRsa()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const attestation = await issueTestCertificate({
    publicKey: new Uint8Array(key.attributes.get(CKA.PUBLIC_KEY_INFO) as Buffer),
    subject: 'CN=attestation',
    issuer: {
      certificate: await issueTestCertificate({ key: privateKey, subject: 'CN=vendor', days: 90 }),
      key: await PrivateKey.fromPkcs8(privateKey.export({ format: 'der', type: 'pkcs8' })),
    },
    days: 30,
  })
  const made = fakeCertificate({ id: '01', der: attestation.der })
  made.attributes.set(CKA.TOKEN, Buffer.of(0))
  const fake = new FakeCryptoki(fakeToken({ objects: [made, ...objects] }))
  await using opened = await openFake(fake)
  expect(Buffer.from(opened.certificate.der)).toEqual(certificate.attributes.get(CKA.VALUE))
})
