import { baseUrl } from '../../src/auth/clearstream/address.ts'
import { CLEARSTREAM_ENVIRONMENTS } from '../../src/auth/clearstream/environments.ts'
import { credentialOf, filesOf, openClearstream } from '../clients/open-clearstream.ts'
import { bySettings, numberOf, requiredText, textOf } from '../clients/settings.ts'
import { openStore } from '../clients/store.ts'
import type { ClearstreamFacts } from './clearstream-facts.ts'
import { examineWith } from './examine-with.ts'
import { loginStore } from './login-store.ts'
import type { DoctorOptions } from './options.ts'
import type { DoctorReport } from './report.ts'
import { known, type Step } from './step.ts'
import { answerSteps } from './steps/answer.ts'
import { authoritiesStep } from './steps/authorities.ts'
import { apiStep, subjectStep, tokenStep } from './steps/clearstream-token.ts'
import { clientCertificateStep } from './steps/client-certificate.ts'
import { configurationStep } from './steps/configuration.ts'
import { filesStep } from './steps/files.ts'
import { clientChainStep, expiryStep, keyStep, userNameStep } from './steps/identity.ts'
import { networkSteps, type Server } from './steps/network.ts'
import { tlsSteps } from './steps/tls.ts'
import { scopesStep } from './steps/token.ts'

const SERVER: Server = {
  prefix: '',
  label: '',
  url: (facts) => known((facts as ClearstreamFacts).base, 'the URL'),
  // Anyone may have it, by the guide; with the client certificate, as everything there.
  path: '/server-cert-cacerts.pem',
}

const STEPS: readonly Step<ClearstreamFacts>[] = [
  configurationStep<ClearstreamFacts>((profile, facts) => {
    const environment = textOf(profile, 'environment') === 'occt' ? 'occt' : 'production'
    const base = bySettings(() =>
      baseUrl(textOf(profile, 'url') ?? CLEARSTREAM_ENVIRONMENTS[environment].url),
    )
    facts.base = base
    const user = textOf(profile, 'username')
    return [base.href, ...(user === undefined ? [] : [`user name ${user}`])]
  }),
  filesStep<ClearstreamFacts>(open),
  keyStep((facts) =>
    credentialOf(
      known(facts.profile, 'the profile'),
      (facts as ClearstreamFacts).files,
      known(facts.secrets, 'the secrets'),
    ),
  ),
  expiryStep({
    name: 'certificate-expiry',
    title: 'validity of the client certificate',
    needs: ['key'],
    certificate: ({ identity }) => known(identity, 'the credential').certificate,
    days: ({ profile }) => (profile && numberOf(profile, 'warn-days')) ?? 30,
    todo: 'have an administrator of the OU issue new certificates in Xact (credential details of the API consumer)',
  }),
  clientChainStep(),
  userNameStep((facts) => known((facts as ClearstreamFacts).username, 'the user name')),
  authoritiesStep((facts) => [SERVER.url(facts)], {
    host: /(^|\.)clearstream\.com$/,
    root: /\bDigiCert\b/i,
    name: 'DigiCert',
  }),
  ...networkSteps(SERVER),
  ...tlsSteps(SERVER),
  clientCertificateStep(SERVER),
  ...answerSteps(SERVER, ['client-certificate']),
  tokenStep,
  subjectStep,
  scopesStep('fail'),
  apiStep,
]

/** Finds the files, and makes the client. Its warnings have steps of their own. */
async function open(facts: ClearstreamFacts, warn: (warning: string) => void): Promise<string[]> {
  const profile = known(facts.profile, 'the profile')
  const files = await filesOf(profile)
  facts.files = files
  facts.ownCa = files?.ca
  facts.username = textOf(profile, 'username') ?? files?.username ?? requiredText(profile, 'username')
  for (const warning of files?.warnings ?? []) warn(warning)
  const store = loginStore(openStore(profile, { ...facts.open, onWarning: warn }))
  const opened = await openClearstream(profile, { ...facts.open, store })
  facts.client = opened.client
  facts.http = opened.http
  facts.cleanUp.push(() => opened[Symbol.asyncDispose]())
  const { certificate, key } = credentialOf(profile, files, known(facts.secrets, 'the secrets'))
  return [`client certificate ${certificate}${key === undefined ? '' : `, key ${key}`}`]
}

/**
 * Examines the way to Clearstream's API platform, from the configuration to a call, step by step. The password is sent
 * once at most, and not where the store of tokens has a refusal.
 *
 * @throws the signal's reason
 */
export async function clearstreamDoctor(options: DoctorOptions): Promise<DoctorReport> {
  return await examineWith<ClearstreamFacts>('clearstream', STEPS, options)
}
