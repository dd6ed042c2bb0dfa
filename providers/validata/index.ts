/**
 * Signatures by Validata's command line, as MOEX asks for them with GOST.
 * @module
 */

export { openValidataSigner } from './open-validata-signer.ts'
export type { ValidataFamily, ValidataOptions, ValidataSettings } from './options.ts'
export type { ReportedSignature } from './report/describe-signature.ts'
export { type ReportedTool, type ReportStep, testValidata, type ValidataReport } from './test-validata.ts'
export { formatValidataUri, parseValidataUri } from './uri.ts'
export { type ValidataSignature, ValidataSigner } from './validata-signer.ts'
