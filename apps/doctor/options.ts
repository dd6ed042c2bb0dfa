import type { Profile } from '../../src/config/index.ts'
import type { TrustSource } from '../../src/trust/index.ts'
import type { OpenOptions } from '../clients/index.ts'
import type { StepReport } from './report.ts'

/** What the doctor is given. */
export interface DoctorOptions
  extends Pick<OpenOptions, 'prompt' | 'pin' | 'trace' | 'env' | 'store' | 'onSecret'> {
  /** Reads the configuration: the first step, so that what is wrong with it is in the report. */
  load: () => Promise<Profile>
  /** Clearstream: authorities of client certificates, to validate the own one with. */
  clientCa?: TrustSource | undefined
  /** Default true; false ends before the password would be sent. */
  login?: boolean | undefined
  /** Ends the examination with its reason. */
  signal?: AbortSignal | undefined
  /** Told when a step begins. */
  onStart?: ((step: { readonly name: string; readonly title: string }) => void) | undefined
  /** Told when a step has ended. */
  onStep?: ((step: StepReport) => void | Promise<void>) | undefined
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined
}
