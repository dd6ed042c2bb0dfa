/** The folder in which the blocks of one document run, and how each is run. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import ts from 'typescript'
import { mustRun } from '../../interop/support/run.ts'
import { findModule, root, tempDir } from '../../support/tools.ts'
import type { CodeBlock } from './code-blocks.ts'

const opensslRequest = [
  ...[
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '30',
    '-subj',
    '/O=Example/CN=Throw-away signer',
  ],
  ...['-addext', 'keyUsage=critical,digitalSignature', '-addext', 'basicConstraints=critical,CA:FALSE'],
  ...['-keyout', 'key.pem', '-out', 'cert.pem'],
]

/**
 * A new folder with key.pem and cert.pem (RSA-2048, throw-away), token.txt, and the built package under its
 * name. `sealkit` is on the PATH in `runBlock`.
 */
export async function docsFolder(): Promise<string> {
  const folder = tempDir()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/sealkit'))
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(folder, 'token.txt'), 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJleGFtcGxlIn0.')
  mkdirSync(join(folder, '.bin'))
  const command = join(folder, '.bin/sealkit')
  const main = join(root, 'dist/apps/cli/main.js')
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(command, 0o755)
  await mustRun('openssl', opensslRequest, { cwd: folder })
  return folder
}

/** For the token of the documents only. */
const pin = '24681357'

/**
 * A token "Trader" of SoftHSM2 in the folder, with a key "signing" and its certificate, and the PIN in the file `pin`.
 * Blocks find it, since `runBlock` sets SOFTHSM2_CONF.
 */
export async function addToken(folder: string): Promise<void> {
  mkdirSync(join(folder, 'tokens'))
  writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${join(folder, 'tokens')}\n`)
  writeFileSync(join(folder, 'pin'), pin, { mode: 0o600 })
  const env = environment(folder)
  const pins = ['--pin', pin, '--so-pin', '76543210']
  await mustRun('softhsm2-util', ['--init-token', '--free', '--label', 'Trader', ...pins], { env })
  const sealkit = (...args: readonly string[]) =>
    mustRun(join(folder, '.bin/sealkit'), [...args, '--pin-file', 'pin'], { cwd: folder, env })
  await sealkit('pkcs11', 'keygen', 'pkcs11:token=Trader', '--label', 'signing', '--id', '01')
  const key = ['--key', 'pkcs11:token=Trader;object=signing']
  await sealkit('cred', 'csr', ...key, '--subject', 'CN=Trader,O=Example', '--out', 'signing.csr')
  const by = ['-CA', 'cert.pem', '-CAkey', 'key.pem', '-days', '30', '-out', 'signing.pem']
  await mustRun('openssl', ['x509', '-req', '-in', 'signing.csr', ...by], { cwd: folder })
  await sealkit('pkcs11', 'import', 'pkcs11:token=Trader', '--cert', 'signing.pem')
}

function environment(folder: string): Record<string, string> {
  const module = findModule('libsofthsm2.so')
  return {
    HOME: folder,
    PATH: [join(folder, '.bin'), process.env['PATH']].join(delimiter),
    SOFTHSM2_CONF: join(folder, 'softhsm2.conf'),
    ...(module === undefined ? {} : { SEALKIT_PKCS11_MODULE: module }),
  }
}

/** Runs a block to its end and gives what it wrote on stdout. @throws Error with what it said when it failed */
export async function runBlock(folder: string, block: CodeBlock): Promise<string> {
  if (block.file !== undefined) {
    writeFileSync(join(folder, block.file), block.code)
    return ''
  }
  const script = join(folder, block.language === 'sh' ? '.block.sh' : '.block.mjs')
  writeFileSync(script, block.language === 'ts' ? withoutTypes(block.code) : block.code)
  const [program, ...flags] = block.language === 'sh' ? ['bash', '-euo', 'pipefail'] : [process.execPath]
  const { stdout } = await mustRun(program ?? '', [...flags, script], {
    cwd: folder,
    env: environment(folder),
  })
  return stdout.toString()
}

function withoutTypes(code: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  }
  return ts.transpileModule(code, { compilerOptions }).outputText
}

/**
 * Checks the types of `ts` blocks against the built package, each as a module of its own, as strictly as this
 * project's own.
 * @returns the errors, each with its place in the document
 */
export function typeErrors(blocks: readonly CodeBlock[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  // An example names things only to show them.
  Object.assign(options, { noUnusedLocals: false, noUnusedParameters: false, allowJs: false, noEmit: true })
  // The blocks lie in the root, where the package knows itself by its name, but only in memory.
  const files = new Map(blocks.map((block, at) => [join(root, `block-${at}.mts`), block]))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name)?.code ?? readFile(name)
  host.getSourceFile = (name, ...rest) => {
    const block = files.get(name)
    // Without an import or export it would be a script, and no place for await.
    if (block !== undefined)
      return ts.createSourceFile(name, `${block.code}\nexport {}`, ts.ScriptTarget.ES2023)
    return getSourceFile(name, ...rest)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files].flatMap(([name, block]) => {
    const file = program.getSourceFile(name)
    return ts.getPreEmitDiagnostics(program, file).map(({ start, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line
      const document = block.place.slice(0, block.place.lastIndexOf(':'))
      return `${document}:${block.firstLine + line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  })
}
