/**
 * Whom to trust: stores of authorities from files, and what paths mean for signatures and for people.
 * @module
 */
export { type ChainNeeds, type ChainNeedsOptions, chainNeeds, type NeededAuthority } from './chain-needs.ts'
export { type DescribePathOptions, describePath } from './describe-path.ts'
export { type LoadedTrust, type LoadTrustOptions, loadTrustStore, type TrustSource } from './load.ts'
export { pathJson } from './path-json.ts'
export { type PathTrustOptions, pathOf, pathTrust } from './path-trust.ts'
export { PATH_REASONS } from './reasons.ts'
