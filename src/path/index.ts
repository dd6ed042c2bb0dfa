/**
 * Certificate path validation (RFC 5280 section 6).
 * @module
 */
export type { PathLimits } from './budget.ts'
export type { FetchOcsp, OcspQuery, RevocationOptions, ValidatePathOptions } from './options.ts'
export type { PolicyInput } from './policies.ts'
export { CertificatePool } from './pool.ts'
export type { PathProblem, PathReason } from './problem.ts'
export type { Profile, Role } from './profiles.ts'
export type { Purpose } from './purposes.ts'
export type { PathCertificate, PathResult } from './result.ts'
export type { Revocation, Status } from './revocation/standing.ts'
export type { CertificateRevocation, RevocationMode } from './revocation/status.ts'
export { TrustStore, type UnreadableCertificate } from './trust-store.ts'
export { validatePath } from './validate.ts'
