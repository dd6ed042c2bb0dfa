import { CertificateRevocationList } from '../x509/index.ts'
import type { PathLimits } from './budget.ts'
import type { RevocationOptions, ValidatePathOptions } from './options.ts'
import type { PolicyInput } from './policies.ts'
import { isProfile } from './profiles.ts'
import { isPurpose } from './purposes.ts'
import { isRevocationMode } from './revocation/status.ts'
import { TrustStore } from './trust-store.ts'

/**
 * Refuses options of other types: a mode that is none, a time that is NaN or a flag that is 1 would switch a check off
 * without a word.
 *
 * @throws TypeError
 */
export function checkOptions(options: ValidatePathOptions): void {
  onlyKnown('', options, OPTIONS)
  const { trust, purpose, profile, time, host, email, minRsaBits, extendedKeyUsage } = options
  if (!(trust instanceof TrustStore)) throw new TypeError('trust must be a TrustStore')
  if (typeof purpose !== 'string' || !isPurpose(purpose))
    throw new TypeError(`there is no purpose ${String(purpose)}`)
  if (profile !== undefined && (typeof profile !== 'string' || !isProfile(profile)))
    throw new TypeError(`there is no profile ${String(profile)}`)
  moment('time', time)
  expect('host must be a text', host, (value) => typeof value === 'string')
  expect('email must be a text', email, (value) => typeof value === 'string')
  expect('minRsaBits must be a number of bits', minRsaBits, (value) => Number.isInteger(value) && value >= 0)
  expect(
    "extendedKeyUsage must be OIDs or 'any'",
    extendedKeyUsage,
    (value) => value === 'any' || areTexts(value),
  )
  expect('policies must be an object', options.policies, isObject)
  expect('revocation must be an object', options.revocation, isObject)
  expect('limits must be an object', options.limits, isObject)
  onlyKnown('limits.', options.limits, LIMITS)
  onlyKnown('policies.', options.policies, POLICIES)
  onlyKnown('revocation.', options.revocation, REVOCATION)
  checkPolicies(options.policies ?? {})
  checkRevocation(options.revocation ?? {})
}

/** A name that is mistyped would leave out what it asks for: `hostname` for `host`. */
function onlyKnown(prefix: string, given: object | undefined, known: readonly string[]): void {
  const unknown = Object.keys(given ?? {}).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new TypeError(`there is no option ${prefix}${unknown}`)
}

const OPTIONS: readonly (keyof ValidatePathOptions)[] = [
  ...(['trust', 'untrusted', 'purpose', 'host', 'email', 'time', 'profile', 'extendedKeyUsage'] as const),
  ...(['policies', 'revocation', 'minRsaBits', 'limits', 'signal'] as const),
]
const POLICIES: readonly (keyof PolicyInput)[] = [
  'acceptable',
  'requireExplicit',
  'inhibitMapping',
  'inhibitAny',
]
const REVOCATION: readonly (keyof RevocationOptions)[] = [
  'mode',
  'crls',
  'ocspResponses',
  'fetchOcsp',
  'time',
]
const LIMITS: readonly (keyof PathLimits)[] = [
  'maxSignatures',
  'maxCandidates',
  'maxNameComparisons',
  'maxDepth',
]

function checkPolicies({ acceptable, requireExplicit, inhibitMapping, inhibitAny }: PolicyInput): void {
  expect('policies.acceptable must be OIDs', acceptable, areTexts)
  for (const [name, flag] of Object.entries({ requireExplicit, inhibitMapping, inhibitAny })) {
    expect(`policies.${name} must be true or false`, flag, (value) => typeof value === 'boolean')
  }
}

function checkRevocation({ mode, crls, ocspResponses, fetchOcsp, time }: RevocationOptions): void {
  if (mode !== undefined && !isRevocationMode(mode))
    throw new TypeError(`there is no revocation.mode ${String(mode)}`)
  const areLists = (value: unknown) => are(value, (each) => each instanceof CertificateRevocationList)
  expect('revocation.crls must be revocation lists', crls, areLists)
  const areBytes = (value: unknown) => are(value, (each) => each instanceof Uint8Array)
  expect('revocation.ocspResponses must be Uint8Arrays', ocspResponses, areBytes)
  expect('revocation.fetchOcsp must be a function', fetchOcsp, (value) => typeof value === 'function')
  moment('revocation.time', time)
}

function moment(name: string, time: Date | undefined): void {
  expect(`${name} must be a valid Date`, time, (value) => value instanceof Date && !Number.isNaN(+value))
}

function expect<T>(message: string, value: T | undefined, isRight: (value: T) => boolean): void {
  if (value !== undefined && !isRight(value)) throw new TypeError(message)
}

const are = (value: unknown, isRight: (each: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isRight)

const areTexts = (value: unknown): boolean => are(value, (each) => typeof each === 'string')

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
