/** OpenSSL and Bouncy Castle: what they accept is a CMS signature. */
import { afterAll, beforeAll, expect } from 'vitest'
import { BouncyCastle } from '../../../interop/support/bc.ts'
import { OpenSsl } from '../../../interop/support/openssl.ts'
import { openPki, type Pki } from '../../../interop/support/pki.ts'

export interface Judges {
  /** Whose intermediate CA issues the certificates. */
  readonly pki: Pki
  /** Fails unless both accept the detached signature; OpenSSL 3.0 has no EdDSA in CMS, and is not asked for it. */
  expectAccepted(message: Uint8Array, content: Uint8Array, options?: { isEdDsa?: boolean }): Promise<void>
}

/** Opens both before the tests of a suite, closes them after. */
export function useJudges(): Judges {
  const judges: Partial<{ -readonly [Field in keyof Judges]: Judges[Field] }> = {}
  let bouncyCastle: BouncyCastle | undefined
  beforeAll(async () => {
    const pki = await openPki()
    const bc = await BouncyCastle.open(pki)
    const openSsl = new OpenSsl(pki)
    bouncyCastle = bc
    judges.pki = pki
    judges.expectAccepted = async (message, content, { isEdDsa = false } = {}) => {
      // The chain to the root is with OpenSSL; here it may be missing from the message.
      const certificates = [pki.intermediate]
      for (const judge of isEdDsa ? [bc] : [openSsl, bc]) {
        const { ok, detail } = await judge.verify({ message, content, certificates })
        expect(ok, `${judge.name}: ${detail}`).toBe(true)
      }
    }
  })
  afterAll(() => bouncyCastle?.[Symbol.asyncDispose]())
  return judges as Judges
}
