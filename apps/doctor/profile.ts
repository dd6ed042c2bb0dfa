import type { Profile, Setting } from '../../src/config/index.ts'

/**
 * A profile in which nothing is asked a second time: the doctor wants to see the first answer.
 */
export function withoutRetries(profile: Profile): Profile {
  const retries: Setting = {
    name: 'retries',
    value: 0,
    origin: { kind: 'flag', place: 'the doctor' },
    hides: [],
  }
  return {
    ...profile,
    get: (name) => (name === 'retries' ? retries : profile.get(name)),
    require: (name) => (name === 'retries' ? retries : profile.require(name)),
  }
}
