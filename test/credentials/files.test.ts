import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readCredentialFile } from '../../src/credentials/index.ts'
import { describeUnless, tempDir } from '../support/tools.ts'
import { codeOf, failure, vector, vectorPath } from './support.ts'

const folder = tempDir()
const file = (name: string, content: string | Uint8Array = 'content', mode = 0o600): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}
const posix = process.platform === 'win32' ? 'Windows has no file modes' : undefined

describe('readCredentialFile', () => {
  it('reads a file by name or URL', async () => {
    const expected = vector('rsa.pkcs8.pem')
    for (const path of [vectorPath('rsa.pkcs8.pem'), pathToFileURL(vectorPath('rsa.pkcs8.pem'))]) {
      const { bytes, warnings } = await readCredentialFile(path)
      expect(Buffer.from(bytes).equals(expected)).toBe(true)
      expect(warnings).toEqual([])
    }
  })

  it('says what is wrong with a name', async () => {
    const missing = await failure(() => readCredentialFile(join(folder, 'none.pem')))
    expect(missing.code).toBe('ERR_CREDENTIAL_NOT_FOUND')
    expect(missing.message).toContain('none.pem: there is no such file')
    expect(await codeOf(() => readCredentialFile(join(file('plain'), 'below')))).toBe('NOT_FOUND')
    mkdirSync(join(folder, 'directory'))
    const directory = await failure(() => readCredentialFile(join(folder, 'directory')))
    expect([directory.code, directory.message]).toEqual([
      'ERR_CREDENTIAL_UNREADABLE',
      expect.stringContaining('directory'),
    ])
  })

  it('refuses an empty file and a large one', async () => {
    const empty = await failure(() => readCredentialFile(file('empty.pem', '')))
    expect([empty.code, empty.message]).toEqual([
      'ERR_CREDENTIAL_FORMAT',
      expect.stringMatching(/empty\.pem is empty$/),
    ])
    const mebibyte = 1024 * 1024
    const whole = await readCredentialFile(file('whole', Buffer.alloc(mebibyte, 1)))
    expect(whole.bytes.length).toBe(mebibyte)
    expect(await codeOf(() => readCredentialFile(file('large', Buffer.alloc(mebibyte + 1, 1))))).toBe('LIMIT')
    const limits = { maxBytes: 6 }
    const small = await failure(() => readCredentialFile(file('small'), { limits }))
    expect([small.code, small.hint]).toEqual([
      'ERR_CREDENTIAL_LIMIT',
      expect.stringContaining('limits.maxBytes'),
    ])
  })

  it('ends with the reason of its signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(readCredentialFile(file('any'), { signal })).rejects.toThrow('enough')
  })
})

describeUnless(posix, 'readCredentialFile where there are modes, links and pipes', () => {
  it('says when others may read a secret, and only then', async () => {
    for (const mode of [0o644, 0o640, 0o604, 0o660]) {
      const path = file('open.pem', 'x', mode)
      const { warnings } = await readCredentialFile(path, { secret: true })
      expect(warnings).toEqual([
        `${path} holds a private key and can be read by others (mode 0${mode.toString(8)}): chmod 600 ${path}`,
      ])
      expect((await readCredentialFile(path)).warnings).toEqual([])
    }
    for (const mode of [0o600, 0o400]) {
      expect((await readCredentialFile(file(`closed${mode}`, 'x', mode), { secret: true })).warnings).toEqual(
        [],
      )
    }
  })

  it('goes by the file that a link leads to', async () => {
    symlinkSync(file('target', 'x', 0o600), join(folder, 'link'))
    expect((await readCredentialFile(join(folder, 'link'), { secret: true })).warnings).toEqual([])
    symlinkSync('circle', join(folder, 'circle'))
    expect(await codeOf(() => readCredentialFile(join(folder, 'circle')))).toBe('UNREADABLE')
  })

  it('reads a pipe to its end', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const writer = spawn('sh', ['-c', `{ printf one; sleep 0.1; printf two; } > '${pipe}'`])
    const { bytes, warnings } = await readCredentialFile(pipe, { secret: true })
    expect([Buffer.from(bytes).toString(), warnings]).toEqual(['onetwo', []])
    writer.kill()
  })

  it('stops reading what has no end', async () => {
    expect(await codeOf(() => readCredentialFile('/dev/zero'))).toBe('LIMIT')
    expect(await codeOf(() => readCredentialFile('/dev/null'))).toBe('FORMAT')
  })
})

/** Root may read every file: then the read is made as another user. */
async function asOrdinaryUser<T>(read: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await read()
  process.seteuid?.(65534)
  try {
    return await read()
  } finally {
    process.seteuid?.(0)
  }
}

describeUnless(posix, 'readCredentialFile without permission', () => {
  it('says so', async () => {
    chmodSync(folder, 0o711)
    const open = file('open', 'x', 0o644)
    expect((await asOrdinaryUser(() => readCredentialFile(open))).bytes).toHaveLength(1)
    const secret = file('secret', 'x', 0o000)
    const error = await failure(() => asOrdinaryUser(() => readCredentialFile(secret)))
    expect([error.code, error.message]).toEqual([
      'ERR_CREDENTIAL_UNREADABLE',
      expect.stringContaining('no permission'),
    ])
  })
})

const proc = process.platform === 'linux' ? undefined : 'Linux alone has /proc'
describeUnless(proc, 'a file that the system cannot read', () => {
  it('is named with what the system says', async () => {
    const error = await failure(() => readCredentialFile('/proc/self/mem'))
    expect([error.code, error.message]).toEqual([
      'ERR_CREDENTIAL_UNREADABLE',
      '/proc/self/mem: it cannot be read (EIO)',
    ])
  })
})

it('a name that can be none is misuse', async () => {
  await expect(readCredentialFile('a\0b')).rejects.toThrow(TypeError)
  await expect(readCredentialFile(new URL('http://a/b'))).rejects.toThrow(TypeError)
})
