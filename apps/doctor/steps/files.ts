import { stat } from 'node:fs/promises'
import { readableByOthers } from '../../../src/config/permissions.ts'
import { ConfigError } from '../../../src/errors.ts'
import { examine } from '../../clients/examine.ts'
import { textOf } from '../../clients/settings.ts'
import type { Facts } from '../facts.ts'
import { type Finding, failure, known, type Step, warnedOf } from '../step.ts'

/**
 * Looks whether the files are there, and who else can read those that hold secrets.
 *
 * @param open gets what the files are for, and tells of it; `warn` is for sentences
 */
export function filesStep<F extends Facts>(
  open: (facts: F, warn: (warning: string) => void) => Promise<readonly string[]>,
): Step<F> {
  return {
    name: 'files',
    title: 'files and their permissions',
    needs: ['configuration'],
    run: async (facts) => {
      const profile = known(facts.profile, 'the profile')
      const signal = facts.options.signal ?? new AbortController().signal
      const examined = await examine(profile, { runCommands: false, signal })
      const problems = examined.flatMap(({ setting, problem }) =>
        problem === undefined ? [] : [about(setting.name, problem)],
      )
      if (problems.length > 0) return unusable(problems)
      const warnings = examined.flatMap(({ setting, note, warns }) =>
        warns && note !== undefined ? [about(setting.name, note)] : [],
      )
      const seen = await open(facts, (warning) => void warnings.push(warning))
      for (const [certificate, key] of [
        ['certificate', 'key'],
        ['tls-certificate', 'tls-key'],
      ] as const) {
        const path = keyInside(facts, certificate, key)
        if (path === undefined) continue
        const status = await stat(path).catch(() => undefined)
        if (status?.isFile() === true && readableByOthers(status)) {
          warnings.push(
            about(certificate, `${path} can be read by others, and the key is in it: chmod 600 ${path}`),
          )
        }
      }
      const secret = warnings.length === 0 ? ['what is secret can be read by nobody else'] : []
      const todo = 'files with secrets are for their owner alone: chmod 600 FILE, and 700 for their folder'
      return warnedOf([...seen, ...secret], warnings, todo)
    },
  }
}

/** Not `password: …`, which looks like a secret to who takes them out. */
function about(setting: string, words: string): string {
  return `setting ${setting}: ${words}`
}

function unusable(problems: readonly string[]): Finding {
  const [first = '', ...others] = problems
  const hint =
    'put the file there, or name the right one; sealkit config check tells where each setting comes from'
  return failure(new ConfigError('ERR_CONFIG_SETTING', first, { hint }), { seen: others })
}

/** The file of a certificate where it holds the key too. */
function keyInside({ profile }: Facts, certificate: string, key: string): string | undefined {
  const isOf = (name: string) => profile?.settings.some((setting) => setting.name === name) === true
  if (profile === undefined || !isOf(certificate) || isOf(key)) return undefined
  return textOf(profile, certificate)
}
