/** Bundles with damage of every kind: typed errors or notes, and what is whole is there. */
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { SealkitError } from '../../src/errors.ts'
import { loadTrustStore } from '../../src/trust/index.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid } from '../support/malformed.ts'
import { hierarchy, type Party } from './support/authority.ts'

let root: Party
let sub: Party
beforeAll(async () => {
  ;({ root, sub } = await hierarchy())
})

it('one certificate in DER', async () => {
  const variants = malformedVariants(root.certificate.der)
  const accepted = await expectOnlyTypedErrors((bytes) => loadTrustStore([bytes]), variants)
  expect(accepted.filter(neverValid).map(({ name }) => name)).toEqual([])
})

it('a character of a PEM bundle: what is lost is reported, and the other certificate is there', async () => {
  const pem = root.certificate.toPem() + sub.certificate.toPem()
  // But for the line end between the two, which belongs to both.
  const between = root.certificate.toPem().length - 1
  const place = fc.integer({ min: 0, max: pem.length - 1 }).filter((at) => at !== between)
  const character = fc.constantFrom('A', '=', '-', '*', ' ', '\n', '\0', 'é')
  await fc.assert(
    fc.asyncProperty(place, character, async (at, other) => {
      const text = pem.slice(0, at) + other + pem.slice(at + 1)
      const { store, intermediates, notes } = await loadTrustStore([Buffer.from(text)])
      const whole = [...store, ...intermediates]
      const kept = at < root.certificate.toPem().length ? sub : root
      expect(whole.some((each) => each.equals(kept.certificate))).toBe(true)
      expect(whole.length === 2 || notes.length > 0).toBe(true)
    }),
    { numRuns: 300 },
  )
})

it('bytes of any kind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const error = await loadTrustStore([bytes]).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(SealkitError)
    }),
  )
})
