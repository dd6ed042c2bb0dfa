/**
 * Small real inputs that a stranger's machine has too. Made with OpenSSL 3.0 and a throw-away P-256 key:
 * `openssl req -x509 -new -key k.pem -addext subjectAltName=DNS:example.com -addext keyUsage=critical,digitalSignature`
 * and `openssl cms -sign -nocerts -outform DER` without and with `-nodetach -stream`, which writes BER.
 */
import { generateKeyPairSync } from 'node:crypto'

function decode(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'))
}

/** A self-signed X.509 v3 certificate in DER. */
const certificate = decode(`
MIIB2jCCAX+gAwIBAgIUVHrg3PoHy16rOqv4uMRCP1zl1TUwCgYIKoZIzj0EAwIwLjELMAkGA1UEBhMCUlUxEDAOBgNVBAoMB0V4
YW1wbGUxDTALBgNVBAMMBFRlc3QwHhcNMjYxMTIxMDI1ODIzWhcNMzYxMTE4MDI1ODIzWjAuMQswCQYDVQQGEwJSVTEQMA4GA1UE
CgwHRXhhbXBsZTENMAsGA1UEAwwEVGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGDj8AbIioFLEWMjCkwXHnaSdwFED6jP
b3/0LGRak6JVpa0Zo42QCJC+lb6md6v4X57YdQADp3t2BXXdoWGw4U6jezB5MB0GA1UdDgQWBBSE6Np1WH1QCAymG260chd+fzV7
8jAfBgNVHSMEGDAWgBSE6Np1WH1QCAymG260chd+fzV78jAPBgNVHRMBAf8EBTADAQH/MBYGA1UdEQQPMA2CC2V4YW1wbGUuY29t
MA4GA1UdDwEB/wQEAwIHgDAKBggqhkjOPQQDAgNJADBGAiEAhsDZwKQPcYDZz9FV7zmn3irR1xodc5WM4fE//p99TN0CIQDca5mu
GQZ7BwchHrK0Z4LBurbn+o0jxObmLJvzdJjMyQ==
`)

/** Detached CMS in DER. */
const detached = decode(`
MIIBzwYJKoZIhvcNAQcCoIIBwDCCAbwCAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBMYIBmTCCAZUCAQEwRjAuMQswCQYD
VQQGEwJSVTEQMA4GA1UECgwHRXhhbXBsZTENMAsGA1UEAwwEVGVzdAIUVHrg3PoHy16rOqv4uMRCP1zl1TUwCwYJYIZIAWUDBAIB
oIHkMBgGCSqGSIb3DQEJAzELBgkqhkiG9w0BBwEwHAYJKoZIhvcNAQkFMQ8XDTI2MTEyMTAyNTgyM1owLwYJKoZIhvcNAQkEMSIE
ICzyTbpfsKMOJug7KsW54p4bFh5cH6dCXnMEM2KTi5gkMHkGCSqGSIb3DQEJDzFsMGowCwYJYIZIAWUDBAEqMAsGCWCGSAFlAwQB
FjALBglghkgBZQMEAQIwCgYIKoZIhvcNAwcwDgYIKoZIhvcNAwICAgCAMA0GCCqGSIb3DQMCAgFAMAcGBSsOAwIHMA0GCCqGSIb3
DQMCAgEoMAoGCCqGSM49BAMCBEgwRgIhALhai0Wt5YupyND3ZP388eZgztcN859emZvwU2m/Js2QAiEAntM0LOMZsrr/ZsvdGVQJ
v4TOKwm28KE3VkDsN+lCOho=
`)

/** Attached CMS in BER: indefinite lengths, content in pieces. */
export const streamed = decode(`
MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgAQFaGVsbG8AAAAAAAAxggGYMIIBlAIB
ATBGMC4xCzAJBgNVBAYTAlJVMRAwDgYDVQQKDAdFeGFtcGxlMQ0wCwYDVQQDDARUZXN0AhRUeuDc+gfLXqs6q/i4xEI/XOXVNTAL
BglghkgBZQMEAgGggeQwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTIxMDI1ODIzWjAvBgkq
hkiG9w0BCQQxIgQgLPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQweQYJKoZIhvcNAQkPMWwwajALBglghkgBZQMEASow
CwYJYIZIAWUDBAEWMAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0DAgICAIAwDQYIKoZIhvcNAwICAUAwBwYFKw4D
AgcwDQYIKoZIhvcNAwICASgwCgYIKoZIzj0EAwIERzBFAiEAjPGjj5hvyQ9QFOCBvr089jMG1q/7pS62vOuLR3uILRUCIDhDWDjB
VArs7ZJiS8Lmn+oEoC0abu3NmysCC4MPjfOxAAAAAAAA
`)

/** Keys as node:crypto encodes them; new ones each time. */
function keys(): [name: string, bytes: Uint8Array][] {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ed = generateKeyPairSync('ed25519')
  const cipher = 'aes-256-cbc'
  return [
    ['RSA PKCS#8', rsa.privateKey.export({ type: 'pkcs8', format: 'der' })],
    ['RSA PKCS#1', rsa.privateKey.export({ type: 'pkcs1', format: 'der' })],
    ['RSA SPKI', rsa.publicKey.export({ type: 'spki', format: 'der' })],
    ['EC SEC 1', ec.privateKey.export({ type: 'sec1', format: 'der' })],
    ['EC encrypted PKCS#8', ec.privateKey.export({ type: 'pkcs8', format: 'der', cipher, passphrase: 'x' })],
    ['Ed25519 PKCS#8', ed.privateKey.export({ type: 'pkcs8', format: 'der' })],
  ]
}

/** All of them, by name. */
export const inputs: [name: string, bytes: Uint8Array][] = [
  ['certificate', certificate],
  ['detached CMS', detached],
  ['streamed CMS', streamed],
  ...keys(),
]
