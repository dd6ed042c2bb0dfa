/**
 * sealkit: detached CMS signatures from any key, and their strict verification.
 *
 * The rooms have subpaths of their own: `sealkit/cms`, `sealkit/x509`, `sealkit/credentials`,
 * `sealkit/algorithms`, `sealkit/asn1`, `sealkit/signer`, and the backends `sealkit/providers/software`.
 * @module
 */
export * from './cms/index.ts'
export * from './errors.ts'
export * from './signer/index.ts'
export { Certificate } from './x509/index.ts'
