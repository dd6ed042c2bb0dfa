import { listModules, parsePkcs11Uri } from '../../../providers/pkcs11/index.ts'
import { matchesToken } from '../../../providers/pkcs11/uri/index.ts'
import { type CmsSignature, type Content, type SignerReport, verify } from '../../../src/cms/index.ts'
import { readCertificateSource } from '../../../src/credentials/source.ts'
import { AuthError, SignerError, TokenError } from '../../../src/errors.ts'
import type { Certificate } from '../../../src/x509/index.ts'
import { openMoexSigner } from '../../clients/open-moex.ts'
import { requiredText, textOf } from '../../clients/settings.ts'
import type { MoexFacts } from '../moex-facts.ts'
import { type Finding, failure, known, type Step } from '../step.ts'

/** Opens the key: is the token there, how does its PIN stand; nothing is signed yet. */
export const signerStep: Step<MoexFacts> = {
  name: 'signer',
  title: 'key that signs',
  needs: ['files'],
  run: async (facts) => {
    const profile = known(facts.profile, 'the profile')
    const key = requiredText(profile, 'key')
    const state = /^pkcs11:/i.test(key) ? await tokenState(key, textOf(profile, 'module')) : undefined
    if (state?.outcome === 'fail') return state
    const signer = await openMoexSigner(profile, facts.open)
    facts.signer = signer
    facts.cleanUp.push(() => signer[Symbol.asyncDispose]())
    const { family } = signer
    if (family !== 'RSA' && family !== 'GOST') {
      const hint = 'sign with the RSA or GOST key whose certificate MOEX registered to the user'
      throw new AuthError(
        'ERR_AUTH_SIGNER',
        `MOEX takes signatures of RSA and GOST keys, not of ${family} keys`,
        { hint },
      )
    }
    return { ...state, seen: [`${family}, ${placeOf(key)}`, ...(state?.seen ?? [])] }
  },
}

/** Of a URI only its kind: there may be a PIN in it. */
function placeOf(key: string): string {
  if (/^pkcs11:/i.test(key)) return 'in a token'
  if (/^validata:/i.test(key)) return "by Validata's program"
  return `in ${key}`
}

/** What the tokens that a URI fits say of their PIN: that spends no try. Which one it is, opening tells. */
async function tokenState(key: string, module: string | undefined): Promise<Finding> {
  const uri = parsePkcs11Uri(key)
  const modules = await listModules(module === undefined ? moduleOf(uri) : { module })
  const tokens = modules
    .flatMap(({ slots }) => slots.flatMap(({ token }) => token ?? []))
    .filter((token) => token.isInitialised && matchesToken(uri, token))
  const seen = tokens.map(({ label, model, pin, hasPinPad }) => {
    return `token ${label} (${model}): PIN ${pin}${hasPinPad ? ', entered at the reader' : ''}`
  })
  const [first] = tokens
  if (tokens.length === 1 && first?.pin === 'locked') {
    const hint = 'the security officer of the token can set a new PIN (PUK, SO PIN)'
    return failure(
      new TokenError('ERR_TOKEN_PIN_LOCKED', `the PIN of the token ${first.label} is locked`, { hint }),
    )
  }
  if (tokens.length === 1 && first?.pin === 'a wrong one was tried') {
    return { outcome: 'warning', seen, todo: 'be careful with the PIN: few tries are left' }
  }
  return { seen }
}

function moduleOf({ modulePath, moduleName }: ReturnType<typeof parsePkcs11Uri>): { module?: string } {
  const module = modulePath ?? moduleName
  return module === undefined ? {} : { module }
}

/** Signs a text that means nothing, and verifies it here. */
export const testSignatureStep: Step<MoexFacts> = {
  name: 'test-signature',
  title: 'test signature',
  needs: ['signer'],
  run: async (facts) => {
    const { signal } = facts.options
    const text = `sealkit doctor: a text that means nothing, ${new Date(facts.now()).toISOString()}`
    const signature = await known(facts.signer, 'the signer').signDetached(text, { signal })
    const { certificate, algorithm = 'signature' } = await goodSigner(facts, signature, text)
    facts.signerCertificate = certificate
    return { seen: [`${algorithm} by ${certificate.subject}, verified here`] }
  },
}

/**
 * The signer of a signature that is good over the content. Whether its certificate is to be trusted is MOEX's affair.
 *
 * @throws SignerError `ERR_SIGNER_FAILED` where it is not
 */
export async function goodSigner(
  facts: MoexFacts,
  signature: CmsSignature,
  content: Content,
): Promise<SignerReport & { certificate: Certificate }> {
  const { signal } = facts.options
  const file = textOf(known(facts.profile, 'the profile'), 'certificate')
  const certificates = file === undefined ? [] : await readCertificateSource(file, 'certificate', { signal })
  // Of Validata's programs some leave signed attributes out.
  const result = await verify(signature, {
    content,
    certificates,
    allowNoSignedAttributes: true,
    lenient: true,
    signal,
  })
  const [signer] = result.signers
  if (result.verdict !== 'invalid' && signer?.certificate !== undefined) {
    return { ...signer, certificate: signer.certificate }
  }
  const why = signer?.detail ?? result.reason ?? 'it has no signer'
  const hint =
    'look at the key and its certificate with sealkit cred match, at a token with sealkit pkcs11 test'
  throw new SignerError('ERR_SIGNER_FAILED', `the signature is not good: ${why}`, { hint })
}
