/** pkcs11js itself: what a program would write that signs with it and does nothing else. */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex')

/**
 * Signs with a key of the token that is open in this process already; one session for each call under way.
 * @param {string} module
 * @param {string} label of the token
 * @param {string} pin
 */
export function signer(module, label, pin) {
  const { PKCS11, ...c } = createRequire(import.meta.url)('pkcs11js')
  const pkcs11 = new PKCS11()
  pkcs11.load(module)
  const slot = pkcs11
    .C_GetSlotList(true)
    .find((each) => pkcs11.C_GetTokenInfo(each).label.trimEnd() === label)
  const open = () => {
    const session = pkcs11.C_OpenSession(slot, c.CKF_SERIAL_SESSION)
    try {
      pkcs11.C_Login(session, c.CKU_USER, pin)
    } catch (error) {
      if (error.code !== c.CKR_USER_ALREADY_LOGGED_IN) throw error
    }
    pkcs11.C_FindObjectsInit(session, [{ type: c.CKA_CLASS, value: c.CKO_PRIVATE_KEY }])
    const [key] = pkcs11.C_FindObjects(session, 1)
    pkcs11.C_FindObjectsFinal(session)
    return { session, key }
  }
  const free = []
  const mechanism = { mechanism: c.CKM_RSA_PKCS }
  return async (data) => {
    const place = free.pop() ?? open()
    pkcs11.C_SignInit(place.session, mechanism, place.key)
    const input = Buffer.concat([DIGEST_INFO, createHash('sha256').update(data).digest()])
    const signature = await pkcs11.C_SignAsync(place.session, input, Buffer.alloc(256))
    free.push(place)
    return signature
  }
}
