/** Converting, keys, signing in the support page, in Chromium. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { ConsumerAuthority } from '../../../apps/simulator/consumer-authority.ts'
import { readCredentials, writePkcs12 } from '../../../src/credentials/index.ts'
import { mustRun } from '../../interop/support/run.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { axe, field, openPage, shot } from './support/page.ts'

const USER = 'a000012345_00012345'
const PASSWORD = 'from the page'

describeWith(['chromium', 'openssl', 'java'], 'the support page: credentials', () => {
  let folder: string
  let pem: string
  let legacy: string
  let slow: string
  let ca: string
  beforeAll(async () => {
    folder = tempDir()
    const authority = await ConsumerAuthority.create('Consumers')
    const issued = await authority.issue(USER, {})
    const write = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content, { mode: 0o600 })
      return join(folder, name)
    }
    pem = write(`ocapi-${USER}-ssl.pem`, issued.pem)
    ca = write(`ocapi-${USER}-cacert.pem`, authority.ca)
    legacy = join(folder, 'old.p12')
    const args = ['pkcs12', '-export', '-legacy', '-in', pem, '-out', legacy, '-passout', `pass:${PASSWORD}`]
    await mustRun('openssl', args)
    const credentials = await readCredentials(issued.pem)
    slow = write('slow.p12', await writePkcs12(credentials, { password: PASSWORD, iterations: 600_000 }))
  })

  async function choose(page: Page, ...files: string[]): Promise<void> {
    await page.locator('#view-convert input[type=file]').setInputFiles(files)
  }

  async function save(page: Page, press: () => Promise<void>): Promise<string> {
    const waiting = page.waitForEvent('download')
    await press()
    const download = await waiting
    const path = join(tempDir(), download.suggestedFilename())
    await download.saveAs(path)
    return path
  }

  it('makes P12 of PEM, names it by the convention, and sends nothing', async () => {
    await using shown = await openPage({ view: 'convert' })
    const { page, requests } = shown
    await choose(page, pem)
    await page.getByText('They belong together').waitFor()
    await shot(page, 'convert-found')
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Convert' }).click()
    await page.getByText('A password is needed.').waitFor()
    await field(page, 'Password of the new file').fill(PASSWORD)
    await field(page, 'Once more').fill(PASSWORD)
    const before = requests.filter(({ what }) => what !== 'POST /api/alive').length
    const path = await save(page, () => page.getByRole('button', { name: 'Convert' }).click())
    expect(path).toMatch(new RegExp(`/ocapi-${USER}-ssl\\.p12$`))
    await mustRun('openssl', ['pkcs12', '-in', path, '-noout', '-passin', `pass:${PASSWORD}`])
    const { stdout } = await mustRun('keytool', ['-list', '-keystore', path, '-storepass', PASSWORD])
    expect(stdout.toString()).toContain('PrivateKeyEntry')
    const after = requests.filter(({ what }) => what !== 'POST /api/alive').slice(before)
    expect(after.filter(({ what }) => !/^GET \/(assets\/|[0-9a-f-]{36}$)/.test(what))).toEqual([])
    expect(
      requests
        .filter(({ what }) => /^POST/.test(what))
        .map(({ body }) => body)
        .join(),
    ).not.toContain(PASSWORD)
    await shot(page, 'convert-done')
  })

  it('reads an old P12 with RC2 and triple DES, says when the password is wrong, and makes PEM of it', async () => {
    await using shown = await openPage({ view: 'convert', context: { colorScheme: 'dark' } })
    const { page } = shown
    await choose(page, legacy)
    await field(page, 'Password of old.p12').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('This password does not open it').waitFor()
    await field(page, 'Password of old.p12').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('They belong together').waitFor()
    await page.getByText('The key will not be encrypted').waitFor()
    await shot(page, 'convert-legacy-dark')
    expect(await axe(page)).toEqual([])
    const path = await save(page, () => page.getByRole('button', { name: 'Convert' }).click())
    expect(path).toMatch(/old\.pem$/)
    await mustRun('openssl', ['pkey', '-in', path, '-noout'])
  })

  it('makes a truststore for Java of dropped files', async () => {
    await using shown = await openPage({ view: 'convert' })
    const { page } = shown
    const content = readFileSync(ca, 'utf8')
    const transfer = await page.evaluateHandle(
      ({ name, text }) => {
        const { DataTransfer: Transfer, File: OneFile } = globalThis as unknown as {
          DataTransfer: new () => { items: { add(file: unknown): void } }
          File: new (parts: string[], name: string) => unknown
        }
        const data = new Transfer()
        data.items.add(new OneFile([text], name))
        return data
      },
      { name: `ocapi-${USER}-cacert.pem`, text: content },
    )
    await page.locator('#view-convert .drop').dispatchEvent('drop', { dataTransfer: transfer })
    await page.getByText('Certificates without a key').waitFor()
    await field(page, 'Password of the new file').fill('changeit')
    await field(page, 'Once more').fill('changeit')
    const path = await save(page, () => page.getByRole('button', { name: 'Convert' }).click())
    expect(path).toMatch(new RegExp(`/ocapi-${USER}-cacert\\.p12$`))
    const { stdout } = await mustRun('keytool', ['-list', '-keystore', path, '-storepass', 'changeit'])
    expect(stdout.toString()).toContain('trustedCertEntry')
  })

  it('goes on while 600,000 iterations are made', async () => {
    await using shown = await openPage({ view: 'convert' })
    const { page } = shown
    await choose(page, slow)
    await field(page, 'Password of slow.p12').fill(PASSWORD)
    // Counts on the page's own thread.
    await page.evaluate(() => {
      const state = globalThis as unknown as { turns: number }
      state.turns = 0
      setInterval(() => (state.turns += 1), 1)
    })
    await page.keyboard.press('Enter')
    await page.getByText('Opening …').waitFor()
    const turns = () => page.evaluate(() => (globalThis as unknown as { turns: number }).turns)
    const before = await turns()
    await page.getByText('They belong together').waitFor()
    expect((await turns()) - before).toBeGreaterThan(20)
    // On the page's thread a derivation would leave it a turn now and then too.
    expect(page.workers()).toHaveLength(1)
  })

  it('makes key and request, which OpenSSL verifies', async () => {
    await using shown = await openPage({ view: 'csr' })
    const { page, requests } = shown
    await page.getByRole('button', { name: 'Make key and request' }).click()
    await page.getByText('A common name or an alternative name is needed.').waitFor()
    await field(page, 'Common name').fill(USER)
    await field(page, 'Country').fill('lu')
    await field(page, 'Alternative names').fill('IP:not an address')
    await field(page, 'Type').selectOption('P-256')
    await field(page, 'Password of the key').fill(PASSWORD)
    await field(page, 'Once more').fill(PASSWORD)
    await page.getByRole('button', { name: 'Make key and request' }).click()
    await page.locator('.note.error').filter({ visible: true }).waitFor()
    await field(page, 'Alternative names').fill('api.bank.example')
    await page.getByRole('button', { name: 'Make key and request' }).click()
    await page.getByText('Save both now').waitFor()
    await shot(page, 'csr-made')
    expect(await axe(page)).toEqual([])
    const request = await save(page, () => page.getByRole('button', { name: 'Save the request' }).click())
    const key = await save(page, () => page.getByRole('button', { name: 'Save the key' }).click())
    await mustRun('openssl', ['req', '-in', request, '-verify', '-noout'])
    await mustRun('openssl', ['pkey', '-in', key, '-noout', '-passin', `pass:${PASSWORD}`])
    expect(requests.filter(({ what }) => /^POST \/api\/(?!session|alive|profiles)/.test(what))).toEqual([])
    await page.getByLabel('Do not encrypt the key').check()
    await page.getByText('The key will stand in the file for everyone who can read it').waitFor()
  })

  it('signs with a key that stays in the page, and verifies, with the chain as a picture', async () => {
    await using shown = await openPage({ view: 'sign' })
    const { page, requests } = shown
    await field(page, 'Text').fill('the passport token')
    await page
      .getByLabel('Files with keys and certificates')
      .and(page.locator('#view-sign input'))
      .setInputFiles(pem)
    await page.getByText('1 private key, 1 certificate').first().waitFor()
    await page.getByRole('button', { name: 'Sign', exact: true }).click()
    await page.getByText('whose it is was not judged').waitFor()
    await shot(page, 'signed')
    expect(await axe(page)).toEqual([])
    const secret = readFileSync(pem, 'utf8').match(/PRIVATE KEY-----\n([^\n]+)/)?.[1] ?? 'none'
    expect(requests.map(({ body }) => body).join()).not.toContain(secret)
    const path = await save(page, () => page.getByRole('button', { name: 'Save as .p7s' }).click())
    writeFileSync(join(folder, 'text'), 'the passport token')
    const args = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', path, '-noverify']
    await mustRun('openssl', [...args, '-content', join(folder, 'text')])

    await page.getByText('Verify', { exact: true }).first().click()
    await page.getByLabel('Signature', { exact: true }).and(page.locator('input')).setInputFiles(path)
    await field(page, 'What was signed').fill('the passport token')
    await page.getByLabel('Authorities to trust').and(page.locator('input')).setInputFiles(ca)
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('The signature is not good').waitFor()
    await page.getByLabel(/^Take a certificate/).check()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('and the certificate is trusted').waitFor()
    await page.getByRole('img', { name: 'Chain of 2 certificates' }).waitFor()
    await shot(page, 'verified')
    expect(await axe(page)).toEqual([])
    await field(page, 'What was signed').fill('the passport tokeN')
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('The signature is not good').waitFor()
  })

  it('signs with a key of this machine, with the keyboard alone', async () => {
    await using shown = await openPage({ view: 'sign', context: { viewport: { width: 390, height: 800 } } })
    const { page } = shown
    await field(page, 'Text').fill('x')
    await field(page, 'Where the key is').selectOption('server')
    await field(page, 'Key').fill(join(folder, 'missing.pem'))
    await page.keyboard.press('Enter')
    await page.locator('.note.error').filter({ visible: true }).waitFor()
    await field(page, 'Key').fill(pem)
    await page.keyboard.press('Enter')
    await page.getByText('whose it is was not judged').waitFor()
    await shot(page, 'signed-narrow')
    expect(await axe(page)).toEqual([])
  })
})
