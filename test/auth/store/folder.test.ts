/** Folders and files that are ours alone, and what else may lie there. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { newDraftPath } from '../../../src/auth/store/draft-name.ts'
import { type FileTokenStore, fileTokenStore } from '../../../src/auth/store/file-store.ts'
import { defaultFolder } from '../../../src/auth/store/folder.ts'
import { newOwner } from '../../../src/auth/store/lock-owner.ts'
import { tokenKeyId } from '../../../src/auth/token-set.ts'
import { tempDir } from '../../support/tools.ts'
import { fullEntry, key } from './entries.ts'
import { useProcesses } from './support/processes.ts'

const id = tokenKeyId(key('alice'))
const entry = fullEntry('alice')
const isRoot = process.getuid?.() === 0
/** A number that no process has: above what Linux gives. */
const NOBODY = 2 ** 22 + 1

const newStore = () => fileTokenStore({ folder: join(tempDir(), 'state', 'tokens') })
const modeOf = (path: string) => statSync(path).mode & 0o777
const fileOf = ({ folder }: FileTokenStore) => join(folder, `${id}.json`)

/** Each thing that can be done with a store. */
const uses: [string, (store: FileTokenStore) => Promise<unknown>][] = [
  ['read', (store) => store.read(id)],
  ['write', (store) => store.write(id, entry)],
  ['remove', (store) => store.remove(id)],
  ['list', (store) => store.list()],
  ['withLock', (store) => store.withLock(id, async () => 'had')],
]

async function expectRefused(promise: Promise<unknown>, message: RegExp): Promise<void> {
  await expect(promise).rejects.toMatchObject({
    name: 'AuthError',
    code: 'ERR_AUTH_STORE',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/^[a-z]/),
  })
}

describe('the default folder', () => {
  const linux = { platform: 'linux', home: '/houses/u' } as const
  const windows = { platform: 'win32', home: 'C:\\Houses\\u' } as const

  it.each([
    [{ env: {}, ...linux }, '/houses/u/.local/state/sealkit/tokens'],
    [{ env: { XDG_STATE_HOME: '/var/state' }, ...linux }, '/var/state/sealkit/tokens'],
    [{ env: { XDG_STATE_HOME: 'relative' }, ...linux }, '/houses/u/.local/state/sealkit/tokens'],
    [{ env: { XDG_STATE_HOME: '' }, ...linux }, '/houses/u/.local/state/sealkit/tokens'],
    [{ env: {}, platform: 'darwin', home: '/houses/mac' }, '/houses/mac/.local/state/sealkit/tokens'],
    [{ env: { LOCALAPPDATA: 'D:\\Local' }, ...windows }, 'D:\\Local\\sealkit\\tokens'],
    [{ env: {}, ...windows }, 'C:\\Houses\\u\\AppData\\Local\\sealkit\\tokens'],
  ] as const)('by %j', (surroundings, folder) => {
    expect(defaultFolder(surroundings)).toBe(folder)
  })

  it('is none without a home', () => {
    expect(() => defaultFolder({ env: {}, platform: 'linux', home: '' })).toThrow(/no home folder/)
  })

  afterEach(() => vi.unstubAllEnvs())

  it('is that of the environment', async () => {
    const state = tempDir()
    vi.stubEnv('XDG_STATE_HOME', state)
    const store = fileTokenStore()
    expect(store.folder).toBe(join(state, 'sealkit/tokens'))
    await store.write(id, entry)
    expect(readdirSync(join(state, 'sealkit/tokens'))).toEqual([`${id}.json`])
  })
})

