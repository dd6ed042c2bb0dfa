declare module 'node-forge/lib/forge.js' {
  const forge: unknown
  export = forge
}
declare module 'node-forge/lib/util.js'
declare module 'node-forge/lib/rc2.js'
declare module 'node-forge/lib/aes.js'
declare module 'node-forge/lib/des.js'
declare module 'node-forge/lib/md5.js'
