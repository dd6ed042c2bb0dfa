import { type Profile, readSecretReference, SecretReference } from '../../src/config/index.ts'
import type { OpenOptions } from './options.ts'

/** Reads a secret anew each time. */
export type ReadSecret = () => Promise<string>

/** The secrets of a profile. */
export interface Secrets {
  /** One that must be there: asked for where the profile does not name it and there is somebody to ask. */
  required(name: string): ReadSecret
  /** One that may be missing. */
  optional(name: string): ReadSecret | undefined
  /** The same, asked for where the profile does not name it. */
  asked(name: string, what: string): ReadSecret | undefined
}

/** Secrets are read when they are needed, and not kept here; `known` is told each. */
export function secretsOf(profile: Profile, options: OpenOptions, known: (secret: string) => void): Secrets {
  const { prompt, env, signal, onWarning } = options
  const told = new Set<string>()
  const tell = (secret: string): string => {
    if (!told.has(secret)) {
      told.add(secret)
      known(secret)
    }
    return secret
  }
  const referenceTo = (name: string): SecretReference | undefined => {
    const value = profile.get(name)?.value
    return value instanceof SecretReference ? value : undefined
  }
  const read = async (reference: SecretReference): Promise<string> =>
    tell(await readSecretReference(reference, { prompt, env, signal, onWarning }))
  const asked = (name: string, what: string): ReadSecret | undefined => {
    const reference = referenceTo(name)
    if (reference !== undefined) return () => read(reference)
    return prompt === undefined ? undefined : async () => tell(await prompt(what))
  }
  return {
    asked,
    required: (name) => {
      const whose = profile.name === undefined ? profile.platform : `profile ${profile.name}`
      return async () => {
        const ask = asked(name, `${name.replaceAll('-', ' ')} of ${whose}`)
        if (ask !== undefined) return await ask()
        profile.require(name)
        throw new TypeError(`${name} is no reference to a secret`)
      }
    },
    optional: (name) => {
      const reference = referenceTo(name)
      return reference === undefined ? undefined : () => read(reference)
    },
  }
}
