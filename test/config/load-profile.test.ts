import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Flags, loadProfile, SecretReference } from '../../src/config/index.ts'
import { configError, fileWith, SECRET } from './support.ts'

const BOTH = `
default-profile = "moex-test"

[defaults]
ca = ["system", "ca.pem"]
timeout = 60
retries = 1

[profiles.moex-test]
platform = "moex"
environment = "test"
login = "me@example.com"
password = { file = "password" }
client-id = "from-file"
client-secret = { env = "MOEX_SECRET" }
scope = "client_registration"
key = "~/keys/sign.pem"
timeout = 30

[profiles.occt]
platform = "clearstream"
environment = "occt"
credentials = "../xact"
password = { prompt = true }
`

describe('what is used', () => {
  it('file, environment and flags are each stronger than the one before', async () => {
    const file = fileWith(BOTH)
    const client = async (env: NodeJS.ProcessEnv, flags = {}) =>
      (await loadProfile({ file, env, flags })).require('client-id')
    const inFile = { kind: 'file', place: `${file}:14` }
    const inEnvironment = { kind: 'environment', place: 'SEALKIT_CLIENT_ID' }
    expect(await client({})).toEqual({ name: 'client-id', value: 'from-file', origin: inFile, hides: [] })
    expect(await client({ SEALKIT_CLIENT_ID: 'from-env' })).toEqual({
      name: 'client-id',
      value: 'from-env',
      origin: inEnvironment,
      hides: [inFile],
    })
    expect(await client({ SEALKIT_CLIENT_ID: 'from-env' }, { 'client-id': 'from-flag' })).toEqual({
      name: 'client-id',
      value: 'from-flag',
      origin: { kind: 'flag', place: '--client-id' },
      hides: [inEnvironment, inFile],
    })
  })

  it('a profile is stronger than [defaults], and these than what is built in', async () => {
    const profile = await loadProfile({ file: fileWith(BOTH), env: {} })
    expect(profile.get('timeout')).toMatchObject({ value: 30, hides: [{ kind: 'file' }] })
    expect(profile.get('retries')).toMatchObject({ value: 1, origin: { kind: 'file' }, hides: [] })
    expect(profile.get('store')).toMatchObject({ value: 'file', origin: { kind: 'default', place: '' } })
    expect(profile.get('chain')).toBeUndefined()
    expect(profile.missing).toEqual([])
    expect(profile.warnings).toEqual([])
  })

  it('paths begin in the folder of the file, those of flags and environment in the current one', async () => {
    const file = fileWith(BOTH)
    const folder = dirname(file)
    const { get } = await loadProfile({
      file,
      env: { SEALKIT_CHAIN: 'chain.pem', HOME: '/srv/somebody' },
      flags: { certificate: 'cert.pem', 'tls-key': '~/tls.pem' },
    })
    expect(get('ca')?.value).toEqual(['system', join(folder, 'ca.pem')])
    expect(get('key')?.value).toBe('/srv/somebody/keys/sign.pem')
    expect(get('tls-key')?.value).toBe('/srv/somebody/tls.pem')
    expect(get('chain')?.value).toBe(resolve('chain.pem'))
    expect(get('certificate')?.value).toBe(resolve('cert.pem'))
    expect(String(get('password')?.value)).toBe(`[secret: file ${join(folder, 'password')}]`)
    const occt = await loadProfile({ file, env: {}, profile: 'occt' })
    expect(occt.require('credentials').value).toBe(join(dirname(folder), 'xact'))
    expect((await loadProfile({ file, env: {} })).get('key')?.value).toBe(join(homedir(), 'keys/sign.pem'))
  })

  it('a URI stays one, and a module a name', async () => {
    const { get } = await loadProfile({
      file: fileWith(BOTH),
      env: { SEALKIT_KEY: 'pkcs11:token=a', SEALKIT_MODULE: 'opensc-pkcs11', SEALKIT_STORE: 'memory' },
    })
    expect([get('key')?.value, get('module')?.value, get('store')?.value]).toEqual([
      'pkcs11:token=a',
      'opensc-pkcs11',
      'memory',
    ])
  })

  it('texts of the environment become numbers, lists and references', async () => {
    const env = {
      SEALKIT_PLATFORM: 'moex',
      SEALKIT_TIMEOUT: '5',
      SEALKIT_PASSPORT_DECODE: 'true',
      SEALKIT_API_ORIGINS: 'https://a.example, https://*.moex.com',
      SEALKIT_CA: 'system:/ca.pem',
      SEALKIT_PASSWORD: SECRET,
      SEALKIT_CLIENT_SECRET_FILE: '/run/secret',
      SEALKIT_SCOPE: '',
      XDG_CONFIG_HOME: '/nowhere',
      XDG_CONFIG_DIRS: '/nowhere',
    }
    const profile = await loadProfile({ env })
    const { get, name, file, platform } = profile
    expect({ name, file, platform }).toEqual({ name: undefined, file: undefined, platform: 'moex' })
    expect(get('timeout')?.value).toBe(5)
    expect(get('passport-decode')?.value).toBe(true)
    expect(get('api-origins')?.value).toEqual(['https://a.example', 'https://*.moex.com'])
    expect(get('ca')?.value).toEqual(['system', '/ca.pem'])
    expect(String(get('password')?.value)).toBe('[secret: environment variable SEALKIT_PASSWORD]')
    expect(String(get('client-secret')?.value)).toBe('[secret: file /run/secret]')
    // An empty variable is none.
    expect(profile.missing).toEqual([['login'], ['client-id'], ['scope'], ['key']])
    expect(inspect(profile, { depth: 9 }) + JSON.stringify(profile)).not.toContain(SECRET)
  })

  it('secrets of flags are files, variables, or references of a program', async () => {
    const file = fileWith(BOTH)
    const password = async (flags: Flags) => (await loadProfile({ file, env: {}, flags })).require('password')
    expect(await password({ 'password-file': '/p' })).toMatchObject({ origin: { place: '--password-file' } })
    expect(String((await password({ 'password-env': 'P' })).value)).toBe('[secret: environment variable P]')
    const own = SecretReference.prompt()
    expect((await password({ password: own })).value).toBe(own)
    const two = await configError(
      password({ 'password-env': 'P', 'password-file': 'F' }),
      'ERR_CONFIG_SETTING',
    )
    expect(two.message).toContain('exclude each other')
    const argument = await configError(password({ password: SECRET }), 'ERR_CONFIG_SETTING')
    expect(argument.message).toContain('never taken from an argument')
  })
})

describe('require', () => {
  it('says how a setting that is missing is set', async () => {
    const file = fileWith('[profiles.a]\nplatform = "clearstream"\n')
    const profile = await loadProfile({ file, env: {} })
    const error = await configError(
      Promise.resolve().then(() => profile.require('password')),
      'ERR_CONFIG_MISSING',
    )
    expect(error.message).toBe("profile a: password is missing (the API consumer's password)")
    expect(error.hint).toBe(
      `set password in [profiles.a] of ${file}, by SEALKIT_PASSWORD_FILE or by --password-file`,
    )
    expect(profile.missing).toEqual([
      ['certificate', 'credentials'],
      ['username', 'credentials'],
      ['password'],
    ])
    expect(() => profile.get('pasword')).toThrow(TypeError)
    expect(profile.get('login')).toBeUndefined()
  })
})
