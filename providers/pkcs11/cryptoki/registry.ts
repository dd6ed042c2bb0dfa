import { realpath } from 'node:fs/promises'
import { TokenError } from '../../../src/errors.ts'
import { answerOf } from './ckr.ts'
import { type CryptokiFactory, pkcs11js } from './load.ts'
import { type ModuleUser, TokenModule } from './module.ts'

/** Which module, and how it is loaded. */
export interface ModuleSource {
  readonly path: string
  /** For modules that want parameters (NSS). */
  readonly libraryParameters?: string | undefined
}

/** A loaded module stays loaded: unloading one whose threads still run ends the process. */
const loaded = new WeakMap<CryptokiFactory, Map<string, Promise<TokenModule>>>()

/**
 * The one owner of a module in this process; loaded and initialised where it is not yet.
 *
 * @param user who will have sessions; it must leave the module in the end
 * @param factory makes the interface; default: pkcs11js
 * @throws TokenError `ERR_TOKEN_LIBRARY_MISSING`, `ERR_TOKEN_MODULE_FAILED`
 */
export async function openModule(
  { path, libraryParameters }: ModuleSource,
  user: ModuleUser,
  factory: CryptokiFactory = pkcs11js,
): Promise<TokenModule> {
  const name = await realpath(path).catch(() => path)
  const modules = loaded.get(factory) ?? new Map<string, Promise<TokenModule>>()
  loaded.set(factory, modules)
  const loading = modules.get(name) ?? load(name, factory)
  modules.set(name, loading)
  // One that failed is tried again next time.
  loading.catch(() => modules.delete(name))
  const module = await loading
  module.join(user)
  try {
    await module.ready(libraryParameters)
  } catch (error) {
    await module.leave(user)
    throw error
  }
  return module
}

async function load(path: string, factory: CryptokiFactory): Promise<TokenModule> {
  const cryptoki = await factory()
  try {
    cryptoki.load(path)
  } catch (cause) {
    if (answerOf(cause) !== undefined || !(cause instanceof Error)) throw cause
    const hint = 'is it a PKCS#11 module for this kind of processor, and is all that it needs installed?'
    const message = `cannot load the module ${path}: ${cause.message}`
    throw new TokenError('ERR_TOKEN_MODULE_FAILED', message, { hint, cause })
  }
  return new TokenModule(path, cryptoki)
}
