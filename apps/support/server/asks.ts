import type { CallAsk, OpenAsk, Platform, TokenAsk, Values } from '../api.ts'
import { badRequest } from './refusal.ts'

/** Takes questions apart. All of them come from outside. */

type Given = Readonly<Record<string, unknown>>

/** @throws Refusal 400 */
export function openAsk(given: Given): OpenAsk {
  const { platform, profile } = given
  if (platform !== 'moex' && platform !== 'clearstream') throw badRequest('platform is none that we know.')
  if (profile !== undefined && typeof profile !== 'string') throw badRequest('profile must be a text.')
  const settings = values(given, 'settings')
  const secrets = values(given, 'secrets')
  return { platform: platform as Platform, ...(profile === undefined ? {} : { profile }), settings, secrets }
}

/** @throws Refusal 400 */
export function tokenAsk(given: Given): TokenAsk {
  const { endpoint } = given
  if (endpoint !== undefined && typeof endpoint !== 'string') throw badRequest('endpoint must be a text.')
  return { ...openAsk(given), ...(endpoint === undefined ? {} : { endpoint }) }
}

/** @throws Refusal 400 */
export function callAsk({ method, url, headers, body }: Given): CallAsk {
  if (typeof method !== 'string' || typeof url !== 'string') throw badRequest('method and url must be texts.')
  if (body !== undefined && typeof body !== 'string') throw badRequest('body must be a text.')
  if (!Array.isArray(headers) || !headers.every(isHeader)) throw badRequest('headers must be pairs of texts.')
  return { method, url, headers, ...(body === undefined ? {} : { body }) }
}

function isHeader(header: unknown): header is [string, string] {
  return Array.isArray(header) && header.length === 2 && header.every((part) => typeof part === 'string')
}

/** A table of texts. @throws Refusal 400 */
export function values(given: Given, name: string): Values {
  const table = given[name]
  const isTable = typeof table === 'object' && table !== null && !Array.isArray(table)
  if (!isTable || !Object.values(table).every((value) => typeof value === 'string')) {
    throw badRequest(`${name} must be texts by their names.`)
  }
  return table as Values
}
