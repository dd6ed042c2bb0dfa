import { OnboardingError, type OnboardingProblem } from '../errors.ts'
import { checkedLineLength } from './check.ts'
import { withoutWrongSlashes } from './fields.ts'
import { fold } from './fold.ts'
import { FORMS } from './forms.ts'
import { replaceCharacters } from './places.ts'
import { type MessageValues, valueProblems } from './value-problems.ts'
import { type Mt599Fields, mt599Text } from './write-text.ts'

/** Which of the guide's two forms: the service with its first resources, or further resources for an OU that has it. */
export type OnboardingForm = 'new-service' | 'additional-resource'

/** Whom Clearstream may ask. */
export interface OnboardingContact {
  readonly name: string
  /** With `(at)`: SWIFT has no `@`. */
  readonly email: string
  readonly phone: string
}

/** Options of {@link onboardingMessage}. */
export interface OnboardingOptions {
  /** Default `new-service`. */
  readonly form?: OnboardingForm | undefined
  /** Field 20: your reference for this message, 16 characters at most. */
  readonly reference: string
  /** Field 21: a reference that it is about. */
  readonly relatedReference?: string | undefined
  /** The Organisation Unit in Xact. */
  readonly ou: string
  /** Names from Clearstream's catalogue. Default for a new service: the Clearstream API Playground. */
  readonly resources?: readonly string[] | undefined
  readonly contact: OnboardingContact
  /** Most characters in a line: 35 to 50. Default 50, as SWIFT has it. */
  readonly lineLength?: number | undefined
}

/** An MT599 that can be sent. */
export interface OnboardingMessage {
  readonly type: 'MT599'
  /** The BIC that it goes to. */
  readonly destination: 'CEDELULLXXX'
  readonly fields: Mt599Fields
  /** The body: `:20:`, `:21:` and `:79:`, lines ended by CrLf. */
  readonly text: string
  /** What is allowed, and perhaps not meant. */
  readonly notes: readonly string[]
}

const PLAYGROUND = 'Clearstream API Playground'

/**
 * Makes the SWIFT MT599 with which a customer of Clearstream asks for the API service or for further API resources,
 * by the forms of Clearstream's guide. Values are taken as they are: one that SWIFT does not take is an error.
 *
 * @throws OnboardingError ERR_ONBOARDING_INVALID with every place that is wrong in `problems`, and what could stand
 *   there instead; RangeError, TypeError for options that are of no such kind
 * @example
 * ```ts
 * import { onboardingMessage } from 'sealkit/onboarding'
 * const { text, destination } = onboardingMessage({
 *   reference: 'API-2026-0001',
 *   ou: '123456',
 *   contact: { name: 'John Doe', email: 'john.doe(at)example.com', phone: '00123456789' },
 * })
 * console.log(destination, text)
 * ```
 */
export function onboardingMessage(options: OnboardingOptions): OnboardingMessage {
  const values = readOptions(options)
  const problems = valueProblems(values)
  if (problems.length > 0) throw invalid(problems, propose(values))
  const fields = fieldsOf(values)
  return {
    type: 'MT599',
    destination: 'CEDELULLXXX',
    fields,
    text: mt599Text(fields),
    notes: notesOn(values),
  }
}

/** @throws TypeError, RangeError */
function readOptions(options: OnboardingOptions): MessageValues {
  const { form = 'new-service', reference, relatedReference, ou, contact } = options
  if (!Object.hasOwn(FORMS, form)) throw new TypeError(`form must be one of ${Object.keys(FORMS).join(', ')}`)
  const resources = options.resources ?? (form === 'new-service' ? [PLAYGROUND] : [])
  if (!Array.isArray(resources)) throw new TypeError('resources must be an array of strings')
  const { name, email, phone } = contact ?? {}
  const texts: readonly unknown[] = [reference, relatedReference ?? '', ou, name, email, phone, ...resources]
  if (!texts.every((text) => typeof text === 'string')) {
    throw new TypeError('reference, ou, resources and contact (name, email, phone) must be strings')
  }
  const lineLength = checkedLineLength(options.lineLength ?? 50)
  return { form, reference, relatedReference, ou, resources, contact: { name, email, phone }, lineLength }
}

function fieldsOf(values: MessageValues): Mt599Fields {
  const lines = FORMS[values.form](values).map((pieces) => pieces.map(({ text }) => text).join(''))
  return {
    20: values.reference,
    21: values.relatedReference,
    79: lines.flatMap((line) => fold(line, values.lineLength)),
  }
}

function notesOn({ form, resources }: MessageValues): string[] {
  if (form !== 'new-service' || resources.includes(PLAYGROUND)) return []
  return [`Clearstream's guide wants the ${PLAYGROUND} in the first request, as a minimum`]
}

function invalid(problems: readonly OnboardingProblem[], proposal: string | undefined): OnboardingError {
  const told = problems.map(
    ({ where, line, column, message }) => `${where}, line ${line}, column ${column}: ${message}`,
  )
  const hint = 'write the suggestions where they are what you mean; nothing is replaced for you'
  return new OnboardingError(`no MT599 can be made: ${told.join('; ')}`, { hint, problems, proposal })
}

/** The message with every suggestion taken, where that is one that SWIFT takes. */
function propose(values: MessageValues): string | undefined {
  const { reference, relatedReference, ou, resources, contact } = values
  const texts = { ou, name: contact.name, email: contact.email, phone: contact.phone }
  const replaced = Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, replaceCharacters(text) ?? text]),
  ) as typeof texts
  const { name, email, phone } = replaced
  const proposed: MessageValues = {
    ...values,
    reference: withoutWrongSlashes(replaceCharacters(reference) ?? reference),
    relatedReference:
      relatedReference && withoutWrongSlashes(replaceCharacters(relatedReference) ?? relatedReference),
    ou: replaced.ou,
    resources: resources.map((text) => replaceCharacters(text) ?? text),
    contact: { name, email, phone },
  }
  return valueProblems(proposed).length === 0 ? mt599Text(fieldsOf(proposed)) : undefined
}
