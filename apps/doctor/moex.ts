import { MOEX_ENVIRONMENTS } from '../../src/auth/moex/environments.ts'
import { ConfigError } from '../../src/errors.ts'
import { credentialOf, openMoex } from '../clients/open-moex.ts'
import { textOf } from '../clients/settings.ts'
import { openStore } from '../clients/store.ts'
import { examineWith } from './examine-with.ts'
import type { Facts } from './facts.ts'
import { loginStore } from './login-store.ts'
import type { MoexFacts } from './moex-facts.ts'
import type { DoctorOptions } from './options.ts'
import type { DoctorReport } from './report.ts'
import { known, type Step } from './step.ts'
import { answerSteps } from './steps/answer.ts'
import { authoritiesStep } from './steps/authorities.ts'
import { configurationStep } from './steps/configuration.ts'
import { filesStep } from './steps/files.ts'
import { expiryStep, tlsCredentialStep } from './steps/identity.ts'
import { passportStep, signatureStep, tokenStep } from './steps/moex-token.ts'
import { networkSteps, type Server } from './steps/network.ts'
import { signerStep, testSignatureStep } from './steps/signer.ts'
import { tlsSteps } from './steps/tls.ts'
import { scopesStep } from './steps/token.ts'
import { WatchedSigner } from './watched-login.ts'

const PASSPORT: Server = {
  prefix: 'passport-',
  label: ' (passport)',
  url: (facts) => known((facts as MoexFacts).passportUrl, 'the URL of the passport'),
  path: '/',
}

const SSO: Server = {
  prefix: 'token-',
  label: ' (token endpoint)',
  url: (facts) => known((facts as MoexFacts).tokenUrl, 'the URL of the token endpoint'),
  path: '/',
}

function stepsTo(server: Server): Step<Facts>[] {
  return [...networkSteps(server), ...tlsSteps(server), ...answerSteps(server, [])]
}

function steps(): readonly Step<MoexFacts>[] {
  let watched: WatchedSigner | undefined
  const watchedSigner = (facts: MoexFacts): WatchedSigner => {
    watched ??= new WatchedSigner(known(facts.signer, 'the signer'))
    return watched
  }
  return [
    configurationStep<MoexFacts>((profile, facts) => {
      const environment = textOf(profile, 'environment') === 'test' ? 'test' : 'production'
      const { passportUrl, tokenUrl } = MOEX_ENVIRONMENTS[environment]
      facts.passportUrl = urlOf(textOf(profile, 'passport-url') ?? passportUrl)
      facts.tokenUrl = urlOf(textOf(profile, 'token-url') ?? tokenUrl)
      const store = loginStore(openStore(profile, facts.open))
      const signer = async () => watchedSigner(facts)
      const opened = openMoex(profile, { ...facts.open, store, signer })
      facts.client = opened.client
      facts.http = opened.http
      facts.cleanUp.push(() => opened[Symbol.asyncDispose]())
      const who = `login ${textOf(profile, 'login')}, client-id ${textOf(profile, 'client-id')}`
      return [`${facts.passportUrl.host}, ${facts.tokenUrl.host}`, who]
    }),
    filesStep<MoexFacts>(async () => []),
    signerStep,
    testSignatureStep,
    expiryStep({
      name: 'signer-certificate',
      title: "validity of the signer's certificate",
      needs: ['test-signature'],
      certificate: (facts) => known((facts as MoexFacts).signerCertificate, "the signer's certificate"),
      days: () => 30,
      todo: "have MOEX's certification authority issue a new certificate, and register it to the user",
    }),
    tlsCredentialStep((facts) =>
      credentialOf(known(facts.profile, 'the profile'), known(facts.secrets, 'the secrets')),
    ),
    authoritiesStep((facts) => [PASSPORT.url(facts), SSO.url(facts)]),
    ...stepsTo(PASSPORT),
    ...stepsTo(SSO),
    passportStep(watchedSigner),
    signatureStep,
    tokenStep,
    scopesStep('warning'),
  ]
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:') return url
  const hint = 'write https://host/path'
  throw new ConfigError('ERR_CONFIG_SETTING', 'passport-url and token-url must be https URLs', { hint })
}

/**
 * Examines the way to MOEX's Web API, from the configuration to an access token, step by step. Login and password are
 * sent once at most, and not where the store of tokens has a refusal.
 *
 * @throws the signal's reason
 */
export async function moexDoctor(options: DoctorOptions): Promise<DoctorReport> {
  return await examineWith<MoexFacts>('moex', steps(), options)
}
