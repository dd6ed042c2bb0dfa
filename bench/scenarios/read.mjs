/** Reading a message into its structure, without verifying. */
import { fromBER } from 'asn1js'
import { cmsSigner, parseSignedData } from 'sealkit'
import { identity } from '../keys.mjs'
import * as forge from '../peers/forge.mjs'
import * as pkijs from '../peers/pkijs.mjs'
import { token } from '../token.mjs'

export async function read(type) {
  const { key } = await identity(type)
  const { der: message } = await cmsSigner(key).signDetached(token)
  return [
    { name: 'sealkit', run: () => parseSignedData(message) },
    { name: 'asn1js, elements only', run: () => fromBER(message) },
    { name: 'pkijs', run: () => pkijs.parse(message) },
    { name: 'node-forge', run: forge.reader(message) },
  ]
}
