// @ts-check
/**
 * The Debian packages that tests use as judges. `now` marks those that a test of today needs; the others wait
 * for the part that is named beside them, so that nobody installs what nothing runs.
 * @type {readonly { name: string, now: boolean, for: string }[]}
 */
export const debianPackages = [
  { name: 'openssl', now: true, for: 'CMS in both directions, timestamps, the blocks of the documentation' },
  { name: 'libnss3-tools', now: true, for: 'CMS in both directions with NSS (cmsutil, certutil)' },
  { name: 'gnutls-bin', now: true, for: 'CMS in both directions with GnuTLS (certtool)' },
  { name: 'default-jre-headless', now: true, for: 'Bouncy Castle' },
  { name: 'default-jdk-headless', now: true, for: 'Bouncy Castle: compiling its test program' },
  { name: 'libbcpkix-java', now: true, for: 'CMS in both directions with Bouncy Castle' },
  { name: 'python3-cryptography-vectors', now: true, for: "paths: NIST's PKITS" },
  { name: 'softhsm2', now: false, for: 'PKCS#11 provider: a token in software' },
  { name: 'opensc', now: false, for: 'PKCS#11 provider: pkcs11-tool' },
  { name: 'p11-kit', now: false, for: 'PKCS#11 provider: its proxy module and remoting' },
  { name: 'opencryptoki', now: false, for: 'PKCS#11 provider: a second token in software' },
  { name: 'libengine-gost-openssl', now: false, for: 'GOST: OpenSSL as the other side' },
  { name: 'chromium', now: true, for: 'credentials in a browser; later the support page' },
]
