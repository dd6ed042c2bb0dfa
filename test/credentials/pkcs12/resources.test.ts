/**
 * Files made to do harm cost little. Measured is the processor's time, which other work on the machine does not
 * lengthen much, and the memory of a process that reads all of them. A file that is refused takes milliseconds;
 * the bound is what a user can be made to wait.
 */
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../../scripts/build.mjs'
import { mustRun } from '../../interop/support/run.ts'
import { describeShared, root } from '../../support/tools.ts'
import { ownEntries, ownFile, sharedEntries, sharedFile } from './support/entries.ts'

const MEBIBYTE = 1024 * 1024
const second = 1000

interface Report {
  readonly files: readonly {
    readonly path: string
    readonly outcome: string
    readonly milliseconds: number
  }[]
  readonly grown: number
}

const ordinary = [ownFile('openssl-aes256.p12'), 'sealkit-test'] as const

async function readAll(files: readonly (readonly [string, string | null])[]): Promise<Report> {
  const args = [join(import.meta.dirname, 'support/read-all.mjs'), join(root, 'dist/src')]
  const input = new TextEncoder().encode(JSON.stringify([ordinary, ...files]))
  return JSON.parse((await mustRun(process.execPath, args, { input })).stdout.toString()) as Report
}

function expectCheap({ files, grown }: Report): void {
  expect(files.filter(({ outcome }) => !/^(opened|ERR_CREDENTIAL_\w+)$/.test(outcome))).toEqual([])
  expect(files.filter(({ milliseconds }) => milliseconds > second)).toEqual([])
  expect(grown).toBeLessThan(100 * MEBIBYTE)
}

beforeAll(build)

it('the files of the project that are refused cost as little', async () => {
  const files = ownEntries.filter((entry) => entry.expect === 'refuse')
  expect(files.length).toBeGreaterThan(60)
  expectCheap(await readAll(files.map(({ file, password }) => [ownFile(file), password])))
})

describeShared('files of shared/vectors/pkcs12 that are made to do harm or are to be refused', () => {
  it('each is answered within a second, all of them within 100 MiB', async () => {
    const hostile = /^(reject|limit|no-crash|warn)/
    const files = sharedEntries.filter((entry) => hostile.test(entry.expect))
    expect(files.length).toBeGreaterThan(110)
    expectCheap(await readAll(files.map(({ file, password }) => [sharedFile(file), password])))
  })
})
