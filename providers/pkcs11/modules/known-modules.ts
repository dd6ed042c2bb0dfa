/** A module of a vendor, and where its installers put it. */
export interface KnownModule {
  /** As module-name in a URI: the file's name without `lib` and without its ending. */
  readonly name: string
  readonly vendor: string
  readonly linux: readonly string[]
  readonly win32: readonly string[]
  readonly darwin: readonly string[]
}

/** From the vendors' papers; those of Debian's packages were tried. */
export const KNOWN_MODULES: readonly KnownModule[] = [
  {
    name: 'opensc-pkcs11',
    vendor: 'OpenSC',
    linux: [
      '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so',
      '/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so',
      '/usr/lib64/pkcs11/opensc-pkcs11.so',
      '/usr/lib64/opensc-pkcs11.so',
      '/usr/lib/opensc-pkcs11.so',
    ],
    win32: ['C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll'],
    darwin: ['/Library/OpenSC/lib/opensc-pkcs11.so', '/opt/homebrew/lib/opensc-pkcs11.so'],
  },
  {
    name: 'eTPkcs11',
    vendor: 'SafeNet eToken',
    linux: ['/usr/lib/libeTPkcs11.so', '/usr/lib/libeToken.so', '/usr/lib64/libeTPkcs11.so'],
    win32: ['C:\\Windows\\System32\\eTPKCS11.dll'],
    darwin: ['/usr/local/lib/libeTPkcs11.dylib'],
  },
  {
    name: 'ykcs11',
    vendor: 'YubiKey',
    linux: [
      '/usr/lib/x86_64-linux-gnu/libykcs11.so',
      '/usr/lib/aarch64-linux-gnu/libykcs11.so',
      '/usr/lib64/libykcs11.so',
      '/usr/local/lib/libykcs11.so',
    ],
    win32: ['C:\\Program Files\\Yubico\\Yubico PIV Tool\\bin\\libykcs11.dll'],
    darwin: ['/usr/local/lib/libykcs11.dylib', '/opt/homebrew/lib/libykcs11.dylib'],
  },
  {
    name: 'rtpkcs11ecp',
    vendor: 'Rutoken',
    linux: ['/usr/lib/librtpkcs11ecp.so', '/usr/lib64/librtpkcs11ecp.so'],
    win32: ['C:\\Windows\\System32\\rtPKCS11ECP.dll'],
    darwin: ['/Library/Frameworks/rtpkcs11ecp.framework/rtpkcs11ecp'],
  },
  {
    name: 'jcPKCS11-2',
    vendor: 'JaCarta',
    linux: ['/usr/lib/libjcPKCS11-2.so', '/usr/lib64/libjcPKCS11-2.so'],
    win32: ['C:\\Windows\\System32\\jcPKCS11-2.dll'],
    darwin: ['/Library/Frameworks/jcPKCS11-2.framework/jcPKCS11-2'],
  },
  {
    name: 'cppkcs11',
    vendor: 'CryptoPro',
    linux: ['/opt/cprocsp/lib/amd64/libcppkcs11.so'],
    win32: [],
    darwin: [],
  },
  {
    name: 'Cryptoki2_64',
    vendor: 'Thales Luna',
    linux: ['/usr/safenet/lunaclient/lib/libCryptoki2_64.so'],
    win32: ['C:\\Program Files\\SafeNet\\LunaClient\\cryptoki.dll'],
    darwin: [],
  },
  {
    name: 'cknfast',
    vendor: 'nShield',
    linux: ['/opt/nfast/toolkits/pkcs11/libcknfast.so'],
    win32: ['C:\\Program Files\\nCipher\\nfast\\toolkits\\pkcs11\\cknfast.dll'],
    darwin: [],
  },
  {
    name: 'cloudhsm_pkcs11',
    vendor: 'AWS CloudHSM',
    linux: ['/opt/cloudhsm/lib/libcloudhsm_pkcs11.so'],
    win32: ['C:\\Program Files\\Amazon\\CloudHSM\\lib\\cloudhsm_pkcs11.dll'],
    darwin: [],
  },
  {
    name: 'softhsm2',
    vendor: 'SoftHSM2',
    linux: [
      '/usr/lib/softhsm/libsofthsm2.so',
      '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
      '/usr/lib64/libsofthsm2.so',
    ],
    win32: ['C:\\SoftHSM2\\lib\\softhsm2-x64.dll'],
    darwin: ['/usr/local/lib/softhsm/libsofthsm2.so', '/opt/homebrew/lib/softhsm/libsofthsm2.so'],
  },
  {
    name: 'tpm2_pkcs11',
    vendor: 'TPM2',
    linux: ['/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so'],
    win32: [],
    darwin: [],
  },
]

/** The places of a platform; none for one that is not known. */
export function placesOf(module: KnownModule, platform: string): readonly string[] {
  return platform === 'linux' || platform === 'win32' || platform === 'darwin' ? module[platform] : []
}
