/** What goes wrong with a tool: each in a typed error with a way out, without secrets, and nothing left behind. */
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { openValidataSigner, type ValidataOptions } from '../../../providers/validata/index.ts'
import { ToolError } from '../../../src/errors.ts'
import { describeWith, tempDir } from '../../support/tools.ts'
import { type Behaviour, gostStandIn, PIN, rsaStandIn, type StandIn, TOKEN } from './support/stand-in.ts'

describeWith('openssl', 'a tool that does not sign', () => {
  let standIn: StandIn
  let tool: string
  beforeAll(async () => {
    standIn = await rsaStandIn()
    tool = standIn.install('rpki1utl')
  })

  /** The error of a signature; nothing may be left of the call, and no secret be in it. */
  async function failure(behaviour: Behaviour, more: ValidataOptions = {}): Promise<ToolError> {
    await using signer = await openValidataSigner({
      tool,
      profile: 'Ivanov',
      temporaryFolder: standIn.temporaryFolder,
      outputWait: 200,
      ...more,
      environment: { ...standIn.environment(behaviour), ...more.environment },
    })
    const error: unknown = await signer.signDetached(TOKEN).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ToolError)
    const shown = inspect(error, { depth: 9 })
    for (const secret of [TOKEN, PIN, Buffer.from(TOKEN).toString('base64').slice(0, 20)]) {
      expect(shown).not.toContain(secret)
    }
    expect(standIn.privateFolders()).toEqual([])
    const told = error as ToolError
    expect(told.hint).toMatch(/\w/)
    return told
  }

  describe('says why', () => {
    const messages: readonly (readonly [code: string, text: string])[] = [
      ['PROFILE', 'Профиль "Ivanov" не найден'],
      ['PROFILE', 'Error: unknown profile Ivanov'],
      ['PROFILE', 'Не удалось открыть справочник сертификатов'],
      ['KEY_MEDIUM', 'Вставьте ключевой носитель и нажмите ОК'],
      ['KEY_MEDIUM', 'Ошибка: не найден носитель секретного ключа (E0310)'],
      ['KEY_MEDIUM', 'Cannot read key medium: device is not ready'],
      ['KEY_MEDIUM', 'Не найдена папка A:\\vdkeys'],
      ['CERTIFICATE', 'Срок действия сертификата истёк 01.02.2026'],
      ['CERTIFICATE', 'Сертификат подписи не найден в локальном справочнике'],
      ['CERTIFICATE', 'certificate has expired'],
      ['CERTIFICATE', 'Сертификат отозван'],
      ['LICENCE', 'Срок действия лицензии истек'],
      ['LICENCE', 'No valid license found'],
      ['FAILED', 'Ошибка 0x12345678'],
    ]
    const ways = [
      { encoding: 'ibm866', where: 'stderr' },
      { encoding: 'windows-1251', where: 'log' },
      { encoding: 'utf-8', where: 'stdout' },
      { encoding: 'utf-16le', where: 'log' },
    ]

    it.each(messages)('%s: %s', async (code, text) => {
      for (const way of text === messages[0]?.[1]
        ? ways
        : [ways[messages.findIndex(([, each]) => each === text) % 4]]) {
        const error = await failure({ mode: 'says', argument: { code: 17, text, ...way } })
        expect(error.code).toBe(`ERR_TOOL_${code}`)
        expect(error.message).toContain('rpki1utl ended with exit code 17')
        expect(error.message, JSON.stringify(way)).toContain(text)
      }
    })

    it('with an exit code alone', async () => {
      const error = await failure({ mode: 'says', argument: { code: 5, text: '' } })
      expect(error).toMatchObject({ code: 'ERR_TOOL_FAILED', message: 'rpki1utl ended with exit code 5' })
    })

    it('where it does not know the profile', async () => {
      const error = await failure({}, { profile: 'Петров' })
      expect(error.code).toBe('ERR_TOOL_PROFILE')
      expect(error.message).toContain('Профиль не найден: Петров')
    })

    it('where it dies', async () => {
      expect(await failure({ mode: 'dies' })).toMatchObject({
        code: 'ERR_TOOL_FAILED',
        message: 'rpki1utl was ended by SIGKILL',
      })
    })

    it('in more words than are kept', async () => {
      const error = await failure({ mode: 'says', argument: { code: 1, text: 'x'.repeat(1_000_000) } })
      expect(error.message.length).toBeLessThan(600)
    })
  })

  it.each(['tells-token', 'tells-base64'])('and %s: it is not repeated', async (mode) => {
    const { message } = await failure({ mode })
    expect(message).toContain('token: [removed]')
  })

  it.each([
    ['none', 'ERR_TOOL_NO_OUTPUT', 'ended well and wrote no signature'],
    ['folder', 'ERR_TOOL_NO_OUTPUT', 'wrote no signature'],
    ['empty', 'ERR_TOOL_OUTPUT_EMPTY', 'an empty file'],
    ['data', 'ERR_TOOL_OUTPUT_NOT_CMS', 'no CMS signature'],
    ['truncated', 'ERR_TOOL_OUTPUT_NOT_CMS', 'no CMS signature'],
    ['huge', 'ERR_TOOL_OUTPUT_REFUSED', 'too many for a signature'],
    ['other-token', 'ERR_TOOL_SIGNATURE_WRONG', 'the content is not the one that was signed'],
    ['changes-token', 'ERR_TOOL_SIGNATURE_WRONG', 'the content is not the one that was signed'],
    ['tampered', 'ERR_TOOL_SIGNATURE_WRONG', 'does not fit'],
    ['two-signers', 'ERR_TOOL_OUTPUT_REFUSED', 'it has 2 signers'],
    ['attached', 'ERR_TOOL_OUTPUT_REFUSED', 'it holds the content'],
  ])('that does %s', async (mode, code, words) => {
    const error = await failure({ mode })
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
  })

  it.each(['hello', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', '\0\0\0', '0'])(
    'that writes %j',
    async (argument) => {
      expect((await failure({ mode: 'garbage', argument })).code).toBe('ERR_TOOL_OUTPUT_NOT_CMS')
    },
  )

  it('that links its output to a file elsewhere: it is not read', async () => {
    const elsewhere = join(tempDir(), 'out')
    expect((await failure({ mode: 'link', argument: elsewhere })).code).toBe('ERR_TOOL_NO_OUTPUT')
    // Nor overwritten, when the folder goes.
    expect(readFileSync(elsewhere).subarray(0, 2)).toEqual(Buffer.of(0x30, 0x82))
  })

  it('that signs with another certificate than the expected one', async () => {
    const more = { certificate: standIn.certificate }
    const error = await failure({ mode: 'other-certificate' }, more)
    expect(error.code).toBe('ERR_TOOL_OUTPUT_REFUSED')
    expect(error.message).toContain('another certificate than the expected one: it is by CN=Another')
  })

  it('that leaves its certificate out, when another one is given', async () => {
    const more = { sendCertificate: false, certificate: standIn.otherCertificate }
    const error = await failure({}, more)
    expect(error.code).toBe('ERR_TOOL_OUTPUT_REFUSED')
    expect(error.message).toContain('neither in it nor the expected one')
  })

  it('that signs with RSA, where GOST is wanted', async () => {
    const error = await failure({}, { family: 'GOST' })
    expect(error.code).toBe('ERR_TOOL_OUTPUT_REFUSED')
    expect(error.message).toContain('its key is RSA, and must be GOST')
    expect(error.hint).toContain('rpki1utl')
  })

  describeWith('gost-engine', 'with GOST', () => {
    it('where RSA is wanted', async () => {
      const gost = gostStandIn('256-a')
      const environment = { ...gost.standIn.environment(), ...gost.env }
      const error = await failure({}, { tool: gost.standIn.install('rpki1utl'), environment })
      expect(error.message).toContain('its key is GOST, and must be RSA')
    })

    it('and wrongly', async () => {
      const gost = gostStandIn('512-a')
      const environment = { ...gost.standIn.environment({ mode: 'tampered' }), ...gost.env }
      const error = await failure({}, { tool: gost.standIn.install('zpci1utl'), environment })
      expect(error.code).toBe('ERR_TOOL_SIGNATURE_WRONG')
    })
  })

  it('that cannot be started', async () => {
    const { writeFileSync, chmodSync } = await import('node:fs')
    const broken = join(tempDir(), 'rpki1utl')
    writeFileSync(broken, '#!/nowhere/at/all\n')
    chmodSync(broken, 0o755)
    const error = await failure({}, { tool: broken })
    expect(error).toMatchObject({ code: 'ERR_TOOL_NOT_FOUND' })
    expect(error.message).toContain('cannot be started: ENOENT')
  })

  it('that is not there', async () => {
    const open = (more: ValidataOptions) => openValidataSigner({ family: 'RSA', ...more })
    const cases: [ValidataOptions, RegExp][] = [
      [{ tool: '/nowhere/rpki1utl' }, /there is no file/],
      [{ tool: tempDir() }, /is no program/],
      [{ tool: 'rpki9utl' }, /no program rpki9utl/],
      [{ tool: standIn.certificate }, /may not be executed/],
      [{}, /none of Validata's tools .*\(rpki1utl\)/],
      [{ tool, prefix: ['no-such-wine'] }, /no program no-such-wine/],
      [{ prefix: ['ssh', 'host'] }, /another machine/],
    ]
    for (const [more, words] of cases) {
      await expect(open(more)).rejects.toMatchObject({
        code: 'ERR_TOOL_NOT_FOUND',
        message: expect.stringMatching(words),
      })
    }
    const gone = join(tempDir(), 'link')
    symlinkSync('/nowhere', gone)
    await expect(open({ tool: gone })).rejects.toMatchObject({ code: 'ERR_TOOL_NOT_FOUND' })
  })

  it('in folders that are not there', async () => {
    const nowhere = join(tempDir(), 'nowhere')
    for (const name of ['workingDirectory', 'temporaryFolder']) {
      await expect(openValidataSigner({ tool, [name]: nowhere })).rejects.toMatchObject({
        code: 'ERR_TOOL_FAILED',
      })
    }
  })
})
