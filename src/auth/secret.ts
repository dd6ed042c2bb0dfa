/** A secret, or what gives it: asked each time it is needed, and not kept. */
export type Secret = string | (() => string | Promise<string>)

/** The secret's text. */
export async function readSecret(secret: Secret, name: string): Promise<string> {
  const text = typeof secret === 'function' ? await secret() : secret
  if (typeof text !== 'string' || text === '')
    throw new TypeError(`${name} must be a string that is not empty`)
  return text
}
