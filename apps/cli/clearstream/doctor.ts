import { clearstreamDoctor } from '../../doctor/index.ts'
import { DOCTOR_EXIT_CODES, DOCTOR_OPTIONS, DOCTOR_OUTPUT, runDoctor } from '../client/doctor.ts'
import { clientOptions } from '../client/options.ts'
import type { Command } from '../command.ts'

export const clearstreamDoctorCommand: Command = {
  name: 'clearstream doctor',
  summary: "Examines the way to Clearstream's API platform, step by step, and says where it breaks.",
  usage: ['[--profile NAME] [--json] [--bundle FILE] [OPTION...]'],
  description: [
    'From the configuration over files, certificates, proxy and TLS to the token and a call of the playground. The first step that fails is the one to look at; those that rest on it are skipped.',
    'The password is sent once at most, and not while the store of tokens has a refusal (sealkit token clear ends that).',
  ],
  groups: clientOptions('clearstream', {
    output: DOCTOR_OUTPUT,
    token: [
      {
        ...DOCTOR_OPTIONS,
        options: [
          ...DOCTOR_OPTIONS.options,
          {
            name: 'client-ca',
            value: 'FILE',
            summary: "Clearstream's CA certificates of clients, to validate the own certificate with",
          },
        ],
      },
    ],
  }),
  examples: [
    { title: 'What is wrong', command: 'sealkit clearstream doctor --profile occt' },
    { title: 'For a support desk', command: 'sealkit clearstream doctor --bundle clearstream.txt' },
  ],
  exitCodes: DOCTOR_EXIT_CODES,
  noArguments: 'the profile is named by --profile',
  run: (args, context) =>
    runDoctor({ platform: 'clearstream', examine: clearstreamDoctor }, args, context, {
      clientCa: args.get('client-ca'),
    }),
}
