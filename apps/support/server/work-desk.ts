import { TraceRecorder } from '../../../src/http/index.ts'
import type { CallAnswer, CallAsk, OpenAsk, OpenedCredential, TokenAnswer, TokenAsk } from '../api.ts'
import { callApi } from './call.ts'
import type { Desk, DeskToken } from './desk.ts'
import { certificateFacts, knownSecrets } from './facts.ts'
import { openDesk } from './open-desk.ts'
import { type Configuration, pageProfile } from './platform-profile.ts'
import { problemOf } from './problem.ts'
import { Refusal } from './refusal.ts'

/** Keeps one opened credential with its token, for the calls that follow. */
export class WorkDesk implements AsyncDisposable {
  readonly #configuration: Configuration
  #kept: { readonly desk: Desk; readonly token: DeskToken; readonly traces: Traces } | undefined

  constructor(configuration: Configuration) {
    this.#configuration = configuration
  }

  /** Opens a credential to look at it. */
  async open(ask: OpenAsk, signal: AbortSignal): Promise<OpenedCredential> {
    const warnings = new Set<string>()
    const { platform, profile: name } = ask
    try {
      const page = await pageProfile(ask, this.#configuration)
      for (const warning of page.profile.warnings) warnings.add(warning)
      const onWarning = (warning: string) => void warnings.add(warning)
      await using desk = await openDesk({ page, ask, signal, onWarning, trace: () => {} })
      const certificate = await desk.certificate()
      for (const warning of desk.http.warnings) warnings.add(warning)
      return {
        platform,
        ...(name === undefined ? {} : { profile: name }),
        ...(certificate === undefined ? {} : { certificate: certificateFacts(certificate) }),
        settings: desk.settings,
        knownSecrets: name === undefined ? [] : knownSecrets(page.profile),
        warnings: [...warnings],
      }
    } catch (error) {
      throw failed(error, platform)
    }
  }

  /** Asks for a token, with a credential that is then kept in place of the one before. */
  async token(ask: TokenAsk, signal: AbortSignal): Promise<TokenAnswer> {
    const traces = new Traces()
    const warnings = new Set<string>()
    const start = performance.now()
    await this.close()
    let desk: Desk | undefined
    try {
      const page = await pageProfile(ask, this.#configuration)
      const onWarning = (warning: string) => void warnings.add(warning)
      desk = await openDesk({ page, ask, signal, onWarning, trace: traces.trace })
      await desk.http.ready()
      const token = await desk.token(signal)
      page.forget()
      this.#kept = { desk, token, traces }
      return { ...answerOf(token), warnings: [...warnings], ...sinceStart(start), trace: traces.take() }
    } catch (error) {
      await desk?.[Symbol.asyncDispose]()
      throw failed(error, ask.platform, traces.take())
    }
  }

  /** Calls an API with the token. An answer is an answer, also one that refuses. */
  async call(ask: CallAsk, signal: AbortSignal): Promise<CallAnswer> {
    if (this.#kept === undefined) {
      const hint = 'ask for a token first'
      throw new Refusal(422, { code: 'ERR_SUPPORT_NO_TOKEN', message: 'There is no token yet.', hint })
    }
    const { desk, token, traces } = this.#kept
    try {
      return { ...(await callApi(ask, { desk, token, signal })), trace: traces.take() }
    } catch (error) {
      throw failed(error, undefined, traces.take())
    }
  }

  /** Forgets credential and token. */
  async close(): Promise<void> {
    const kept = this.#kept
    this.#kept = undefined
    await kept?.desk[Symbol.asyncDispose]()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** What a transport tells, request by request. */
class Traces {
  #recorder = new TraceRecorder({ mostCharacters: 256 * 1024 })

  readonly trace: TraceRecorder['trace'] = (event) => this.#recorder.trace(event)

  /** What was told since the last time. */
  take(): string {
    const text = this.#recorder.text()
    this.#recorder = new TraceRecorder({ mostCharacters: 256 * 1024 })
    return text
  }
}

function answerOf({
  set,
  claims,
  origins,
}: DeskToken): Omit<TokenAnswer, 'warnings' | 'milliseconds' | 'trace'> {
  const { accessToken, refreshToken, scope, issuedAt, expiresAt, refreshExpiresAt } = set
  return {
    tokenType: 'Bearer',
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(scope === undefined ? {} : { scope }),
    issuedAt: issuedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(refreshExpiresAt === undefined ? {} : { refreshExpiresAt: refreshExpiresAt.toISOString() }),
    ...(claims === undefined ? {} : { claims }),
    origins,
  }
}

function sinceStart(start: number): { milliseconds: number } {
  return { milliseconds: Math.round(performance.now() - start) }
}

/** What the person can do something about is 422; a fault of ours 500. */
function failed(error: unknown, platform: OpenAsk['platform'] | undefined, trace?: string): unknown {
  if (error instanceof Refusal) return error
  const problem = problemOf(error, platform, trace)
  return new Refusal(problem.code === 'ERR_SUPPORT_INTERNAL' ? 500 : 422, problem, {}, error)
}
