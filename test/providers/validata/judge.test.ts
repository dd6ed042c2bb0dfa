/** What a tool may write: every way in which a signature can be damaged ends in a ToolError. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeThrowAway } from '../../../apps/demo/throw-away.ts'
import { openSoftwareKey } from '../../../providers/software/index.ts'
import { type Expected, isWholeMessage, judgeOutput } from '../../../providers/validata/judge/judge-output.ts'
import { sign, verify } from '../../../src/cms/index.ts'
import { ToolError } from '../../../src/errors.ts'
import { TOKEN } from './support/stand-in.ts'

const { keyPem, certificate } = await makeThrowAway('Judged')
const key = await openSoftwareKey({ key: keyPem, certificate })
const good = (await sign(TOKEN, { signers: key })).der
const content = new TextEncoder().encode(TOKEN)
const expected: Expected = { content, family: 'RSA', certificates: [certificate], signal: undefined }

/** Judges; what is refused must be a ToolError, and what is taken must verify. */
async function judged(output: Uint8Array): Promise<boolean> {
  try {
    const { signature } = await judgeOutput(output, expected)
    const trust = () => ({ trusted: true }) as const
    const result = await verify(signature, { content, certificates: [certificate], trust })
    expect(result.verdict).toBe('valid')
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(ToolError)
    return false
  }
}

describe('judgeOutput', () => {
  it('takes a good one', async () => {
    expect(await judged(good)).toBe(true)
    expect(isWholeMessage(good)).toBe(true)
  })

  it('refuses it cut off anywhere, or with something behind it', async () => {
    for (let length = 0; length < good.length; length += 7) {
      expect(await judged(good.subarray(0, length))).toBe(false)
      expect(isWholeMessage(good.subarray(0, length))).toBe(false)
    }
    expect(await judged(Buffer.concat([good, Buffer.of(0)]))).toBe(false)
    expect(await judged(Buffer.concat([good, good]))).toBe(false)
  })

  it('refuses one that is altered where it counts, and nothing else than ToolErrors come out', async () => {
    const altered = fc.record({ at: fc.nat(good.length - 1), bits: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(altered, async ({ at, bits }) => {
        const output = new Uint8Array(good)
        output[at] = (output[at] ?? 0) ^ bits
        const taken = await judged(output)
        // The signature's own octets are the last.
        if (at >= good.length - 256) expect(taken).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('refuses bytes and texts of any kind', async () => {
    const refused = async (output: Uint8Array): Promise<void> => {
      expect(await judged(output)).toBe(false)
    }
    await fc.assert(fc.asyncProperty(fc.uint8Array(), refused))
    const text = fc.string().map((each) => new TextEncoder().encode(each))
    await fc.assert(fc.asyncProperty(text, refused))
  })

  it('takes it in base64 however its lines are broken', async () => {
    const base64 = Buffer.from(good).toString('base64')
    for (const end of ['\n', '\r\n', ' ']) {
      expect(await judged(Buffer.from(`${base64.replace(/.{76}/g, `$&${end}`)}${end}`))).toBe(true)
    }
  })

  it('gives the reason of an abort, not an error of the tool', async () => {
    const signal = AbortSignal.abort('enough')
    await expect(judgeOutput(good, { ...expected, signal })).rejects.toBe('enough')
  })
})
