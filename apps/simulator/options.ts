import type { ServerAuthority } from './authority.ts'
import type { Faults } from './faults.ts'

/** What each simulator takes. */
export interface SimulatorOptions {
  /** On 127.0.0.1. Default 0: any that is free. */
  port?: number | undefined
  /** What goes wrong from the beginning. */
  faults?: Faults | undefined
  /** Issues the server's certificate. Default: one of its own. */
  authority?: ServerAuthority | undefined
}