describe('a folder', () => {
  it('is made when something is written, for its owner alone, whatever the umask', async () => {
    const store = newStore()
    await store.read(id)
    await store.list()
    await store.remove(id)
    expect(existsSync(store.folder)).toBe(false)
    const umask = process.umask(0)
    try {
      await store.write(id, entry)
    } finally {
      process.umask(umask)
    }
    expect([dirname(store.folder), store.folder, fileOf(store)].map(modeOf)).toEqual([0o700, 0o700, 0o600])
  })

  it('holds nothing but the entry after writing and locking', async () => {
    const store = newStore()
    await store.withLock(id, async () => {
      await store.write(id, entry)
      expect(modeOf(join(store.folder, `${id}.lock`))).toBe(0o600)
      expect(readFileSync(join(store.folder, `${id}.lock`), 'utf8')).not.toContain('of alice')
      expect(readdirSync(store.folder).sort()).toEqual([`${id}.json`, `${id}.lock`].sort())
    })
    expect(readdirSync(store.folder)).toEqual([`${id}.json`])
  })

  it.each(uses)('that others may write in is refused: %s', async (_, use) => {
    const store = newStore()
    mkdirSync(store.folder, { recursive: true })
    for (const mode of [0o720, 0o702, 0o777, 0o1777]) {
      chmodSync(store.folder, mode)
      await expectRefused(use(store), /^others may write in /)
    }
    chmodSync(store.folder, 0o755)
    await use(store)
  })

  it.skipIf(!isRoot).each(uses)("that is somebody else's is refused: %s", async (_, use) => {
    const store = newStore()
    mkdirSync(store.folder, { recursive: true, mode: 0o700 })
    chownSync(store.folder, 65_534, 65_534)
    await expectRefused(use(store), /belongs to another user \(65534, this is 0\)/)
  })

  it.each(uses)('that is a file is refused: %s', async (_, use) => {
    const file = join(tempDir(), 'file')
    writeFileSync(file, '')
    await expectRefused(use(fileTokenStore({ folder: file })), /cannot make the folder|is no folder/)
    await expectRefused(
      use(fileTokenStore({ folder: join(file, 'below') })),
      /what should be a folder is none/,
    )
  })

  it('may be reached by a link', async () => {
    const real = join(tempDir(), 'real')
    mkdirSync(real, { mode: 0o700 })
    const link = join(tempDir(), 'link')
    symlinkSync(real, link)
    const store = fileTokenStore({ folder: link })
    await store.withLock(id, () => store.write(id, entry))
    expect(await store.read(id)).toEqual(entry)
  })

  const start = useProcesses(new URL('./support/child.ts', import.meta.url))
  /** Root may write everywhere: the process then runs without that right. */
  const rights = '-dac_override,-dac_read_search'
  const without = isRoot ? ['setpriv', `--bounding-set=${rights}`, `--inh-caps=${rights}`] : []

  it.each(['write-once', 'once'])(
    'that cannot be written to is an error with a way out: %s',
    async (mode) => {
      const { folder } = newStore()
      mkdirSync(folder, { recursive: true, mode: 0o500 })
      const process = start([mode, folder, '1000'], without)
      expect((await process.ended).code).toBe(1)
      expect(process.lines).toEqual([
        expect.stringMatching(/^ERR_AUTH_STORE cannot .*: no permission \| give /),
      ])
      chmodSync(dirname(folder), 0o500)
      const below = start([mode, join(dirname(folder), 'new'), '1000'], without)
      await below.ended
      expect(below.lines).toEqual([
        expect.stringMatching(/^ERR_AUTH_STORE cannot make .*: no permission \| give /),
      ])
    },
  )
})

