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
  { name: 'g++', now: true, for: 'PKCS#11 provider: building pkcs11js' },
  { name: 'make', now: true, for: 'PKCS#11 provider: building pkcs11js' },
  { name: 'python3', now: true, for: 'PKCS#11 provider: building pkcs11js' },
  { name: 'softhsm2', now: true, for: 'PKCS#11 provider: a token in software' },
  { name: 'opensc', now: true, for: 'PKCS#11 provider: pkcs11-tool' },
  { name: 'libnss3', now: true, for: "PKCS#11 provider: NSS's own token" },
  { name: 'p11-kit', now: true, for: 'PKCS#11 provider: a token that is far away' },
  { name: 'p11-kit-modules', now: true, for: 'PKCS#11 provider: the way to the far token' },
  { name: 'opencryptoki', now: true, for: 'PKCS#11 provider: a token whose PIN locks' },
  { name: 'libengine-gost-openssl', now: true, for: 'GOST: OpenSSL as the other side' },
  { name: 'chromium', now: true, for: 'credentials in a browser; later the support page' },
  { name: 'zsh', now: true, for: 'command line: its completion' },
  { name: 'fish', now: true, for: 'command line: its completion' },
  { name: 'groff', now: true, for: 'command line: manual pages without a warning' },
  { name: 'curl', now: true, for: 'an independent client of the simulators' },
  { name: 'nginx-light', now: true, for: 'mutual TLS of somebody else in front of an API' },
  { name: 'stunnel4', now: true, for: 'the benchmark of the proxy: what others do' },
]
