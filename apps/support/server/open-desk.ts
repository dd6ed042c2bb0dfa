import { openClearstreamDesk } from './clearstream-desk.ts'
import type { Desk, DeskOptions } from './desk.ts'
import { openMoexDesk } from './moex-desk.ts'

/** @throws ConfigError, CredentialError */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  return options.ask.platform === 'moex' ? openMoexDesk(options) : await openClearstreamDesk(options)
}
