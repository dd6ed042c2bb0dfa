import type { PublicKeyShape } from './public-key.ts'

/** What a key is, for people: `RSA 2048`, `EC P-256`, `Ed25519`, `GOST 2012 256-bit A`, `GOST 2001 CryptoPro-A`. */
export function publicKeyName(key: Pick<PublicKeyShape, 'type' | 'bits' | 'curve' | 'parameterSet'>): string {
  const { type, bits, curve, parameterSet } = key
  if (curve !== undefined) return `EC ${curve}`
  if (type.startsWith('RSA')) return `${type} ${bits}`
  if (parameterSet === undefined) return type
  const set = shortName(parameterSet.name)
  return type === 'GOST3410-2001' ? `GOST 2001 ${set}` : `GOST 2012 ${bits}-bit ${set}`
}

/** `A` of id-tc26-gost-3410-2012-256-paramSetA, `CryptoPro-XchA` of id-GostR3410-2001-CryptoPro-XchA-ParamSet. */
function shortName(name: string): string {
  return name.replace(/^.*paramSet(?=.)/, '').replace(/^id-GostR3410-2001-(.*?)-?ParamSet$/, '$1')
}
