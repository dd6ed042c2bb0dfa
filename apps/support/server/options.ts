/** Options of `startSupport`. */
export interface SupportOptions {
  /** Of the loopback listener. Default: any that is free. */
  port?: number | undefined
  /** The configuration file. Default: that of the commands. */
  file?: string | undefined
  /** The profile that the page begins with. */
  profile?: string | undefined
  /** Default: `process.env`. */
  env?: NodeJS.ProcessEnv | undefined
  /** Ends the server when nobody has asked for so long, in milliseconds. Default 15 minutes. */
  idle?: number | undefined
  /** Where the built page is. Default: beside this program. */
  page?: string | URL | undefined
  /** Told of a fault in sealkit itself, which the page does not get to see. */
  onFault?: ((error: unknown) => void) | undefined
}

/** A support page that is served. Disposing ends it. */
export interface SupportServer extends AsyncDisposable {
  /** The one-time address, with its token. Secret until it was used. */
  readonly address: string
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** Fulfilled when the server has ended, by disposing or because it was idle. */
  readonly ended: Promise<'idle' | 'closed'>
}
