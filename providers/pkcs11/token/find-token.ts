import { TokenError } from '../../../src/errors.ts'
import { answerOf, tokenError } from '../cryptoki/ckr.ts'
import type { CryptokiFactory } from '../cryptoki/load.ts'
import type { ModuleUser, TokenModule } from '../cryptoki/module.ts'
import { openModule } from '../cryptoki/registry.ts'
import type { ModuleCandidate } from '../modules/index.ts'
import { matchesLibrary, matchesSlot, matchesToken, type Pkcs11Uri } from '../uri/index.ts'
import { isInitialised, listSlots, type TokenInfo, type TokenSlot } from './token.ts'
import { tokenUri } from './token-uri.ts'

/** Whether a slot's token is one that a URI means. */
export function isMeant(uri: Pkcs11Uri, slot: TokenSlot): boolean {
  const { token } = slot
  if (token === undefined || !isInitialised(token)) return false
  return matchesLibrary(uri, slot.library) && matchesSlot(uri, slot) && matchesToken(uri, token)
}

/** Whether two are the same token, in whatever slot. */
export function isSameToken(a: TokenInfo, b: TokenInfo): boolean {
  return (
    a.serial === b.serial && a.label === b.label && a.manufacturer === b.manufacturer && a.model === b.model
  )
}

/** The modules that are open while a token is looked for. */
class Search implements ModuleUser {
  readonly #open = new Set<TokenModule>()

  /** A search has no sessions. */
  isAlive(): boolean {
    return false
  }

  async open(
    candidate: ModuleCandidate,
    parameters: string | undefined,
    factory?: CryptokiFactory,
  ): Promise<TokenModule> {
    const module = await openModule({ path: candidate.path, libraryParameters: parameters }, this, factory)
    this.#open.add(module)
    return module
  }

  async end(): Promise<void> {
    for (const module of this.#open) await module.leave(this)
  }
}

/** How modules are loaded. */
export interface ModuleLoading {
  readonly libraryParameters?: string | undefined
  readonly cryptoki?: CryptokiFactory | undefined
}

/**
 * Looks through modules for the token that a URI means.
 *
 * @param use gets the one token that was found; the modules stay initialised until it has returned
 * @throws TokenError `ERR_TOKEN_NOT_FOUND`, `ERR_TOKEN_AMBIGUOUS` with the URIs of all, `ERR_TOKEN_MODULE_FAILED`
 *   where no module could be loaded
 */
export async function withToken<T>(
  uri: Pkcs11Uri,
  candidates: readonly ModuleCandidate[],
  loading: ModuleLoading,
  use: (slot: TokenSlot) => Promise<T>,
): Promise<T> {
  const search = new Search()
  try {
    const { slots, failures } = await slotsOf(candidates, loading, search)
    const meant = withoutDoubles(slots.filter((slot) => isMeant(uri, slot)))
    const [found] = meant
    if (found === undefined) throw notFound(slots, failures, candidates.length)
    if (meant.length > 1) throw ambiguous(meant)
    return await use(found)
  } finally {
    await search.end()
  }
}

interface Slots {
  readonly slots: TokenSlot[]
  readonly failures: unknown[]
}

async function slotsOf(
  candidates: readonly ModuleCandidate[],
  { libraryParameters, cryptoki }: ModuleLoading,
  search: Search,
): Promise<Slots> {
  const slots: TokenSlot[] = []
  const failures: unknown[] = []
  for (const candidate of candidates) {
    try {
      slots.push(...listSlots(await search.open(candidate, libraryParameters, cryptoki)))
    } catch (error) {
      if (error instanceof TokenError && error.code === 'ERR_TOKEN_LIBRARY_MISSING') throw error
      if (!(error instanceof TokenError) && answerOf(error) === undefined) throw error
      failures.push(
        tokenError(error, `the module ${candidate.path} lists no slots`, 'ERR_TOKEN_MODULE_FAILED'),
      )
    }
  }
  return { slots, failures }
}

/** p11-kit's proxy shows the tokens of other modules again. */
function withoutDoubles(slots: readonly TokenSlot[]): TokenSlot[] {
  return slots.filter(
    (slot, i) =>
      !slots
        .slice(0, i)
        .some(
          (before) =>
            before.module !== slot.module && isSameToken(before.token as TokenInfo, slot.token as TokenInfo),
        ),
  )
}

function notFound(slots: readonly TokenSlot[], failures: readonly unknown[], modules: number): unknown {
  const [failure] = failures
  if (slots.length === 0 && failures.length === modules && failure !== undefined) return failure
  const there = slots.flatMap(({ token }) => (token && isInitialised(token) ? [tokenUri(token)] : []))
  const seen = there.length === 0 ? 'no token is there' : `there are: ${listed(there)}`
  const hint = 'put the token in; sealkit pkcs11 slots lists those that are there'
  return new TokenError('ERR_TOKEN_NOT_FOUND', `no token fits the URI; ${seen}`, { hint, cause: failure })
}

function ambiguous(slots: readonly TokenSlot[]): TokenError {
  const uris = slots.map(({ token }) => tokenUri(token as TokenInfo))
  const hint = 'name one by more attributes: serial= tells tokens with the same label apart'
  return new TokenError('ERR_TOKEN_AMBIGUOUS', `several tokens fit the URI: ${listed(uris)}`, { hint })
}

const MAX_LISTED = 20

/** URIs for a message. */
export function listed(uris: readonly string[]): string {
  const more = uris.length > MAX_LISTED ? ` and ${uris.length - MAX_LISTED} more` : ''
  return uris.slice(0, MAX_LISTED).join(', ') + more
}
