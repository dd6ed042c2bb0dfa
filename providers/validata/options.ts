import type { Source } from '../../src/credentials/source.ts'
import type { Certificate } from '../../src/x509/index.ts'

/** Families of keys that Validata signs with. */
export type ValidataFamily = 'RSA' | 'GOST'

/** What can stand in a `validata:` URI too, see {@link parseValidataUri}. */
export interface ValidataSettings {
  /**
   * The program: a path, or a name that is looked for on PATH and in Validata's folders. Default: the first of
   * zpci1utl, zpki1utl, rpki1utl, xpki1utl, spki1utl that is there and of the `family`.
   */
  tool?: string | undefined
  /** What the signature's key must be. Default: the certificate's; else what the tool is known to sign with. */
  family?: ValidataFamily | undefined
  /** `-profile`: the profile of Validata's certificate store. Default: the tool's own. */
  profile?: string | undefined
  /** `-registry`: profiles as the program of the certificate store keeps them. Default false. */
  registry?: boolean | undefined
  /** `-sendcert`: the signature holds the signer's certificate. Default true; false needs `certificate`. */
  sendCertificate?: boolean | undefined
  /** `-silent LOG`: no message boxes, errors go to a file that is read here. Default true. */
  silent?: boolean | undefined
  /** `-algorithm`: a dotted OID. Default: none is given to the tool. */
  algorithm?: string | undefined
  /** Options behind those made here, as `['-minimal']`. */
  extraArguments?: readonly string[] | undefined
  /**
   * All arguments, for a tool whose options differ: `{data}` and `{out}` are the files to sign and to write,
   * `{log}` the file for messages, `{profile}` the profile. The options above are then not written.
   */
  arguments?: readonly string[] | undefined
  /** The command that runs the tool: `['wine']`, `['ssh', 'workstation']`. */
  prefix?: readonly string[] | undefined
  /** Working directory of the tool: where one wants its `pki1.conf`. Default: that of this process. */
  workingDirectory?: string | undefined
  /** Folder in which the private folder of each call is made. Default: the system's for temporary files. */
  temporaryFolder?: string | undefined
  /** The same folder as the tool sees it: `S:\sign` on the other side of a share. Default for wine: `Z:\...`. */
  temporaryFolderSeenAs?: string | undefined
  /** The expected signer's certificate: name of a file, PEM text, bytes, or a `Certificate`. */
  certificate?: Source | Certificate | readonly Certificate[] | undefined
  /** Milliseconds the tool may run before it is ended with its children. Default 60,000. */
  timeout?: number | undefined
  /** Milliseconds to wait for the output of a tool that has ended well without one. Default 10,000. */
  outputWait?: number | undefined
  /** Calls of the tool at a time. Default 1. */
  concurrency?: number | undefined
}

/** Options of {@link openValidataSigner}. */
export interface ValidataOptions extends ValidataSettings {
  /** `validata:profile=NAME;tool=PATH;…`: options that are given beside it go before it. */
  key?: string | undefined
  /** Environment variables of the tool beside those of this process; `undefined` takes one away. */
  environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Ends the opening with its reason; not the signing. */
  signal?: AbortSignal | undefined
}

/** Settings with their defaults; the certificate is read apart. */
export interface CheckedSettings {
  readonly tool: string | undefined
  readonly family: ValidataFamily | undefined
  readonly profile: string | undefined
  readonly registry: boolean
  readonly sendCertificate: boolean
  readonly silent: boolean
  readonly algorithm: string | undefined
  readonly extraArguments: readonly string[]
  readonly arguments: readonly string[] | undefined
  readonly prefix: readonly string[]
  readonly workingDirectory: string | undefined
  readonly temporaryFolder: string | undefined
  readonly temporaryFolderSeenAs: string | undefined
  readonly timeout: number
  readonly outputWait: number
  readonly concurrency: number
}

/** Longest time that timers know. */
export const MAX_MILLISECONDS = 2 ** 31 - 1
/** More at a time than anyone's key medium can do. */
export const MAX_CONCURRENCY = 64
