/**
 * Test doubles of both platforms, as real HTTPS servers on this machine, for tests and demos. They are made after the
 * platforms' guides and are **no replacement of the platforms' own test environments**: what works here is still to be
 * tried there.
 * @module
 */
export { ServerAuthority } from './authority.ts'
export {
  type ClearstreamSimulator,
  type ClearstreamSimulatorOptions,
  startClearstreamSimulator,
} from './clearstream/clearstream-simulator.ts'
export type { ClearstreamConsumer } from './clearstream/consumers.ts'
export type { ClearstreamRefusal } from './clearstream/token-endpoint.ts'
export type { IssuedCredential, IssueOptions } from './consumer-authority.ts'
export type { Faults } from './faults.ts'
export type { MoexApplication } from './moex/applications.ts'
export type { IssuedSigner } from './moex/issue-user.ts'
export { type MoexSimulator, type MoexSimulatorOptions, startMoexSimulator } from './moex/moex-simulator.ts'
export type { MoexRefusal } from './moex/refusals.ts'
export type { MoexUser } from './moex/users.ts'
export type { SimulatorOptions } from './options.ts'
export {
  type ConnectProxy,
  type ConnectProxyOptions,
  type ProxyFaults,
  startConnectProxy,
} from './proxy/connect-proxy.ts'
export type { RecordedRequest } from './recorded.ts'
