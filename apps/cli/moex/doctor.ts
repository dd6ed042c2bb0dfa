import { moexDoctor } from '../../doctor/index.ts'
import { DOCTOR_EXIT_CODES, DOCTOR_OPTIONS, DOCTOR_OUTPUT, runDoctor } from '../client/doctor.ts'
import { clientOptions } from '../client/options.ts'
import type { Command } from '../command.ts'

export const moexDoctorCommand: Command = {
  name: 'moex doctor',
  summary: "Examines the way to MOEX's Web API, step by step, and says where it breaks.",
  usage: ['[--profile NAME] [--json] [--bundle FILE] [OPTION...]'],
  description: [
    'From the configuration over the key that signs, a test signature and both servers to the MOEX Passport Token and the access token. The first step that fails is the one to look at; those that rest on it are skipped.',
    'Login and password are sent once at most, and not while the store of tokens has a refusal (sealkit token clear ends that): wrong passwords lock the account. Of a PIN no try is spent to see how it stands; the key is opened with it once.',
  ],
  groups: clientOptions('moex', { output: DOCTOR_OUTPUT, token: [DOCTOR_OPTIONS] }),
  examples: [
    { title: 'What is wrong', command: 'sealkit moex doctor --profile moex-test' },
    { title: 'Without a login', command: 'sealkit moex doctor --no-login' },
    { title: 'For a support desk', command: 'sealkit moex doctor --bundle moex.txt' },
  ],
  exitCodes: DOCTOR_EXIT_CODES,
  noArguments: 'the profile is named by --profile',
  run: (args, context) => runDoctor({ platform: 'moex', examine: moexDoctor }, args, context),
}
