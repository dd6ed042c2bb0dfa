/** A valid chain with one byte altered is never accepted: everything in a certificate is signed, or is the signature. */
import { describe, expect, it } from 'vitest'
import { SealkitError } from '../../src/errors.ts'
import { Certificate } from '../../src/x509/index.ts'
import { certificatePolicies, dns, issue, nameConstraints, SERVER_AUTH, verdict } from './support/issue.ts'

const root = issue('CN=root', { ca: true })
const sub = issue('CN=sub', {
  issuer: root,
  ca: 0,
  extensions: [nameConstraints([dns('example.com')]), certificatePolicies('1.2.3')],
})
const leaf = issue('CN=leaf', { issuer: sub, purposes: [SERVER_AUTH], names: [dns('a.example.com')] })
const options = { host: 'a.example.com' }

function* mutants(der: Uint8Array): Generator<readonly [string, Certificate]> {
  for (let i = 0; i < der.length; i++) {
    for (const flip of [0x01, 0x20, 0x80, 0xff]) {
      const bytes = der.slice()
      bytes[i] = (bytes[i] as number) ^ flip
      try {
        yield [`byte ${i} ^ ${flip}`, Certificate.parse(bytes)]
      } catch (error) {
        if (!(error instanceof SealkitError)) throw error
      }
    }
  }
}

describe('one byte altered', () => {
  it('the chain itself is valid', async () => {
    expect(await verdict(leaf, [root], [sub], options)).toBe('valid')
  })

  it('in the leaf', async () => {
    const accepted: string[] = []
    let parsed = 0
    for (const [what, mutant] of mutants(leaf.certificate.der)) {
      parsed++
      if ((await verdict(mutant, [root], [sub], options)) === 'valid') accepted.push(what)
    }
    expect(parsed).toBeGreaterThan(100)
    expect(accepted).toEqual([])
  })

  it('in the intermediate', async () => {
    const accepted: string[] = []
    let parsed = 0
    for (const [what, certificate] of mutants(sub.certificate.der)) {
      parsed++
      const found = await verdict(leaf, [root], [{ certificate, key: sub.key }], options)
      if (found === 'valid') accepted.push(what)
    }
    expect(parsed).toBeGreaterThan(100)
    expect(accepted).toEqual([])
  })
})
