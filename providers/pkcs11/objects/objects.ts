import { answered, CKR } from '../cryptoki/ckr.ts'
import type { Attribute, Cryptoki, Handle } from '../cryptoki/interface.ts'

/** More objects than any token of the field has; a module that never ends is not followed for ever. */
const MAX_OBJECTS = 10_000
const AT_ONCE = 100

/** C_FindObjects, to the end. */
export function findObjects(cryptoki: Cryptoki, session: Handle, template: Attribute[]): Handle[] {
  cryptoki.C_FindObjectsInit(session, template)
  try {
    const found: Handle[] = []
    while (found.length < MAX_OBJECTS) {
      const some = cryptoki.C_FindObjects(session, AT_ONCE)
      if (some.length === 0) break
      found.push(...some)
    }
    return found
  } finally {
    cryptoki.C_FindObjectsFinal(session)
  }
}

/**
 * One attribute; undefined where the object has none of the kind or does not show it. One at a time, since for several
 * at once a module that lacks one gives none.
 */
export function readAttribute(
  cryptoki: Cryptoki,
  session: Handle,
  object: Handle,
  type: number,
): Buffer | undefined {
  try {
    const value = cryptoki.C_GetAttributeValue(session, object, [{ type }])[0]?.value
    return value === undefined || value.length === 0 ? undefined : Buffer.from(value)
  } catch (error) {
    const isAbsent = answered(
      error,
      CKR.ATTRIBUTE_TYPE_INVALID,
      CKR.ATTRIBUTE_SENSITIVE,
      // Of modules that know the attribute for other kinds of objects only.
      CKR.FUNCTION_FAILED,
    )
    if (isAbsent) return undefined
    throw error
  }
}
