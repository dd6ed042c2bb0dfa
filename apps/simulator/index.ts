/**
 * Test doubles of both platforms, as real HTTPS servers on this machine, for tests and demos. They are made after the
 * platforms' guides and are **no replacement of the platforms' own test environments**: what works here is still to be
 * tried there.
 * @module
 */
export type { ServerAuthority } from './authority.ts'
export type { IssuedCredential, IssueOptions } from './consumer-authority.ts'
export type { Faults } from './faults.ts'
export type { SimulatorOptions } from './options.ts'
export type { RecordedRequest } from './recorded.ts'
