/** A piece of a line: words of the form, or a value that was given. */
export interface Piece {
  readonly text: string
  /** Which value it is; undefined for words of the form. */
  readonly value?: string | undefined
}

export type FormLine = readonly Piece[]

/** What the forms ask for. */
export interface FormValues {
  readonly ou: string
  readonly resources: readonly string[]
  readonly contact: { readonly name: string; readonly email: string; readonly phone: string }
}

/** Clearstream's forms, from the chapter "MT599 API onboarding messages" of its guide. */
export const FORMS = {
  'new-service': (values: FormValues): FormLine[] => [
    ...HEAD,
    words('Please add the Clearstream API service'),
    [{ text: 'and link the ' }, ...resources(values, 'resource')],
    ...tail(values),
  ],
  'additional-resource': (values: FormValues): FormLine[] => [
    ...HEAD,
    [{ text: 'Please link the ' }, ...resources(values, 'API resource')],
    ...tail(values),
  ],
} as const

const HEAD: readonly FormLine[] = [words('ATTN: PRGConnect'), words('SUBJECT: Clearstream APIs')]

function words(text: string): FormLine {
  return [{ text }]
}

/** `A resource`, `A and B resources`, `A, B and C resources`. */
function resources({ resources: names }: FormValues, noun: string): FormLine {
  const pieces = names.flatMap((name, i) => {
    const before = i === 0 ? '' : i === names.length - 1 ? ' and ' : ', '
    return [{ text: before }, { text: name, value: `resources[${i}]` }]
  })
  return [...pieces, { text: ` ${noun}${names.length > 1 ? 's' : ''}` }]
}

function tail({ ou, contact }: FormValues): FormLine[] {
  return [
    [{ text: 'to our Xact OU ' }, { text: ou, value: 'ou' }],
    [
      { text: 'Contact details: ' },
      { text: contact.name, value: 'contact.name' },
      { text: ', ' },
      { text: contact.email, value: 'contact.email' },
      { text: ', ' },
      { text: contact.phone, value: 'contact.phone' },
    ],
  ]
}
