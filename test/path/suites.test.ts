import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../scripts/build.mjs'
import { describeShared, describeWith, root, shared } from '../support/tools.ts'

const run = promisify(execFile)
const npm = async (...args: string[]): Promise<string> =>
  (await run('npm', ['run', '--silent', ...args], { cwd: root, maxBuffer: 2 ** 26 })).stdout

interface Case {
  readonly id: string
  readonly expected_result: string
}
interface Result {
  readonly id: string
  readonly actual_result: string
  readonly context: string | null
}

beforeAll(build)

describeShared("x509-limbo's harness (shared/vectors/path-validation)", () => {
  it.each(['limbo-practice.json', 'bettertls-practice.json'])('%s: every case as expected', async (name) => {
    const file = shared('vectors', 'path-validation', name)
    const { testcases } = JSON.parse(readFileSync(file, 'utf8')) as { testcases: Case[] }
    const { version, results } = JSON.parse(await npm('limbo', '--', file)) as {
      version: 1
      results: Result[]
    }
    expect([version, results.length]).toEqual([1, testcases.length])
    const expected = new Map(testcases.map((each) => [each.id, each.expected_result]))
    const otherwise = results.filter(({ id, actual_result }) => expected.get(id) !== actual_result)
    expect(otherwise).toEqual([])
    // What is refused says why.
    expect(
      results.filter(({ actual_result, context }) => (actual_result === 'FAILURE') !== (context !== null)),
    ).toEqual([])
  })
})

describeWith('pkits', "NIST's PKITS", () => {
  it('passes all but the two that need DSA', async () => {
    const lines = (await npm('pkits')).trim().split('\n')
    expect(lines.at(-1)).toBe('247 passed, 0 failed, 2 skipped')
    expect(lines.filter((line) => line.startsWith('skip'))).toEqual([
      'skip 4.1.4 ValidDSASignaturesTest4: DSA keys are not supported',
      'skip 4.1.5 ValidDSAParameterInheritanceTest5: DSA keys are not supported',
    ])
    expect(lines.length).toBe(250)
  })
})

describe('the harness', () => {
  it('says how it is used', async () => {
    await expect(npm('limbo')).rejects.toMatchObject({ stderr: expect.stringContaining('usage: npm run') })
  })
})
