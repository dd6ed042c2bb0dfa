/** That the benchmark program runs and reports; how long things take is not a test's business. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeWith, root } from '../support/tools.ts'

const built = existsSync(`${root}dist/src/index.js`)

interface Row {
  scenario: string
  contestant: string
  median: number | null
  ratio: number | null
  target: string | null
  met: boolean | null
  cannot: string | null
}

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['bench/main.mjs', ...args], { cwd: root, encoding: 'utf8' })
}

describe.skipIf(!built)(built ? 'npm run bench' : 'npm run bench (skipped: dist/ is not built)', () => {
  it('--json gives a row for each contestant, each ratio to the first, and judges targets', () => {
    const { status, stdout, stderr } = bench('--quick', '--json', '--only', 'sign, one at a time, P-256')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '1 of 1: sign, one at a time, P-256 ...\n' })
    const { machine, rows } = JSON.parse(stdout) as { machine: object; rows: Row[] }
    expect(Object.keys(machine)).toEqual(['cores', 'node', 'openssl'])
    expect(rows.map(({ contestant }) => contestant)).toEqual([
      'node:crypto, on this thread',
      'node:crypto, callback',
      'sealkit',
      'pkijs',
      'node-forge',
      'openssl cms, process',
    ])
    const [raw, , sealkit, , forge] = rows
    expect(raw).toMatchObject({ ratio: 1, target: null, met: null, cannot: null })
    expect(sealkit).toMatchObject({ target: '<= 1.6', met: (sealkit?.ratio ?? 0) <= 1.6, cannot: null })
    expect(sealkit?.median).toBeGreaterThan(0)
    expect(forge).toMatchObject({ median: null, ratio: null, cannot: 'signs with RSA only' })
  })

  it('prints one table without --json', () => {
    const { status, stdout } = bench('--quick', '--only', 'read')
    expect(status).toBe(0)
    expect(stdout).toMatch(/\n {2}sealkit +[\d.,]+ [um]s +[\d.,]+ [um]s - [\d.,]+ [um]s +1\.00 x time\n/)
    expect(stdout).toMatch(/\n {2}pkijs +[\d.,]+ [um]s /)
    expect(stdout).toMatch(/0 of 0 targets met\n$/)
  })

  it('lists its scenarios, and says where there is none of a name', () => {
    expect(bench('--list').stdout.split('\n')).toContain('verify, signer new, RSA-2048')
    expect(bench('--only', 'nonsense')).toMatchObject({ status: 2, stdout: '' })
  })

  describeWith('openssl', 'P12 files', () => {
    it('opens one file with each contestant, beside its key derivations', () => {
      const { status, stdout, stderr } = bench('--quick', '--json', '--only', '3DES, 2,048 iterations')
      expect({ status, stderr: stderr.split('\n').length }).toEqual({ status: 0, stderr: 3 })
      const { rows } = JSON.parse(stdout) as { rows: Row[] }
      expect(rows.map(({ contestant }) => contestant)).toEqual([
        'its key derivations, one by one',
        'its key derivations, at once',
        'sealkit',
        "node:tls (OpenSSL's reader)",
        'pkijs',
        'node-forge',
        'node-forge',
        'sealkit',
      ])
      expect(rows[2]).toMatchObject({ ratio: expect.any(Number), target: '<= 1.3', cannot: null })
      expect(rows[4]).toMatchObject({ ratio: null, cannot: 'opens PBES2 with AES only' })
      expect(rows[7]).toMatchObject({ of: 'rate', ratio: expect.any(Number), target: null, cannot: null })
    })
  })

  it('hashes with GOST by each contestant, and judges speeds', () => {
    const { status, stdout } = bench('--quick', '--json', '--only', 'Streebog-256')
    expect(status).toBe(0)
    const { rows } = JSON.parse(stdout) as { rows: Row[] }
    expect(rows.map(({ contestant }) => contestant)).toEqual([
      'sealkit',
      'sealkit, no WebAssembly',
      'node-gost-crypto',
      '@li0ard/streebog',
      "openssl's gost engine",
    ])
    expect(rows.slice(0, 4).map(({ ratio }) => typeof ratio)).toEqual(Array(4).fill('number'))
    const [wasm, plain] = rows as [Row, Row]
    expect(wasm).toMatchObject({ target: '>= 60 MB/s', met: 2 ** 16 / (wasm.median as number) >= 60e6 })
    expect(plain).toMatchObject({ target: '>= 25 MB/s', met: 2 ** 16 / (plain.median as number) >= 25e6 })
  }, 120_000)

  it('signs with GOST by each contestant', () => {
    const { status, stdout } = bench('--quick', '--json', '--only', 'GOST R 34.10-2012, 256')
    expect(status).toBe(0)
    const { rows } = JSON.parse(stdout) as { rows: Row[] }
    expect(rows.map(({ scenario }) => scenario.slice(0, 6))).toEqual([
      ...Array(3).fill('sign, '),
      ...Array(3).fill('verify'),
    ])
    expect(rows[0]).toMatchObject({ contestant: 'sealkit', ratio: 1, target: '<= 0.6 ms' })
    expect(rows[4]).toMatchObject({ contestant: 'node-gost-crypto', ratio: expect.any(Number), cannot: null })
  }, 120_000)

  it('validates one path with each contestant, whether ../shared is there or not', () => {
    const { status, stdout } = bench('--quick', '--json', '--only', 'path, parsed')
    expect(status).toBe(0)
    const { rows } = JSON.parse(stdout) as { rows: Row[] }
    expect(rows.map(({ contestant }) => contestant)).toEqual([
      'node:crypto, two signatures',
      'sealkit',
      'pkijs',
      'node-forge',
      '@peculiar/x509',
    ])
    expect(rows[1]).toMatchObject({ ratio: expect.any(Number), target: '<= 1.66', cannot: null })
  })
})