describe('a file', () => {
  it.each([0o640, 0o604, 0o620, 0o666])('that others may open (%o) is not read', async (mode) => {
    const store = newStore()
    await store.write(id, entry)
    chmodSync(fileOf(store), mode)
    await expectRefused(store.read(id), /^others may read or write /)
    await expectRefused(store.list(), /^others may read or write /)
    await store.write(id, entry)
    expect(modeOf(fileOf(store))).toBe(0o600)
  })

  it.skipIf(!isRoot)("that is somebody else's is not read", async () => {
    const store = newStore()
    await store.write(id, entry)
    chownSync(fileOf(store), 65_534, 65_534)
    await expectRefused(store.read(id), /belongs to another user/)
  })

  it('that is a link is neither read nor written, and stays', async () => {
    const [store, other] = [newStore(), newStore()]
    await other.write(id, entry)
    mkdirSync(store.folder, { recursive: true, mode: 0o700 })
    symlinkSync(fileOf(other), fileOf(store))
    await expectRefused(store.read(id), /is a symbolic link/)
    await expectRefused(store.write(id, { key: key('alice') }), /is a symbolic link/)
    expect(await other.read(id)).toEqual(entry)
    expect(readdirSync(store.folder)).toEqual([`${id}.json`])
  })

  it('that is a folder is neither read nor written', async () => {
    const store = newStore()
    mkdirSync(fileOf(store), { recursive: true, mode: 0o700 })
    await expectRefused(store.read(id), /is no regular file/)
    await expectRefused(store.write(id, entry), /is no regular file/)
  })

  it('of a lock that is a link is not followed', async () => {
    const store = newStore()
    mkdirSync(store.folder, { recursive: true, mode: 0o700 })
    const elsewhere = join(tempDir(), 'elsewhere')
    writeFileSync(elsewhere, 'kept')
    symlinkSync(elsewhere, join(store.folder, `${id}.lock`))
    await expectRefused(
      store.withLock(id, async () => 'had'),
      /is a symbolic link/,
    )
    expect(readFileSync(elsewhere, 'utf8')).toBe('kept')
  })

  it.each([
    ['torn', '{"version":1,"key":{"platform":"clear'],
    ['empty', ''],
    ['of a later version', '{"version":2}'],
  ])('that is %s counts as none, with a warning, and is written over', async (_, text) => {
    const warnings: string[] = []
    const folder = join(tempDir(), 'tokens')
    const store = fileTokenStore({ folder, onWarning: (warning) => warnings.push(warning) })
    await store.write(id, entry)
    writeFileSync(fileOf(store), text)
    expect(await store.read(id)).toBeUndefined()
    expect(await store.list()).toEqual([])
    expect(warnings).toEqual(Array(2).fill(expect.stringContaining(`${fileOf(store)} is passed over: `)))
    await store.write(id, entry)
    expect(await store.read(id)).toEqual(entry)
  })

  it('of another key counts as none: no token of one account goes to another', async () => {
    const store = newStore()
    await store.write(id, entry)
    const bob = tokenKeyId(key('bob'))
    writeFileSync(join(store.folder, `${bob}.json`), readFileSync(fileOf(store)), { mode: 0o600 })
    expect(await store.read(bob)).toBeUndefined()
    expect(await store.list()).toEqual([entry])
  })

  it('that the store did not make is not listed', async () => {
    const store = newStore()
    await store.write(id, entry)
    for (const name of ['note.txt', 'a b.json', '.json', 'README'])
      writeFileSync(join(store.folder, name), '')
    expect(await store.list()).toEqual([entry])
  })
})

describe('sweeping', () => {
  it('takes what those left who were killed, and what is old; nothing else', async () => {
    const { folder } = newStore()
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const put = (name: string, text: string, hours = 0) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 })
      const time = new Date(Date.now() - hours * 3_600_000)
      utimesSync(join(folder, name), time, time)
      return name
    }
    const draft = (end: string) => newDraftPath('').replace(/.{4}$/, end)
    const ofDead = draft('aaaa').replace(`-${process.pid}-`, `-${NOBODY}-`)
    const elsewhere = draft('bbbb').replace(/-[0-9a-f]{16}-/, '-0000000000000000-')
    const guard = (end: string) => `${'0'.repeat(28)}${end}.guard`
    put(ofDead, 'access of alice')
    put(draft('cccc'), 'x', 2)
    put(elsewhere.replace('bbbb', 'dddd'), 'x', 2)
    put(guard('aaaa'), JSON.stringify({ ...newOwner(), pid: NOBODY }))
    put(guard('bbbb'), 'not ours', 2)
    const kept = [
      put(elsewhere, 'x'),
      put(draft('eeee'), 'x'),
      put(guard('cccc'), JSON.stringify(newOwner()), 2),
      put(guard('dddd'), 'not ours'),
      put('note.txt', 'x', 2),
    ]
    await fileTokenStore({ folder }).write(id, entry)
    expect(readdirSync(folder).sort()).toEqual([...kept, `${id}.json`].sort())
  })
})

describe('options', () => {
  it.each([
    { folder: '' },
    { folder: 1 },
    { lease: 99 },
    { lease: 900_001 },
    { lease: Number.NaN },
    { lease: '1000' },
    { onWarning: 'x' },
  ])('%j is a TypeError', (options) => {
    expect(() => fileTokenStore(options as never)).toThrow(TypeError)
  })

  it('and nothing secret is shown by inspect and JSON', async () => {
    const store = newStore()
    await store.write(id, entry)
    expect(inspect(store, { depth: 9, showHidden: true }) + JSON.stringify(store)).not.toContain('of alice')
  })
})
