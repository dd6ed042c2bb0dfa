import type { ValidataSettings } from '../options.ts'

/** What `{name}` stands for in a template of arguments; all but the profile are files. */
export interface Places {
  readonly data: string
  readonly out: string
  readonly log: string
  readonly profile: string | undefined
}

const PLACE = /\{([a-z]+)\}/g
const NAMES = new Set(['data', 'out', 'log', 'profile'])

/** @throws what `refused` makes of a template that cannot work */
export function checkTemplate(
  template: readonly string[],
  { profile }: Pick<ValidataSettings, 'profile'>,
  refused: (message: string, hint: string) => Error,
): void {
  const used = new Set(
    template.flatMap((argument) => Array.from(argument.matchAll(PLACE), ([, name = '']) => name)),
  )
  const hint = 'arguments know {data}, {out}, {log} and {profile}'
  if (![...used].every((name) => NAMES.has(name)))
    throw refused('arguments have a place of no known name', hint)
  for (const name of ['data', 'out']) {
    if (!used.has(name)) throw refused(`arguments must have a {${name}}`, hint)
  }
  if (used.has('profile') && profile === undefined)
    throw refused('arguments have a {profile}, and none is given', hint)
}

/** The arguments, each place filled in. */
export function fillTemplate(template: readonly string[], places: Places): string[] {
  return template.map((argument) =>
    argument.replace(PLACE, (_, name: string) => places[name as keyof Places] ?? ''),
  )
}
