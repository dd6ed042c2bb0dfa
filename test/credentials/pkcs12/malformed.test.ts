/** Damage of every kind: a typed error, or what the MAC does not cover. */
import { describe, expect, it } from 'vitest'
import { der } from '../../../src/asn1/index.ts'
import { readPkcs12 } from '../../../src/credentials/index.ts'
import { countKinds, expectOnlyTypedErrors, malformedVariants, neverValid } from '../../support/malformed.ts'
import {
  certBag,
  encrypt,
  encryptedBytes,
  friendlyName,
  localKeyId,
  makePair,
  makePfx,
  plainSafe,
  shroudedBag,
  usualSafes,
} from './make-pkcs12.ts'

const pair = makePair()
const password = 'test'

describe('malformed PKCS#12', () => {
  it('with a MAC is a typed error, or opens to the same', async () => {
    const bytes = makePfx(usualSafes(pair))
    const accepted = await expectOnlyTypedErrors(async (input) => {
      const { keys } = await readPkcs12(input, { password })
      expect(keys.map(({ key }) => key.subjectPublicKeyInfo)).toEqual([pair.spki])
    }, malformedVariants(bytes))
    expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual([])
    // Lengths and strings in BER; what stands beside the MAC's contents and may be left out: NULL and one iteration.
    expect(countKinds(accepted)).toEqual({ ber: expect.any(Number), removed: 2 })
  })

  it('without a MAC, in every field of the bags, is a typed error or opens', async () => {
    const bags = [
      certBag(pair, friendlyName('leaf'), localKeyId('1')),
      shroudedBag(pair, password, friendlyName('key'), localKeyId('1')),
    ]
    const options = { password, allowMissingMac: true }
    const bytes = makePfx([plainSafe(...bags)], null)
    const accepted = await expectOnlyTypedErrors(
      (input) => readPkcs12(input, options),
      malformedVariants(bytes),
    )
    expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual([])
  })

  it('inside of what is encrypted is a typed error, or opens', async () => {
    const inner = der.sequence([certBag(pair, friendlyName('leaf'), localKeyId('1'))])
    const options = { password, allowMissingMac: true }
    const wrapped = (plain: Uint8Array): Uint8Array =>
      makePfx([encryptedBytes(encrypt(plain, password, 1))], null)
    const accepted = await expectOnlyTypedErrors(
      (plain) => readPkcs12(wrapped(plain), options),
      malformedVariants(inner),
    )
    // Safe contents without bags.
    expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual(['two bytes 30 0'])
  })
})
