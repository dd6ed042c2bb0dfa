/**
 * Another user of a module, by pkcs11js alone: `node other-user.mjs MODULE TOKEN`, or as a worker thread. It logs in,
 * makes a signature, and finalises. The PIN comes from the environment.
 */
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

const pkcs11js = createRequire(import.meta.url)('pkcs11js')
const [modulePath, label] = workerData ?? process.argv.slice(2)
const module = new pkcs11js.PKCS11()
module.load(modulePath)
const answers = []
answers.push(answer(() => module.C_Initialize({ flags: pkcs11js.CKF_OS_LOCKING_OK })))
const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trim() === label)
const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION)
answers.push(answer(() => module.C_Login(session, pkcs11js.CKU_USER, process.env.SEALKIT_TEST_PIN)))
module.C_FindObjectsInit(session, [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY }])
const [key] = module.C_FindObjects(session, 1)
module.C_FindObjectsFinal(session)
module.C_SignInit(session, { mechanism: pkcs11js.CKM_ECDSA }, key)
answers.push(answer(() => module.C_Sign(session, Buffer.alloc(32, 1), Buffer.alloc(256))))
answers.push(answer(() => module.C_Finalize()))
if (parentPort === null) process.stdout.write(answers.join(' '))
else parentPort.postMessage(answers.join(' '))

function answer(call) {
  try {
    call()
    return 'CKR_OK'
  } catch (error) {
    return error.message
  }
}
