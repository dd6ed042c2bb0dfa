/** The doctor against each fault of MOEX's simulator, and with keys in files, tokens and Validata's hands. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DoctorOptions, type DoctorReport, moexDoctor } from '../../../apps/doctor/index.ts'
import { type MoexSimulator, startMoexSimulator } from '../../../apps/simulator/moex/moex-simulator.ts'
import { memoryTokenStore } from '../../../src/auth/store/memory-store.ts'
import { type Flags, loadProfile } from '../../../src/config/index.ts'
import { TraceRecorder } from '../../../src/http/index.ts'
import { mustRun } from '../../interop/support/run.ts'
import { openSoftHsm, userPin } from '../../providers/pkcs11/support/softhsm.ts'
import { PIN, rsaStandIn, type StandIn } from '../../providers/validata/support/stand-in.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { expectNoSecret, outcomes } from './support/clearstream.ts'

const PASSWORD = 'correct horse battery staple'
const CLIENT_SECRET = 'Zq9x7/client+secret=='

let simulator: MoexSimulator
let folder: string
let good: Record<string, Flags[string]>

const put = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name)
  writeFileSync(path, text, { mode })
  return path
}

beforeAll(async () => {
  folder = tempDir()
  simulator = await startMoexSimulator()
  const { keyPem, certificatePem } = await simulator.issueUser({ login: 'jane', password: PASSWORD })
  simulator.addClient({ clientId: 'bank-app', clientSecret: CLIENT_SECRET })
  put('empty.toml', '')
  good = {
    'passport-url': simulator.passportUrl,
    'token-url': simulator.tokenUrl,
    login: 'jane',
    'password-file': put('password', PASSWORD),
    'client-id': 'bank-app',
    'client-secret-file': put('client-secret', CLIENT_SECRET),
    scope: 'client_registration',
    key: put('key.pem', keyPem),
    certificate: put('cert.pem', certificatePem),
    ca: [put('ca.pem', simulator.ca)],
    proxy: 'none',
    timeout: '20',
  }
}, 60_000)
afterAll(() => simulator[Symbol.asyncDispose]())
afterEach(() => {
  for (const name of Object.keys(simulator.faults)) delete (simulator.faults as Record<string, unknown>)[name]
  simulator.unlock('jane')
})

async function examine(
  settings: Record<string, Flags[string]> = {},
  options: Partial<DoctorOptions> = {},
): Promise<DoctorReport> {
  const recorder = new TraceRecorder()
  const flags = Object.fromEntries(
    Object.entries({ ...good, ...settings }).filter(([, value]) => value !== undefined),
  )
  const report = await moexDoctor({
    load: () => loadProfile({ platform: 'moex', file: join(folder, 'empty.toml'), flags, env: {} }),
    store: memoryTokenStore(),
    trace: recorder.trace,
    ...options,
  })
  for (const text of [JSON.stringify(report.steps), recorder.text()]) {
    expectNoSecret(text, PASSWORD, CLIENT_SECRET, userPin, PIN)
    expect(text).not.toMatch(/MicexPassportCert=[^[;]/)
  }
  return report
}

function expectCause(report: DoctorReport, name: string, code: string, ...words: RegExp[]): void {
  const { firstFailure, steps } = report
  const told = steps.map((step) => `${step.outcome} ${step.name}: ${step.seen.join('; ')}`).join('\n')
  expect({ name: firstFailure?.name, code: firstFailure?.code }, told).toEqual({ name, code })
  const text = [...(firstFailure?.seen ?? []), firstFailure?.todo].join('\n')
  for (const word of words) expect(text).toMatch(word)
  expect(firstFailure?.todo ?? '').not.toBe('')
}

/** Basic was sent so many times. */
const logins = () => simulator.requests.filter(({ path }) => path === '/authenticate').length

describe('all is well', () => {
  test('every step passes, in order, with one login', async () => {
    const before = logins()
    const report = await examine()
    expect(report.verdict, JSON.stringify(report.steps, null, 1)).toBe('pass')
    const way = ['proxy', 'name', 'tcp', 'tls', 'server-certificate', 'answer', 'clock']
    expect(Object.keys(outcomes(report))).toEqual([
      ...['configuration', 'files', 'signer', 'test-signature', 'signer-certificate', 'key', 'ca-bundle'],
      ...way.map((step) => `passport-${step}`),
      ...way.map((step) => `token-${step}`),
      ...['passport', 'signature', 'token', 'scopes'],
    ])
    expect(logins()).toBe(before + 1)
  })

  test('without a login it ends before it', async () => {
    const before = logins()
    const report = await examine({}, { login: false })
    expect(outcomes(report)).toMatchObject({ 'token-clock': 'pass', passport: 'skipped', token: 'skipped' })
    expect(logins()).toBe(before)
  })

  test.each(['cookie', 'redirect', 'body'] as const)('the passport comes as %s', async (passport) => {
    simulator.faults.passport = passport
    expect((await examine()).verdict).toBe('pass')
  })
})

