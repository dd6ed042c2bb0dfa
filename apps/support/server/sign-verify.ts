/** Signs and verifies for the page. A key of the page's stays there: the server makes the message around it. */

import { openSigner } from '../../../providers/index.ts'
import { decodeBase64, encodeBase64 } from '../../../src/asn1/index.ts'
import { CmsSignature, complete, prepare, verify } from '../../../src/cms/index.ts'
import { loadProfile } from '../../../src/config/index.ts'
import { ConfigError } from '../../../src/errors.ts'
import type { Signer } from '../../../src/signer/index.ts'
import { loadTrustStore, pathTrust } from '../../../src/trust/index.ts'
import { Certificate } from '../../../src/x509/index.ts'
import { openMoexSigner } from '../../clients/open-moex.ts'
import type {
  CompleteAsk,
  PrepareAnswer,
  PrepareAsk,
  SignAnswer,
  SignAsk,
  SignatureReport,
  VerifyAsk,
} from '../sign-api.ts'
import { reportOf } from './sign-report.ts'

/** Where the profiles are. */
export interface SignContext {
  readonly file?: string | undefined
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly signal?: AbortSignal | undefined
}

/** First half of a signature whose key is in the page. @throws SealkitError, TypeError */
export async function prepareSignature(ask: PrepareAsk): Promise<PrepareAnswer> {
  const certificate = Certificate.parse(bytesOf(ask.certificate, 'certificate'))
  const chain = ask.chain.map((each) => Certificate.parse(bytesOf(each, 'chain')))
  const content = bytesOf(ask.content, 'content')
  const { toBeSigned, algorithm, state } = await prepare(content, {
    certificate,
    chain,
    detached: ask.detached,
  })
  return { toBeSigned: encodeBase64(toBeSigned), algorithm: encodeBase64(algorithm.der), state }
}

/** Second half. @throws CmsError where the signature does not fit */
export async function completeSignature(ask: CompleteAsk): Promise<SignAnswer> {
  const message = await complete(ask.state, bytesOf(ask.signature, 'signature'))
  return await answerOf(message, bytesOf(ask.content, 'content'))
}

/** Signs with a key that is opened here, and closed behind it. @throws as the provider of the key; ConfigError */
export async function signOnServer(ask: SignAsk, context: SignContext = {}): Promise<SignAnswer> {
  const content = bytesOf(ask.content, 'content')
  const { signal } = context
  await using signer = await signerOf(ask, context)
  return await answerOf(await signer.signDetached(content, { signal }), content)
}

async function signerOf(
  { profile, settings, secrets }: SignAsk,
  { file, env, signal }: SignContext,
): Promise<Signer> {
  const { 'key-password': password, pin } = secrets
  if (profile === undefined) {
    const { key, certificate, chain, module } = settings
    if (key === undefined || key.trim() === '') {
      const hint = 'give the file of the key, or its URI (pkcs11:, validata:)'
      throw new ConfigError('ERR_CONFIG_MISSING', 'the key is missing', { hint })
    }
    return await openSigner(key, { certificate, chain, module, password, pin, signal })
  }
  const loaded = await loadProfile({ platform: 'moex', profile, file, env })
  return await openMoexSigner(loaded, {
    env,
    signal,
    // What the profile does not name is what was typed in, never asked for on the server's terminal.
    prompt: async () => {
      if (password !== undefined) return password
      const hint = 'give the password of the key'
      throw new ConfigError('ERR_CONFIG_SECRET', 'the password of the key is missing', { hint })
    },
    ...(pin === undefined ? {} : { pin }),
  })
}

async function answerOf(message: CmsSignature, content: Uint8Array): Promise<SignAnswer> {
  const detached = message.signedData.eContent === undefined
  const result = await verify(message, detached ? { content } : {})
  return {
    message: encodeBase64(message.der),
    report: reportOf(message, result, { notes: [], authorities: [] }),
  }
}

/** @throws SealkitError where the signature or the authorities cannot be read */
export async function verifySignature(
  ask: VerifyAsk,
  { signal }: SignContext = {},
): Promise<SignatureReport> {
  const message = CmsSignature.from(bytesOf(ask.signature, 'signature'))
  const sources = [
    ...ask.authorities.map((each) => bytesOf(each, 'authorities')),
    ...(ask.system ? ['system'] : []),
  ]
  const loaded = sources.length === 0 ? undefined : await loadTrustStore(sources, { signal })
  const trust =
    loaded &&
    pathTrust({
      trust: loaded.store,
      untrusted: loaded.intermediates,
      extendedKeyUsage: ask.anyUse ? 'any' : undefined,
    })
  const content = ask.content === undefined ? undefined : bytesOf(ask.content, 'content')
  const result = await verify(message, { content, trust, signal })
  return reportOf(message, result, {
    notes: loaded?.notes ?? [],
    authorities: loaded === undefined ? [] : [...loaded.store, ...loaded.intermediates],
  })
}

function bytesOf(base64: string, name: string): Uint8Array {
  const bytes = typeof base64 === 'string' ? decodeBase64(base64) : undefined
  if (bytes === undefined) throw new TypeError(`${name} must be base64`)
  return bytes
}
