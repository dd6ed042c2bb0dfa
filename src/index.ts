/**
 * sealkit: detached CMS signatures from any key, and their strict verification.
 *
 * The rooms have subpaths of their own: `sealkit/cms`, `sealkit/x509`, `sealkit/credentials`,
 * `sealkit/algorithms`, `sealkit/asn1`, `sealkit/signer`. What opens keys has subpaths too, and is not named here:
 * the library works with any {@link KeySigner}.
 * @module
 */
export * from './cms/index.ts'
export * from './errors.ts'
export * from './signer/index.ts'
export { Certificate } from './x509/index.ts'
