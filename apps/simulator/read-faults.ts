import type { Faults } from './faults.ts'

type Reader = (value: string | undefined) => Faults | undefined

const number = (value: string | undefined, least = 0): number | undefined =>
  value !== undefined && /^-?\d{1,9}$/.test(value) && Number(value) >= least ? Number(value) : undefined

/** A fault that is there or not. */
const bySwitch =
  (name: 'maintenance' | 'malformedJson' | 'hugeAnswer'): Reader =>
  (value) =>
    value === undefined ? { [name]: true } : undefined

/** A fault that is one of some words. */
const byWord =
  <Name extends keyof Faults>(name: Name, words: readonly Faults[Name][]): Reader =>
  (value) => {
    const word = words.find((each) => each === value)
    return word === undefined ? undefined : { [name]: word }
  }

const slow =
  (where: 'head' | 'body'): Reader =>
  (value) => {
    const milliseconds = number(value)
    return milliseconds === undefined ? undefined : { slow: { milliseconds, where } }
  }

const READERS: Readonly<Record<string, readonly [form: string, read: Reader]>> = {
  maintenance: ['maintenance', bySwitch('maintenance')],
  'rate-limited': [
    'rate-limited[=SECONDS]',
    (value) => {
      const retryAfter = number(value)
      if (value !== undefined && retryAfter === undefined) return undefined
      return { rateLimited: { retryAfter } }
    },
  ],
  slow: ['slow=MILLISECONDS', slow('head')],
  'slow-body': ['slow-body=MILLISECONDS', slow('body')],
  drop: ['drop=before-answer|in-body', byWord('drop', ['before-answer', 'in-body'])],
  'malformed-json': ['malformed-json', bySwitch('malformedJson')],
  'huge-answer': ['huge-answer', bySwitch('hugeAnswer')],
  'clock-skew': [
    'clock-skew=SECONDS',
    (value) => {
      const clockSkew = number(value, -999_999_999)
      return clockSkew === undefined ? undefined : { clockSkew }
    },
  ],
  'refresh-tokens': [
    'refresh-tokens=rotate|single-use|keep|none',
    byWord('refreshTokens', ['rotate', 'single-use', 'keep', 'none']),
  ],
  tls: ['tls=1.2', byWord('tls', ['1.2'])],
  'server-certificate': [
    'server-certificate=expired|wrong-name|unknown-root|missing-intermediate',
    byWord('serverCertificate', ['expired', 'wrong-name', 'unknown-root', 'missing-intermediate']),
  ],
  passport: [
    'passport=cookie|redirect|body|denied-200',
    byWord('passport', ['cookie', 'redirect', 'body', 'denied-200']),
  ],
}

/** The faults as they are written on a command line. */
export const FAULT_FORMS: readonly string[] = Object.values(READERS).map(([form]) => form)

/**
 * Reads a fault as it is written on a command line: `maintenance`, `slow=500`.
 *
 * @throws RangeError with the form that is right
 */
export function readFault(text: string): Faults {
  const [name = '', value] = text.split(/=(.*)/s)
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined
  if (reader === undefined) throw new RangeError(`it is one of ${FAULT_FORMS.join(', ')}`)
  const [form, read] = reader
  const faults = read(value)
  if (faults === undefined) throw new RangeError(`it is written ${form}`)
  return faults
}
