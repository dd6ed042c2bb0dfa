/** pkcs11js, with its sessions counted: SoftHSM2 does not say how many it has. */
import type { Cryptoki } from '../../../../providers/pkcs11/cryptoki/interface.ts'
import { pkcs11js } from '../../../../providers/pkcs11/cryptoki/load.ts'

export class SessionCount {
  /** Sessions that are open. */
  open = 0
  /** The most that were open at once. */
  most = 0
  isInitialised = false

  /** For the option `cryptoki`. */
  readonly factory = async (): Promise<Cryptoki> => {
    const real = await pkcs11js()
    const opened = new Set<string>()
    const update = () => {
      this.open = opened.size
      this.most = Math.max(this.most, this.open)
    }
    const { C_OpenSession, C_CloseSession, C_Initialize, C_Finalize } = real
    real.C_OpenSession = (...args) => {
      const session = C_OpenSession.apply(real, args)
      opened.add(session.toString('hex'))
      update()
      return session
    }
    real.C_CloseSession = (session) => {
      C_CloseSession.call(real, session)
      opened.delete(session.toString('hex'))
      update()
    }
    real.C_Initialize = (options) => {
      C_Initialize.call(real, options)
      this.isInitialised = true
    }
    real.C_Finalize = () => {
      C_Finalize.call(real)
      this.isInitialised = false
      // What is open now would be closed by this; nothing is to rely on it.
    }
    return real
  }
}
