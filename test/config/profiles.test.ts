/** Which file and which profile are used, and what is said of those that cannot be. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findConfigFile, loadProfile } from '../../src/config/index.ts'
import { root, tempDir } from '../support/tools.ts'
import { configError, fileWith, put, SECRET } from './support.ts'

describe('the file', () => {
  const home = () => {
    const folder = tempDir()
    const env: NodeJS.ProcessEnv = {
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'own'),
      XDG_CONFIG_DIRS: `${join(folder, 'x1')}:relative:${join(folder, 'x2')}`,
    }
    return { folder, env }
  }

  it.runIf(process.platform !== 'win32')('is searched for by the rules of XDG, in this order', async () => {
    const { folder, env } = home()
    const places = ['own', 'x1', 'x2'].flatMap((each) =>
      ['config.toml', 'config.json'].map((name) => join(folder, each, 'sealkit', name)),
    )
    expect(await findConfigFile({ env })).toEqual({ path: undefined, by: 'search', searched: places })
    for (const place of [...places].reverse()) {
      put(place, '')
      expect((await findConfigFile({ env })).path).toBe(place)
    }
    put(join(folder, 'named'), '')
    expect(await findConfigFile({ env: { ...env, SEALKIT_CONFIG: '~/named' } })).toMatchObject({
      path: join(folder, 'named'),
      by: 'environment',
    })
    const file = join(folder, 'flag')
    put(file, '')
    expect(await findConfigFile({ file, env: { ...env, SEALKIT_CONFIG: '/x' } })).toMatchObject({
      path: file,
    })
  })

  it.runIf(process.platform !== 'win32')('has its usual places', async () => {
    const { searched } = await findConfigFile({ env: { HOME: '/srv/me', XDG_CONFIG_HOME: 'relative' } })
    expect(searched).toEqual([
      '/srv/me/.config/sealkit/config.toml',
      '/srv/me/.config/sealkit/config.json',
      '/etc/xdg/sealkit/config.toml',
      '/etc/xdg/sealkit/config.json',
    ])
    expect(searched.some((place) => place.startsWith(root))).toBe(false)
  })

  it('that is named must be there', async () => {
    const { folder, env } = home()
    const gone = join(folder, 'gone.toml')
    const byFlag = await configError(findConfigFile({ file: gone, env }), 'ERR_CONFIG_NOT_FOUND')
    expect(byFlag.message).toContain(gone)
    const byVariable = findConfigFile({ env: { ...env, SEALKIT_CONFIG: gone } })
    expect((await configError(byVariable, 'ERR_CONFIG_NOT_FOUND')).hint).toContain('SEALKIT_CONFIG')
    mkdirSync(join(folder, 'a'))
    const asFolder = await configError(loadProfile({ file: join(folder, 'a'), env }), 'ERR_CONFIG_NOT_FOUND')
    expect(asFolder.message).toContain('it is a folder')
  })

  it('is JSON by its name or its content', async () => {
    const text = '{"profiles": {"a": {"platform": "moex"}}}'
    for (const name of ['a.json', 'a.JSON', 'config']) {
      expect((await loadProfile({ file: fileWith(text, name), env: {} })).name).toBe('a')
    }
    await configError(loadProfile({ file: fileWith(text, 'a.toml'), env: {} }), 'ERR_CONFIG_MALFORMED')
  })
})

const TWO = '[profiles.m]\nplatform = "moex"\n[profiles.c]\nplatform = "clearstream"\n'

describe('the profile', () => {
  const choose = async (text: string, options: Parameters<typeof loadProfile>[0] = {}) =>
    await loadProfile({ file: fileWith(text), env: {}, ...options })

  it('is the one that is named, by the flag before the variable', async () => {
    expect((await choose(TWO, { profile: 'c' })).platform).toBe('clearstream')
    expect((await choose(TWO, { env: { SEALKIT_PROFILE: 'm' } })).platform).toBe('moex')
    expect((await choose(TWO, { env: { SEALKIT_PROFILE: 'm' }, profile: 'c' })).name).toBe('c')
  })

  it('is the default, or the only one of the platform', async () => {
    expect((await choose(`default-profile = "c"\n${TWO}`)).name).toBe('c')
    expect((await choose(`default-profile = "c"\n${TWO}`, { platform: 'moex' })).name).toBe('m')
    expect((await choose(TWO, { platform: 'clearstream' })).name).toBe('c')
    expect((await choose(TWO, { env: { SEALKIT_PLATFORM: 'moex' } })).name).toBe('m')
    expect(await choose('', { platform: 'moex' })).toMatchObject({ name: undefined, platform: 'moex' })
  })

  it('is never guessed', async () => {
    const several = await configError(choose(TWO), 'ERR_CONFIG_PROFILE')
    expect(several.message).toBe('several profiles fit: m, c')
    const other = await configError(choose(TWO, { profile: 'c', platform: 'moex' }), 'ERR_CONFIG_PROFILE')
    expect(other.message).toBe('profile c is for clearstream, not for moex')
    const mistyped = await configError(
      choose('[profiles.moex-test]\nplatform = "moex"\n', { profile: 'moex-tset' }),
      'ERR_CONFIG_PROFILE',
    )
    expect(mistyped.message).toBe('there is no profile moex-tset; did you mean moex-test?')
    expect(
      (await configError(choose(`default-profile = "x"\n${TWO}`), 'ERR_CONFIG_PROFILE')).message,
    ).toContain('default-profile: there is no profile x')
    const env = { HOME: tempDir(), XDG_CONFIG_DIRS: '/nowhere' }
    await configError(loadProfile({ env, profile: 'a' }), 'ERR_CONFIG_PROFILE')
    await configError(loadProfile({ env }), 'ERR_CONFIG_MISSING')
    await configError(choose(TWO, { env: { SEALKIT_PLATFORM: 'mox' } }), 'ERR_CONFIG_SETTING')
    await expect(loadProfile({ platform: 'mox' as never })).rejects.toThrow(TypeError)
  })
})

describe('faults', () => {
  const faultOf = async (text: string) =>
    (await configError(loadProfile({ file: fileWith(text), env: {} }), 'ERR_CONFIG_SETTING')).message
  const M = '[profiles.a]\nplatform = "moex"\n'

  it.each([
    [`${M}pasword = { prompt = true }`, 'line 3: profile a: unknown setting pasword; did you mean password?'],
    [`${M}username = "x"`, 'line 3: profile a: unknown setting username'],
    [
      `${M}environment = "tst"`,
      'line 3: environment must be one of "production", "test"; did you mean test?',
    ],
    [`${M}timeout = "10"`, 'line 3: timeout must be a whole number from 1 to 3600'],
    [`${M}timeout = 0`, 'line 3: timeout must be a whole number'],
    [`${M}passport-decode = "yes"`, 'line 3: passport-decode must be true or false'],
    [
      `${M}token-url = "https://me:${SECRET}@host/"`,
      'line 3: token-url must be an https URL without name and password',
    ],
    [`${M}token-url = "http://host/"`, 'line 3: token-url must be an https URL'],
    [`${M}token-url = "https://host:99999/"`, 'line 3: token-url must be an https URL'],
    [`${M}proxy = "http://me:${SECRET}@host:1"`, 'line 3: proxy must be'],
    [`${M}proxy = "socks5://host:1"`, 'line 3: proxy must be'],
    [`${M}password = { command = "pass ${SECRET}" }`, 'line 3: password command must be a list of texts'],
    [
      `${M}password = { env = "${SECRET}" }`,
      'line 3: password env must be the name of an environment variable',
    ],
    [`${M}password = { fil = "${SECRET}" }`, 'line 3: password must say where the secret is'],
    [
      `${M}key = """-----BEGIN PRIVATE KEY-----${SECRET}"""`,
      'line 3: key must be the name of a file, not what is in it',
    ],
    [`${M}login = ["${SECRET}"]`, 'line 3: login must be a text'],
    [`${M}login = 1979-05-27`, 'line 3: login must be a text'],
    [
      '[profiles.a]\nplatform = "mox"',
      'line 2: profile a: platform must be "moex" or "clearstream"; did you mean moex?',
    ],
    ['\n[profiles.a]\nlogin = "x"', 'line 2: profile a: platform must be'],
    ['[profiles]\na = 1', 'line 2: profiles.a must be a table'],
    ['[profiles."a b"]\nplatform = "moex"', "line 1: a profile's name is made of"],
    ['[defaults]\nlogin = "x"', 'line 2: login cannot stand in [defaults], it belongs into [profiles.NAME]'],
    ['[defaults]\nproxi = "none"', 'line 2: unknown setting proxi; did you mean proxy?'],
    ['login = "x"', 'line 1: login belongs into [profiles.NAME]'],
    ['[profile.a]\nplatform = "moex"', 'line 1: unknown key profile; did you mean profiles?'],
    ['default-profile = 1', 'line 1: default-profile must be the name of a profile'],
  ])('%j', async (text, message) => {
    expect(await faultOf(text)).toContain(message)
  })

  it('come all at once', async () => {
    const message = await faultOf(`${M}logn = "x"\n[profiles.b]\nplatform = "moex"\nretries = 11\n`)
    expect(message).toMatch(/: line 3: .*login\?; line 6: retries must be a whole number from 0 to 10$/)
  })

  it.each([
    [{ SEALKIT_TIMEOUT: 'x' }, 'SEALKIT_TIMEOUT must be a whole number'],
    [{ SEALKIT_ENVIRONMENT: 'occt' }, 'SEALKIT_ENVIRONMENT must be one of "production", "test"'],
    [{ SEALKIT_PASSPORT_DECODE: 'yes' }, 'SEALKIT_PASSPORT_DECODE must be true or false'],
    [{ SEALKIT_PASSWORD: SECRET, SEALKIT_PASSWORD_FILE: '/a' }, 'exclude each other'],
    [{ SEALKIT_API_ORIGINS: `https://a.example,${SECRET}` }, 'SEALKIT_API_ORIGINS must be'],
  ])('of the environment: %j', async (env, message) => {
    const error = await configError(
      loadProfile({ platform: 'moex', file: fileWith(''), env }),
      'ERR_CONFIG_SETTING',
    )
    expect(error.message).toContain(message)
  })

  it('of flags', async () => {
    const load = (flags: Record<string, string>) =>
      loadProfile({ platform: 'moex', file: fileWith(''), env: {}, flags })
    expect((await configError(load({ retries: '-1' }), 'ERR_CONFIG_SETTING')).message).toContain(
      '--retries must be',
    )
    expect((await configError(load({ username: 'x' }), 'ERR_CONFIG_SETTING')).message).toContain(
      'no setting of moex',
    )
    await expect(load({ retrys: '1' })).rejects.toThrow(TypeError)
  })

  it('a mistyped variable is warned of, another is not', async () => {
    const env = {
      SEALKIT_CLINET_ID: SECRET,
      SEALKIT_DEBUG: '1',
      SEALKIT_PKCS11_MODULE: 'x',
      SEALKIT_XYZ: '1',
    }
    const { warnings } = await loadProfile({ platform: 'moex', file: fileWith(''), env })
    expect(warnings).toEqual(['SEALKIT_CLINET_ID is no setting; did you mean SEALKIT_CLIENT_ID?'])
  })
})