describe('on this machine', () => {
  test('a setting that is missing', async () => {
    expectCause(await examine({ 'client-id': undefined }), 'configuration', 'ERR_CONFIG_MISSING', /client-id/)
  })

  test('a file that is not there', async () => {
    expectCause(await examine({ key: join(folder, 'nowhere.pem') }), 'files', 'ERR_CONFIG_SETTING', /key: /)
  })

  test('a certificate of another key', async () => {
    const { certificatePem } = await simulator.issueUser({ login: 'joe', password: 'x' })
    const report = await examine({ certificate: put('other.pem', certificatePem) })
    expectCause(report, 'signer', 'ERR_CREDENTIAL_KEY_MISMATCH')
  })

  test('a key that is neither RSA nor GOST', async () => {
    const { keyPem, certificatePem } = await simulator.issueUser({
      login: 'joe',
      password: 'x',
      keyType: 'P-256',
    })
    const settings = { key: put('ec.pem', keyPem), certificate: put('ec-cert.pem', certificatePem) }
    const before = logins()
    expectCause(await examine(settings), 'signer', 'ERR_AUTH_SIGNER', /RSA and GOST/)
    expect(logins()).toBe(before)
  })

  test('a certificate that has expired', async () => {
    const report = await examine({}, { now: () => Date.now() + 400 * 86_400_000 })
    expectCause(report, 'signer-certificate', 'ERR_AUTH_CERTIFICATE', /expired on/)
  })
})

describe('the servers', () => {
  test('a name that nobody knows, of the second', async () => {
    const report = await examine({ 'token-url': 'https://nowhere.invalid/token' })
    expectCause(report, 'token-name', 'ERR_HTTP_DNS')
    expect(outcomes(report)).toMatchObject({ 'passport-answer': 'pass', passport: 'skipped' })
  })

  test.each(['expired', 'wrong-name', 'unknown-root', 'missing-intermediate'] as const)(
    'a certificate: %s',
    async (serverCertificate) => {
      await simulator.restart({ serverCertificate })
      const report = await examine()
      delete simulator.faults.serverCertificate
      await simulator.restart()
      expectCause(report, 'passport-server-certificate', 'ERR_HTTP_SERVER_CERTIFICATE')
    },
  )

  test.each([
    ['maintenance', { maintenance: true }, 'ERR_AUTH_MAINTENANCE'],
    ['too many requests', { rateLimited: {} }, 'ERR_AUTH_RATE_LIMITED'],
    ['dropping requests', { drop: 'before-answer' }, 'ERR_HTTP_CLOSED'],
  ] as const)('%s', async (_, faults, code) => {
    Object.assign(simulator.faults, faults)
    const before = logins()
    expectCause(await examine(), 'passport-answer', code)
    expect(logins()).toBe(before)
  })

  test('a clock that is off', async () => {
    simulator.faults.clockSkew = -7200
    const { firstFailure } = await examine()
    expect(firstFailure).toMatchObject({
      name: 'passport-clock',
      seen: [expect.stringContaining('2 hours ahead')],
    })
  })
})

describe('the login', () => {
  test('a wrong password is sent once, and then no more', async () => {
    const store = memoryTokenStore()
    const wrong = 'wrong: Tr0ub4dor&3'
    const settings = { 'password-file': put('wrong', wrong) }
    const before = logins()
    const report = await examine(settings, { store })
    expectCause(report, 'passport', 'ERR_AUTH_PASSPORT_DENIED', /lock the account/)
    expectNoSecret(JSON.stringify(report.steps), wrong, `jane:${wrong}`)
    expect(outcomes(report)).toMatchObject({ signature: 'skipped', token: 'skipped' })
    expect(logins()).toBe(before + 1)
    expectCause(await examine(settings, { store }), 'passport', 'ERR_AUTH_BLOCKED', /was refused/)
    expect(logins()).toBe(before + 1)
  })

  test('denied with status 200', async () => {
    simulator.faults.passport = 'denied-200'
    expectCause(await examine(), 'passport', 'ERR_AUTH_PASSPORT_DENIED')
  })

  test('a wrong secret of the application', async () => {
    const secret = 'another client secret'
    const report = await examine({ 'client-secret-file': put('other-secret', secret) })
    expectCause(report, 'token', 'ERR_AUTH_REFUSED', /client-id or client-secret is wrong/)
    expectNoSecret(JSON.stringify(report.steps), secret)
    expect(outcomes(report)).toMatchObject({ passport: 'pass', signature: 'pass' })
  })

  test('a certificate that is not registered to the user', async () => {
    const { keyPem, certificatePem } = await simulator.issueUser({ login: 'joe', password: 'x' })
    const settings = { key: put('joe.pem', keyPem), certificate: put('joe-cert.pem', certificatePem) }
    expectCause(await examine(settings), 'token', 'ERR_AUTH_REFUSED', /registered to this user/)
  })

  test('a passport token that has expired meanwhile', async () => {
    await using short = await startMoexSimulator({ passportExpiresIn: 0 })
    const { keyPem, certificatePem } = await short.issueUser({ login: 'jane', password: PASSWORD })
    short.addClient({ clientId: 'bank-app', clientSecret: CLIENT_SECRET })
    short.faults.passport = 'body'
    const report = await examine({
      'passport-url': short.passportUrl,
      'token-url': short.tokenUrl,
      key: put('short.pem', keyPem),
      certificate: put('short-cert.pem', certificatePem),
      ca: [put('short-ca.pem', short.ca)],
    })
    expectCause(report, 'token', 'ERR_AUTH_REFUSED', /was not good any more/)
  })

  test('a scope that the application has not', async () => {
    simulator.addClient({ clientId: 'small', clientSecret: CLIENT_SECRET, scopes: ['other'] })
    const report = await examine({ 'client-id': 'small' })
    expectCause(report, 'token', 'ERR_AUTH_SCOPE')
  })

  test.each([
    ['maintenance there alone', { maintenance: true }, 'ERR_AUTH_MAINTENANCE'],
    ['malformed JSON', { malformedJson: true }, 'ERR_AUTH_RESPONSE'],
    ['an answer without end', { hugeAnswer: true }, 'ERR_AUTH_RESPONSE'],
    ['a dropped answer', { drop: 'in-body' }, 'ERR_HTTP_CLOSED'],
  ] as const)('the token endpoint: %s', async (_, faults, code) => {
    Object.assign(simulator.faults, faults, { paths: ['/auth/'] })
    expectCause(await examine(), 'token', code)
  })
})

