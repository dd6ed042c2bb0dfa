/** Messages of OpenSSL and Bouncy Castle, kept in vectors/cms. */
import { describe, expect, it } from 'vitest'
import { type VerifyOptions, verify } from '../../src/cms/index.ts'
import { VECTOR_CONTENT, vector } from './support/identities.ts'

const detached = { content: VECTOR_CONTENT }
const trust: VerifyOptions = { trust: () => ({ trusted: true }) }

describe('vectors/cms', () => {
  it.each<[string, VerifyOptions, string[]]>([
    ['openssl-detached', detached, ['RSASSA-PKCS1-v1_5 with SHA-256']],
    ['openssl-attached', {}, ['RSASSA-PKCS1-v1_5 with SHA-256']],
    ['openssl-stream', {}, ['RSASSA-PKCS1-v1_5 with SHA-256']],
    ['openssl-noattr', { allowNoSignedAttributes: true }, ['RSASSA-PKCS1-v1_5 with SHA-256']],
    ['openssl-keyid', detached, ['ECDSA with SHA-256']],
    ['openssl-pss', detached, ['RSASSA-PSS with SHA-256']],
    ['openssl-two', {}, ['ECDSA with SHA-256', 'RSASSA-PKCS1-v1_5 with SHA-256']],
    ['openssl-sha1', { ...detached, allowWeakHashes: true }, ['RSASSA-PKCS1-v1_5 with SHA-1']],
    ['bc-detached', detached, ['RSASSA-PKCS1-v1_5 with SHA-256']],
    ['bc-stream', {}, ['RSASSA-PKCS1-v1_5 with SHA-256']],
    ['bc-ed25519', detached, ['Ed25519']],
    ['bc-ed448', detached, ['Ed448']],
    ['bc-countersigned', detached, ['RSASSA-PKCS1-v1_5 with SHA-256']],
    ['bc-cades-t', detached, ['RSASSA-PKCS1-v1_5 with SHA-256']],
  ])('%s is good', async (name, options, algorithms) => {
    const message = vector(`${name}.der`)
    const result = await verify(message, { ...options, ...trust })
    expect(result).toMatchObject({ verdict: 'valid', reason: undefined })
    expect(result.signers.map(({ algorithm }) => algorithm).sort()).toEqual(algorithms)
    if (result.content !== undefined) expect(Buffer.from(result.content)).toEqual(Buffer.from(VECTOR_CONTENT))
    expect(await verify(message, options)).toMatchObject({ verdict: 'certificate-not-validated' })
  })
})
