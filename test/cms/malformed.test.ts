/** Real messages damaged in every way we know: typed errors only, and never a good verdict that is not explained. */
import { describe, expect, it } from 'vitest'
import {
  complete,
  parseSignedData,
  prepare,
  requestTimestamp,
  type TrustFunction,
  verify,
} from '../../src/cms/index.ts'
import { SealkitError } from '../../src/errors.ts'
import { readTree } from '../support/derTree.ts'
import { expectOnlyTypedErrors, malformedVariants, neverValid, type Variant } from '../support/malformed.ts'
import { CONTENT } from './support/forge.ts'
import { identity, LEAVES, VECTOR_CONTENT, vector } from './support/identities.ts'
import { explain, placesOf } from './support/meaningless.ts'
import { forgeResponse, forgeToken } from './support/tokens.ts'

/** Trusts the very certificates that signed. */
const trust: TrustFunction = (certificate) =>
  [...LEAVES, 'tsa' as const].some((name) => identity(name).certificate.equals(certificate))
    ? { trusted: true }
    : { trusted: false, detail: 'unknown' }

const detached = { content: VECTOR_CONTENT, trust }
const attached = { trust }

/** Variants that verify calls anything but invalid. */
async function accepted(message: Uint8Array, options: typeof detached | typeof attached): Promise<Variant[]> {
  const variants = [...malformedVariants(message)].filter(({ bytes }) => Buffer.compare(bytes, message) !== 0)
  return await expectOnlyTypedErrors(async (bytes) => {
    if ((await verify(bytes, options)).verdict === 'invalid') throw new SealkitError('invalid', '')
  }, variants)
}

/** A length changed deep in a certificate or attribute may leave another well-formed message. */
function impossible(variant: Variant): boolean {
  return neverValid(variant) && !(variant.kind === 'length' && isWellFormed(variant.bytes))
}

function isWellFormed(bytes: Uint8Array): boolean {
  try {
    readTree(bytes)
    return true
  } catch {
    return false
  }
}

const pathOf = ({ name }: Variant): string => /^root[.\d]*/.exec(name)?.[0] ?? name

describe.each([
  ['openssl-attached', attached, undefined],
  ['bc-stream', attached, undefined],
  ['bc-countersigned', detached, 'countersignature'],
  ['bc-cades-t', detached, 'timestamp'],
] as const)('%s', (name, options, unsigned) => {
  const message = vector(`${name}.der`)

  it('is good as it is', async () => {
    expect(await verify(message, options)).toMatchObject({ verdict: 'valid' })
  })

  it('damaged: nothing but typed errors, and good only where that is explained', async () => {
    const places = placesOf(message, unsigned)
    const good = await accepted(message, options)
    expect(good.filter(impossible).map((variant) => variant.name)).toEqual([])
    const unexplained = good.filter((variant) => explain(variant.kind, pathOf(variant), places) === undefined)
    expect(unexplained.map((variant) => variant.name)).toEqual([])
    // The rules are not there in vain.
    expect(
      new Set(good.map((variant) => explain(variant.kind, pathOf(variant), places))).size,
    ).toBeGreaterThan(5)
  })
})

it.each(['openssl-keyid', 'openssl-two', 'openssl-noattr'])(
  '%s: damaged, with every option that allows more, is never valid where nobody judges certificates',
  async (name) => {
    const loose = { lenient: true, allowNoSignedAttributes: true, allowWeakHashes: true, minRsaBits: 0 }
    const content = name === 'openssl-keyid' ? { content: VECTOR_CONTENT } : {}
    const verdicts = new Set<string>()
    const parsed = await expectOnlyTypedErrors(
      async (bytes) => {
        const { verdict, signers } = await verify(bytes, { ...loose, ...content })
        for (const one of [verdict, ...signers.map((signer) => signer.verdict)]) verdicts.add(one)
      },
      malformedVariants(vector(`${name}.der`)),
    )
    expect([...verdicts].sort()).toEqual(['certificate-not-validated', 'invalid'])
    expect(parsed.filter(impossible).map((variant) => variant.name)).toEqual([])
  },
)

it('parseSignedData takes none of what can never be a message', async () => {
  const parsed = await expectOnlyTypedErrors(
    (bytes) => parseSignedData(bytes),
    malformedVariants(vector('openssl-two.der')),
  )
  expect(parsed.filter(impossible).map(({ name }) => name)).toEqual([])
})

it("an authority's damaged answers give typed errors", async () => {
  // Without the nonce not even the undamaged answer is taken.
  const answer = forgeResponse({ token: forgeToken(CONTENT, { message: { certificates: [] } }) })
  const granted = await expectOnlyTypedErrors(
    (bytes) => requestTimestamp(CONTENT, async () => bytes),
    malformedVariants(answer),
  )
  expect(granted).toEqual([])
})

it('damaged states of two-phase signing give typed errors', async () => {
  const { state } = await prepare(CONTENT, { certificate: identity('p256').certificate })
  const fields = JSON.parse(state) as Record<string, string>
  for (const field of ['algorithm', 'certificate', 'cms']) {
    const good = new Uint8Array(Buffer.from(fields[field] ?? '', 'base64'))
    const done = await expectOnlyTypedErrors(
      (bytes) =>
        complete(
          JSON.stringify({ ...fields, [field]: Buffer.from(bytes).toString('base64') }),
          new Uint8Array(70),
        ),
      malformedVariants(good),
    )
    expect(done).toEqual([])
  }
})
