import { CKF } from '../cryptoki/constants.ts'
import type { Handle, LibraryInfo, RawSlotInfo, RawTokenInfo } from '../cryptoki/interface.ts'
import type { TokenModule } from '../cryptoki/module.ts'
import { toNumber } from '../cryptoki/ulong.ts'
import { trimmed } from '../uri/index.ts'

/** What is known of a token (CK_TOKEN_INFO), with its texts free of their padding. */
export interface TokenInfo {
  readonly label: string
  readonly manufacturer: string
  readonly model: string
  readonly serial: string
  /** CKF_* of CK_TOKEN_INFO. */
  readonly flags: number
  /** Sessions that may be open at once; 0 where the token does not say. */
  readonly maxSessions: number
}

/** A slot with its token in it. */
export interface TokenSlot {
  readonly module: TokenModule
  readonly slot: Handle
  readonly slotId: number
  readonly slotDescription: string
  readonly slotManufacturer: string
  readonly library: LibraryInfo
  /** Undefined for an empty slot. */
  readonly token: TokenInfo | undefined
}

/** The slots of a module as they are now; numbers of slots move, so nothing is remembered. */
export function listSlots(module: TokenModule, { withToken = true } = {}): TokenSlot[] {
  const { cryptoki } = module
  const library = cryptoki.C_GetInfo()
  // Some modules look for new readers only when all slots are asked for.
  const all = cryptoki.C_GetSlotList(false)
  const slots = withToken ? cryptoki.C_GetSlotList(true) : all
  return slots.flatMap((slot) => {
    const read = attempt(() => cryptoki.C_GetSlotInfo(slot))
    if (read === undefined) return []
    const token = attempt(() => cryptoki.C_GetTokenInfo(slot))
    if (withToken && token === undefined) return []
    return [describe(module, library, slot, read, token)]
  })
}

function describe(
  module: TokenModule,
  library: LibraryInfo,
  slot: Handle,
  info: RawSlotInfo,
  token: RawTokenInfo | undefined,
): TokenSlot {
  return {
    module,
    slot,
    slotId: toNumber(slot),
    slotDescription: trimmed(info.slotDescription),
    slotManufacturer: trimmed(info.manufacturerID),
    library,
    token: token && describeToken(token),
  }
}

/** The token's state now: its flags tell how many tries of the PIN are left. */
export function readToken({ module, slot }: TokenSlot): TokenInfo {
  return describeToken(module.cryptoki.C_GetTokenInfo(slot))
}

function describeToken(raw: RawTokenInfo): TokenInfo {
  return {
    label: trimmed(raw.label),
    manufacturer: trimmed(raw.manufacturerID),
    model: trimmed(raw.model),
    serial: trimmed(raw.serialNumber),
    flags: raw.flags,
    maxSessions: isStated(raw.maxSessionCount) ? raw.maxSessionCount : 0,
  }
}

/** CK_UNAVAILABLE_INFORMATION and CK_EFFECTIVELY_INFINITE say nothing. */
function isStated(count: number): boolean {
  return Number.isInteger(count) && count > 0 && count < 0xffff_ffff
}

/** Whether a token has been set up: a module may show others, to be set up. */
export function isInitialised({ flags }: TokenInfo): boolean {
  return (flags & CKF.TOKEN_INITIALIZED) !== 0
}

/** A card that is pulled between two calls is not there. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch {
    return undefined
  }
}
