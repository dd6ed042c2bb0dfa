import { SignerError } from '../../src/errors.ts'
import {
  type CheckedSettings,
  MAX_CONCURRENCY,
  MAX_MILLISECONDS,
  type ValidataOptions,
  type ValidataSettings,
} from './options.ts'
import { checkTemplate } from './tool/template.ts'
import { parseValidataUri } from './uri.ts'

/**
 * The options with their defaults. Those that make no sense together are a SignerError, since they may stand in a
 * URI; those of a wrong type a TypeError.
 */
export function checkOptions(
  options: ValidataOptions,
): CheckedSettings & Pick<ValidataSettings, 'certificate'> {
  if (options === null || typeof options !== 'object') throw new TypeError('options must be an object')
  const { key, ...given } = options
  const settings: ValidataSettings = {
    ...(key === undefined ? {} : parseValidataUri(key)),
    ...present(given),
  }
  for (const name of TEXTS) checkText(name, settings[name])
  for (const name of LISTS) checkList(name, settings[name])
  for (const name of SWITCHES) {
    if (settings[name] !== undefined && typeof settings[name] !== 'boolean')
      throw wrongType(name, 'a boolean')
  }
  checkFamily(settings.family)
  checkEnvironment(options.environment)
  if (settings.algorithm !== undefined && !OID.test(settings.algorithm)) {
    throw refused('algorithm is no dotted OID', 'write it as 1.2.643.7.1.1.3.2')
  }
  for (const argument of [...(settings.extraArguments ?? []), ...(settings.arguments ?? [])])
    checkNoSecret(argument)
  if (settings.arguments !== undefined) checkTemplate(settings.arguments, settings, refused)
  if (settings.sendCertificate === false && settings.certificate === undefined) {
    const hint = 'give the certificate, or leave sendCertificate at its default'
    throw refused(
      'without the certificate in the signature it can only be checked with one that is given',
      hint,
    )
  }
  return {
    tool: settings.tool,
    family: settings.family,
    profile: settings.profile,
    registry: settings.registry ?? false,
    sendCertificate: settings.sendCertificate ?? true,
    silent: settings.silent ?? true,
    algorithm: settings.algorithm,
    extraArguments: settings.extraArguments ?? [],
    arguments: settings.arguments,
    prefix: settings.prefix ?? [],
    workingDirectory: settings.workingDirectory,
    temporaryFolder: settings.temporaryFolder,
    temporaryFolderSeenAs: settings.temporaryFolderSeenAs,
    timeout: count('timeout', settings.timeout ?? 60_000, 1, MAX_MILLISECONDS),
    outputWait: count('outputWait', settings.outputWait ?? 10_000, 0, MAX_MILLISECONDS),
    concurrency: count('concurrency', settings.concurrency ?? 1, 1, MAX_CONCURRENCY),
    certificate: settings.certificate,
  }
}

const TEXTS = [
  'tool',
  'profile',
  'algorithm',
  'workingDirectory',
  'temporaryFolder',
  'temporaryFolderSeenAs',
] as const
const LISTS = ['extraArguments', 'arguments', 'prefix'] as const
const SWITCHES = ['registry', 'sendCertificate', 'silent'] as const
const OID = /^[012](\.(0|[1-9]\d{0,38})){1,60}$/
/** Arguments are seen by every user of the machine. */
const SECRET_ARGUMENT = /^(-{1,2}|\/)(password|passwd|pass|pwd|pin|pincode)\b/i

function present<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>
}

function checkText(name: string, value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'string') throw wrongType(name, 'a string')
  if (value === '') throw refused(`${name} is empty`, 'leave it out')
  if (/[\p{Cc}\p{Surrogate}]/u.test(value)) throw refused(`${name} has a character that no name has`)
}

function checkList(name: string, value: readonly unknown[] | undefined): void {
  if (value === undefined) return
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw wrongType(name, 'a list of strings')
  }
  for (const each of value as string[]) checkText(name, each)
}

function checkFamily(family: unknown): void {
  if (family !== undefined && family !== 'RSA' && family !== 'GOST')
    throw wrongType('family', "'RSA' or 'GOST'")
}

function checkEnvironment(environment: unknown): void {
  if (environment === undefined) return
  const isObject = typeof environment === 'object' && environment !== null
  const texts =
    isObject && Object.values(environment).every((value) => ['string', 'undefined'].includes(typeof value))
  if (!texts) throw wrongType('environment', 'an object of strings')
}

function checkNoSecret(argument: string): void {
  if (!SECRET_ARGUMENT.test(argument)) return
  const hint = 'let the cryptographic service provider keep it; every user of the machine sees the arguments'
  throw refused('a password or PIN is not given to the tool as an argument', hint)
}

function count(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw wrongType(name, `a whole number from ${least} to ${most}`)
}

function wrongType(name: string, what: string): TypeError {
  return new TypeError(`${name} must be ${what}`)
}

function refused(message: string, hint?: string): SignerError {
  return new SignerError('ERR_SIGNER_URI', `validata: ${message}`, { hint })
}
