import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { openSigner } from '../../providers/index.ts'
import { verify } from '../../src/cms/index.ts'
import { vectorPath } from '../credentials/support.ts'
import { describeWith } from '../support/tools.ts'
import { rsaStandIn, type StandIn } from './validata/support/stand-in.ts'

describe('openSigner', () => {
  it('opens the key of a file', async () => {
    const options = { certificate: vectorPath('rsa.crt'), cms: { signingCertificate: true } }
    await using signer = await openSigner(vectorPath('rsa.pkcs8.pem'), options)
    expect(signer.family).toBe('RSA')
    const signature = await signer.signDetached('x')
    expect((await verify(signature, { content: 'x' })).verdict).toBe('certificate-not-validated')
  })

  it('refuses what is no name of a key', async () => {
    await expect(openSigner('https://example.com/')).rejects.toMatchObject({
      code: 'ERR_SIGNER_PROVIDER_UNKNOWN',
    })
    await expect(openSigner(undefined as unknown as string)).rejects.toThrow(TypeError)
    await expect(openSigner('validata:profile')).rejects.toMatchObject({ code: 'ERR_SIGNER_URI' })
  })
})

describeWith('openssl', 'openSigner of a validata: URI', () => {
  let standIn: StandIn
  let uri: string
  beforeAll(async () => {
    standIn = await rsaStandIn()
    uri = `VALIDATA:profile=Ivanov;tool=${standIn.install('rpki1utl')};temporary-folder=${standIn.temporaryFolder}`
    process.env['STAND_IN'] = standIn.environment()['STAND_IN']
    return () => {
      delete process.env['STAND_IN']
    }
  })

  it('signs, passing over what is about keys in files and tokens', async () => {
    const options = {
      certificate: readFileSync(standIn.certificate),
      password: 'unused',
      minRsaBits: 3072,
      cms: {},
    }
    await using signer = await openSigner(uri, options)
    const signature = await signer.signDetached('x')
    expect((await verify(signature, { content: 'x' })).verdict).toBe('certificate-not-validated')
  })

  it('adds a timestamp, which is not signed', async () => {
    const asked: number[] = []
    const timestamp = async (query: Uint8Array): Promise<Uint8Array> => {
      asked.push(query.length)
      throw new Error('no timestamps today')
    }
    await using signer = await openSigner(uri, { cms: { timestamp } })
    await expect(signer.signDetached('x')).rejects.toThrow()
    expect(asked).toHaveLength(1)
  })

  it.each([
    { hash: 'SHA-256' },
    { pss: true },
    { cms: { signingCertificate: true } },
    { cms: { certificates: 'none' } },
  ] as const)('refuses %j, which the tool would not follow', async (options) => {
    await expect(openSigner(uri, options)).rejects.toMatchObject({
      code: 'ERR_SIGNER_URI',
      message: expect.stringContaining('cannot be followed'),
    })
  })
})
