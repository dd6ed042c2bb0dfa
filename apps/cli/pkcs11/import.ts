import { importCertificates } from '../../../providers/pkcs11/index.ts'
import { readCertificates } from '../../../src/credentials/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { bytesOf, naming } from '../cred/read.ts'
import { ExitCode, type ExitCodeValue } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { TOKEN_OPTIONS } from '../token-options.ts'
import { accessOf, EXIT_CODES, JSON_OUTPUT } from './options.ts'

export const importCommand: Command = {
  name: 'pkcs11 import',
  summary: 'Puts the certificate of a key, and its issuers, into a token.',
  usage: ['URI --cert FILE [--cert FILE...] [OPTION...]'],
  description: [
    'The certificate gets the label and the CKA_ID of its key, by which programs find it. What is in the token already stays as it is.',
  ],
  operands: { names: ['URI'], min: 1, max: 1 },
  groups: [
    {
      title: 'The certificates',
      options: [
        {
          name: 'cert',
          value: 'FILE',
          required: true,
          multiple: true,
          summary: 'PEM, DER or PKCS#7; - is standard input',
        },
        { name: 'without-key', summary: 'also where no key in the token is that of a certificate' },
      ],
    },
    JSON_OUTPUT,
    ...TOKEN_OPTIONS,
  ],
  examples: [
    {
      title: 'What the authority sent',
      command: 'sealkit pkcs11 import "pkcs11:token=Trader" --cert chain.pem',
    },
  ],
  exitCodes: { ...EXIT_CODES, good: 'they are in the token' },
  noArguments: 'name the token: pkcs11:token=LABEL',
  run: runImport,
}

async function runImport(args: Arguments, context: Context): Promise<ExitCodeValue> {
  const { output } = context
  const certificates = []
  for (const path of args.all('cert')) {
    const { bytes } = await bytesOf(path, context)
    certificates.push(...(await naming(path, async () => readCertificates(bytes))))
  }
  const withoutKey = args.has('without-key')
  const done = await importCertificates({ ...accessOf(args, context), certificates, withoutKey })
  if (args.has('json')) {
    const rows = done.map(({ certificate, key, isNew }) => ({
      ...certificate.toJSON(),
      key: key ?? null,
      isNew,
    }))
    await output.json({ certificates: rows })
  } else {
    const lines = done.map(({ certificate, key, isNew }) => {
      const what = key === undefined ? 'issuer' : `of key ${key}`
      return `${isNew ? 'imported' : 'is there '} ${printable(`${certificate.subject} (${what})`)}`
    })
    await output.data(`${lines.join('\n')}\n`)
  }
  return ExitCode.good
}
