import { nodeCrypto } from '../../algorithms/node-crypto.ts'

/** MD5 for old key files: node:crypto's, or @noble/hashes' in a browser. */
export async function md5(): Promise<(data: Uint8Array) => Uint8Array> {
  const node = nodeCrypto
  if (node !== undefined) return (data) => node.createHash('md5').update(data).digest()
  const { md5: noble } = await import('@noble/hashes/legacy.js')
  return (data) => noble(data)
}
