/** Attacks on the provider that once went through. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testValidata } from '../../../providers/validata/index.ts'
import { removeFolder } from '../../../providers/validata/run/remove-folder.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { rsaStandIn } from './support/stand-in.ts'

describe('a private folder that the tool has filled', () => {
  it('its token is overwritten where a folder in it is too deep to be removed', () => {
    const folder = join(tempDir(), 'private')
    mkdirSync(folder)
    const token = join(folder, 'token')
    writeFileSync(token, 'secret')
    // Its own file descriptor sees what is written over it, whatever becomes of the name.
    const kept = openSync(token, 'r')
    const nest = `for (let i = 0; i < 40; i++) { require('fs').mkdirSync('a'.repeat(200)); process.chdir('a'.repeat(200)) }`
    execFileSync(process.execPath, ['-e', nest], { cwd: folder })
    removeFolder(folder)
    expect(readFileSync(kept)).toEqual(Buffer.alloc(6))
    execFileSync(process.execPath, ['-e', UNNEST], { cwd: folder })
    expect(removeFolder(folder)).toBe(true)
  })

  it('a file with a hole of a terabyte does not hold up the program, nor fill the disk', () => {
    const folder = join(tempDir(), 'private')
    mkdirSync(folder)
    writeFileSync(join(folder, 'token.p7d'), 'x')
    truncateSync(join(folder, 'token.p7d'), 1024 ** 4)
    expect(removeFolder(folder)).toBe(true)
    expect(existsSync(folder)).toBe(false)
  })
})

describeWith('openssl', 'a report that is sent to others', () => {
  it('names neither the user nor the machine that ssh goes to', async () => {
    const standIn = await rsaStandIn()
    const tool = standIn.install('rpki1utl')
    const ssh = join(standIn.folder, 'ssh')
    writeFileSync(ssh, '#!/bin/sh\nshift\nexec sh -c "$*"\n', { mode: 0o755 })
    const { temporaryFolder } = standIn
    const environment = standIn.environment()
    const prefix = [ssh, 'petrov@ws12.bank.example']
    const report = await testValidata({ tool, prefix, temporaryFolder, environment })
    expect(report.ok).toBe(true)
    expect(report.tool?.commandLine).toContain('<host>')
    expect(JSON.stringify(report)).not.toMatch(/petrov|ws12/)
  })
})

/** Folders with paths that are too long are taken up from within, one by one. */
const UNNEST = `const fs = require('fs'), name = 'a'.repeat(200)
for (let i = 0; i < 39 && fs.existsSync(name + '/' + name); i++) { fs.renameSync(name + '/' + name, 'next'); fs.rmdirSync(name); fs.renameSync('next', name) }`
