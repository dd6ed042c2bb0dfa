import type { CmsSignature } from '../../src/cms/index.ts'
import type { KeySigner } from '../../src/signer/index.ts'
import type { Arguments } from './arguments.ts'
import type { Context } from './command.ts'
import { usageError } from './errors.ts'
import { checkOutFile, writeOutFile } from './out-file.ts'
import { FORMATS } from './sign-options.ts'

/** Who has signed, for the report. */
export type SignedBy = Pick<KeySigner, 'certificate' | 'algorithm'>

type Destination = (signature: CmsSignature, by: SignedBy, notes: readonly string[]) => Promise<void>

/** Where the signature goes, and in which form; checked before anything is done. */
export function destinationOf(args: Arguments, { output }: Context): Destination {
  const format = FORMATS.find((name) => name === args.get('format')) ?? 'base64'
  const file = args.get('out') === '-' ? undefined : args.get('out')
  const fileOptions = { force: args.has('force') }
  if (file !== undefined) checkOutFile(file, fileOptions)
  const json = args.has('json')
  if (file === undefined && json && args.has('format')) {
    throw usageError('--json prints the signature in base64; --format needs --out FILE then')
  }
  if (file === undefined && !json && format === 'der' && output.toTerminal) {
    throw usageError(
      'DER is binary and is not printed to a terminal',
      'give --out FILE, or a pipe, or another --format',
    )
  }
  return async (signature, by, notes) => {
    if (file !== undefined) writeOutFile(file, encoded(signature, format), fileOptions)
    if (json) await output.json(describe(signature, by, notes, file))
    else if (file === undefined) {
      // The line end belongs to the line on a screen or in a pipe; in a file it would be a byte too many.
      await output.data(format === 'base64' ? `${signature.base64()}\n` : encoded(signature, format))
    }
  }
}

function encoded(signature: CmsSignature, format: (typeof FORMATS)[number]): Uint8Array | string {
  switch (format) {
    case 'der':
      return signature.der
    case 'pem':
      return signature.pem()
    case 'base64':
      return signature.base64()
  }
}

/** What `--json` prints. Its names are stable. */
function describe(
  signature: CmsSignature,
  { certificate, algorithm }: SignedBy,
  notes: readonly string[],
  file: string | undefined,
): Record<string, unknown> {
  return {
    signature: signature.base64(),
    file: file ?? null,
    detached: signature.signedData.eContent === undefined,
    family: algorithm.family,
    scheme: algorithm.scheme,
    hash: algorithm.hash?.name ?? null,
    certificate: certificate.toJSON(),
    notes,
  }
}
