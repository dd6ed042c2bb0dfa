import { OnboardingError } from '../../../src/errors.ts'
import {
  type OnboardingForm,
  type OnboardingMessage,
  onboardingMessage,
} from '../../../src/onboarding/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { usageError } from '../errors.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { checkText } from './onboarding-check.ts'
import { lineLength, refuse } from './onboarding-refused.ts'

const FORMS: readonly OnboardingForm[] = ['new-service', 'additional-resource']
/** Options of a message that is made, by what they are called in an error of the library. */
const VALUES: Readonly<Record<string, string>> = {
  reference: 'reference',
  relatedReference: 'related-reference',
  ou: 'ou',
  resources: 'resource',
  'contact.name': 'contact-name',
  'contact.email': 'contact-email',
  'contact.phone': 'contact-phone',
}

export const onboardingMessageCommand: Command = {
  name: 'clearstream onboarding-message',
  summary: 'Makes the SWIFT MT599 that asks Clearstream for the API service, or checks the text of one.',
  usage: [
    '--reference TEXT --ou OU --contact-name NAME --contact-email EMAIL --contact-phone NUMBER [OPTION...]',
    '--check FILE [--suggest] [--json]',
  ],
  description: [
    'By the two forms of the guide: the service with its first API resources, or further resources for an OU that has the service. The message goes to CEDELULLXXX, ATTN: PRGConnect.',
    "SWIFT takes the characters of set X only: a-z A-Z 0-9 / - ? : ( ) . , ' + and blank. Everything else is told with its place and what could stand there (@ is (at) in the guide), all at once. Nothing is replaced for you.",
    'Field 20 has 16 characters, field 21 too, field 79 has 35 lines of 50 characters.',
  ],
  groups: [
    {
      title: 'The message',
      options: [
        { name: 'form', value: FORMS, summary: 'what is asked for. Default: new-service' },
        { name: 'reference', value: 'TEXT', summary: 'field 20: your reference. Needed' },
        { name: 'related-reference', value: 'TEXT', summary: 'field 21: a reference that it is about' },
        { name: 'ou', value: 'OU', summary: 'the Organisation Unit in Xact. Needed' },
        {
          name: 'resource',
          value: 'NAME',
          multiple: true,
          summary: 'API resource of the catalogue. Default for a new service: Clearstream API Playground',
        },
        { name: 'contact-name', value: 'NAME', summary: 'whom Clearstream may ask. Needed' },
        { name: 'contact-email', value: 'EMAIL', summary: 'with (at). Needed' },
        { name: 'contact-phone', value: 'NUMBER', summary: 'needed' },
      ],
    },
    {
      title: 'Checking',
      options: [
        {
          name: 'check',
          value: 'FILE',
          summary: 'check this text (-: standard input): field 79 alone, or with tags :20: :21: :79:',
        },
        { name: 'suggest', summary: 'print the text with every suggestion taken, to look at' },
        {
          name: 'line-length',
          value: 'N',
          summary: 'most characters in a line, 35 to 50. Default: 50',
        },
      ],
    },
    { title: 'Output', options: [{ name: 'json', summary: 'print everything as JSON' }] },
  ],
  examples: [
    {
      title: 'The service, with the playground',
      command:
        'sealkit clearstream onboarding-message --reference API-1 --ou 123456 --contact-name "John Doe" --contact-email "john.doe(at)example.com" --contact-phone 00123456789',
    },
    {
      title: 'A text that is there, with a proposal',
      command: 'sealkit clearstream onboarding-message --check message.txt --suggest',
    },
  ],
  exitCodes: {
    good: 'the message is printed, or the text can be sent',
    negative: 'SWIFT does not take it as it is; every place is told',
    usage: 'the command line is wrong, or the file cannot be read',
  },
  noArguments: 'the text to check is named by --check',
  run: async (args, context) => {
    const path = args.get('check')
    if (path === undefined) return await make(args, context)
    const extra = [...Object.values(VALUES), 'form'].find((name) => args.has(name))
    if (extra !== undefined) throw usageError(`--check and --${extra} exclude each other`)
    return await checkText(path, args, context)
  },
}

async function make(args: Arguments, { output }: Context): Promise<ExitCodeValue> {
  const resources = args.all('resource')
  if (args.get('form') === 'additional-resource' && resources.length === 0) {
    throw usageError('--resource is missing', 'name what the catalogue of APIs calls it')
  }
  let message: OnboardingMessage
  try {
    message = onboardingMessage({
      form: args.get('form') as OnboardingForm | undefined,
      reference: args.require('reference'),
      relatedReference: args.get('related-reference'),
      ou: args.require('ou'),
      resources: resources.length === 0 ? undefined : resources,
      contact: {
        name: args.require('contact-name'),
        email: args.require('contact-email'),
        phone: args.require('contact-phone'),
      },
      ...lineLength(args),
    })
  } catch (error) {
    if (!(error instanceof OnboardingError)) throw error
    const problems = error.problems.map((problem) => ({ ...problem, where: optionOf(problem.where) }))
    return await refuse({ problems, proposal: error.proposal }, args, output)
  }
  if (args.has('json')) await output.json({ valid: true, ...message })
  else await output.data(message.text)
  for (const note of message.notes) output.say(`note: ${note}`)
  output.say(`Send it as ${message.type} to ${message.destination}.`)
  return ExitCode.good
}

function optionOf(where: string): string {
  const name = VALUES[where.replace(/\[\d+\]$/, '')]
  return name === undefined ? where : `--${name}`
}
