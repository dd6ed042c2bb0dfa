import { expect, it } from 'vitest'
import { type ValidatePathOptions, validatePath } from '../../src/path/index.ts'
import { TrustStore } from '../../src/path/trust-store.ts'
import { issue } from './support/issue.ts'

/** A name that is mistyped would leave out the check that it asks for. */
it.each<[string, object]>([
  ['hostname', { hostname: 'a.example.com' }],
  ['revocation.crl', { revocation: { crl: [] } }],
  ['policies.explicit', { policies: { explicit: true } }],
  ['limits.maxSignature', { limits: { maxSignature: 1 } }],
])('there is no option %s', async (name, more) => {
  const root = issue('CN=root', { ca: true })
  const options = {
    trust: new TrustStore([root.certificate]),
    purpose: 'any',
    ...more,
  } as ValidatePathOptions
  await expect(validatePath(root.certificate, options)).rejects.toThrow(
    new TypeError(`there is no option ${name}`),
  )
})
