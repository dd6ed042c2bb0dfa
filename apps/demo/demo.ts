import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSoftwareKey } from '../../providers/software/index.ts'
import { type CmsSignature, REASONS, type VerifyResult, verify } from '../../src/cms/index.ts'
import { cmsSigner } from '../../src/signer/index.ts'
import type { Certificate } from '../../src/x509/index.ts'
import { askOpenSsl, OPENSSL_COMMANDS } from './openssl.ts'
import { say, step } from './talk.ts'
import { makeThrowAway } from './throw-away.ts'

/**
 * The main job from end to end, in a folder that the caller removes.
 *
 * @returns the exit code: 0 only where all went as it should
 */
export async function runDemo(folder: string): Promise<number> {
  say('sealkit: from a Passport token to the signature that MOEX asks for.')
  say('Key, certificate and token are made up for this run, and go away after it.', 'dim')

  const { keyPem, certificate } = await makeThrowAway('Throw-away signer of the sealkit demo')
  writeFileSync(join(folder, 'key.pem'), keyPem, { mode: 0o600 })
  writeFileSync(join(folder, 'cert.pem'), certificate.toPem())
  step(1, 'A key and its certificate', `RSA-2048, ${certificate.subject}`)

  const token = sampleToken()
  writeFileSync(join(folder, 'token.txt'), token)
  step(2, 'A sample Passport token', `${token.slice(0, 24)}… (${token.length} bytes, no line end)`)

  const signature = await signToken(folder, token)
  writeFileSync(join(folder, 'token.sig'), signature.base64())
  process.stdout.write(`${signature.base64()}\n`)

  const checks = [await showVerified(signature, token, certificate), showOpenSsl(folder)]
  const good = checks.every((check) => check)
  say('')
  say(good ? 'All good.' : 'Something is wrong: see above.', good ? 'green' : 'red')
  say('The next step is your own key: see README.md, or: node dist/apps/cli/main.js help sign', 'dim')
  return good ? 0 : 1
}

/** Looks like one: a long line of letters and digits. */
function sampleToken(): string {
  return `SAMPLE.${randomBytes(96).toString('base64url')}`
}

async function signToken(folder: string, token: string): Promise<CmsSignature> {
  const key = await openSoftwareKey({ key: join(folder, 'key.pem'), certificate: join(folder, 'cert.pem') })
  await using signer = cmsSigner(key)
  const start = performance.now()
  const signature = await signer.signDetached(token)
  const took = (performance.now() - start).toFixed(1)
  const length = signature.base64().length
  step(
    3,
    'Its detached CMS signature',
    `${length} characters of base64 on standard output, made in ${took} ms`,
  )
  say('     sealkit sign --key key.pem --cert cert.pem --in token.txt', 'dim')
  return signature
}

/** The right token is accepted, and one with a byte changed is not. */
async function showVerified(signature: CmsSignature, token: string, known: Certificate): Promise<boolean> {
  const trust = (found: Certificate) =>
    found.equals(known) ? ({ trusted: true } as const) : ({ trusted: false, detail: 'another one' } as const)
  const right = await verify(signature, { content: token, trust })
  const wrong = await verify(signature, { content: token.replace('SAMPLE', 'FORGED'), trust })
  step(4, 'sealkit verifies it', `the token: ${words(right)}, by the certificate that was expected`)
  say(`     a forged token: ${words(wrong)}`)
  say('     sealkit verify --signature token.sig --content token.txt --signature-only', 'dim')
  return right.verdict === 'valid' && wrong.reason === 'message-digest-mismatch'
}

function words({ verdict, reason }: VerifyResult): string {
  return reason === undefined ? verdict : `${verdict}, ${REASONS[reason]}`
}

/** @returns false only where OpenSSL is there and refuses */
function showOpenSsl(folder: string): boolean {
  const answer = askOpenSsl(folder)
  if (answer === undefined) {
    step(5, 'OpenSSL verifies it', 'not installed here; it would be asked with')
  } else {
    step(5, `${answer.version} verifies it`, answer.words)
  }
  for (const command of OPENSSL_COMMANDS) say(`     ${command}`, 'dim')
  return answer?.accepted !== false
}