describeWith(['pkcs11js', 'softhsm', 'openssl'], 'a key in a token (SoftHSM2)', () => {
  let module: string
  beforeAll(async () => {
    const softHsm = openSoftHsm()
    module = softHsm.module
    await softHsm.addToken('Trader')
    const { env } = softHsm
    const pkcs8 = ['--import', join(folder, 'key.pem'), '--label', 'signing', '--id', '01', '--pin', userPin]
    await mustRun('softhsm2-util', [...pkcs8, '--token', 'Trader'], { env })
  })

  const inToken = (more: Record<string, Flags[string]> = {}) => ({
    key: 'pkcs11:token=Trader;object=signing',
    module,
    'pin-file': put('pin', userPin),
    ...more,
  })

  test('all is well, and the state of the PIN is told', async () => {
    const report = await examine(inToken())
    expect(report.verdict, JSON.stringify(report.steps, null, 1)).toBe('pass')
    const seen = report.steps.find(({ name }) => name === 'signer')?.seen.join('\n')
    expect(seen).toMatch(/RSA, in a token\ntoken Trader \(SoftHSM v2\): PIN ok/)
  })

  test('no such token', async () => {
    const report = await examine(inToken({ key: 'pkcs11:token=Nobody;object=signing' }))
    expectCause(report, 'signer', 'ERR_TOKEN_NOT_FOUND', /Trader/)
  })

  test('no such key', async () => {
    const report = await examine(inToken({ key: 'pkcs11:token=Trader;object=other' }))
    expectCause(report, 'signer', 'ERR_TOKEN_KEY_NOT_FOUND')
  })

  test('a wrong PIN is tried once, and nobody logs in', async () => {
    const wrong = '86427531'
    const before = logins()
    const report = await examine(inToken({ 'pin-file': put('wrong-pin', wrong) }))
    expectCause(report, 'signer', 'ERR_TOKEN_PIN_WRONG', /tried once/)
    expect(JSON.stringify(report.steps)).not.toContain(wrong)
    expect(logins()).toBe(before)
  })
})

describeWith('openssl', "a key in Validata's hands (stand-in)", () => {
  let standIn: StandIn
  let uri: string
  beforeAll(async () => {
    standIn = await rsaStandIn()
    uri = `validata:profile=Ivanov;tool=${standIn.install('rpki1utl')};temporary-folder=${standIn.temporaryFolder};output-wait=200ms`
  })
  afterEach(() => {
    delete process.env['STAND_IN']
    expect(standIn.privateFolders()).toEqual([])
  })

  test('all is well', async () => {
    Object.assign(process.env, standIn.environment())
    const { readFileSync } = await import('node:fs')
    simulator.addUser({
      login: 'ivanov',
      password: PASSWORD,
      certificates: [readFileSync(standIn.certificate, 'utf8')],
    })
    const report = await examine({ key: uri, certificate: undefined, login: 'ivanov' })
    expect(report.firstFailure, JSON.stringify(report.steps, null, 1)).toBeUndefined()
    // The stand-in's certificates are for a few days.
    expect(outcomes(report)).toMatchObject({ 'signer-certificate': 'warning', token: 'pass' })
    const seen = report.steps.find(({ name }) => name === 'test-signature')?.seen.join('\n')
    expect(seen).toMatch(/by CN=Signer of tokens, verified here/)
  })

  test('a program that is not there', async () => {
    const report = await examine({ key: 'validata:tool=/nowhere/zpki1utl', certificate: undefined })
    expectCause(report, 'signer', 'ERR_TOOL_NOT_FOUND')
  })
})
