import { createSecureContext } from 'node:tls'
import { inspect } from 'node:util'
import { expect } from 'vitest'
import { HttpError } from '../../../../src/errors.ts'
import { type ConnectOptions, connectTls } from '../../../../src/http/connect/connect-tls.ts'
import type { Route } from '../../../../src/http/connect/route.ts'
import { serverCertificateExplainer } from '../../../../src/http/connect/server-certificate.ts'
import { TrustStore } from '../../../../src/path/index.ts'
import type { Issued } from '../../support/authority.ts'

export interface Wanted extends Partial<Omit<ConnectOptions, 'secureContext'>> {
  readonly port: number
  /** Trusted, in PEM. */
  readonly ca: string
  readonly client?: Issued
  readonly maxVersion?: 'TLSv1.2'
}

/** Options to connect to localhost, and the lines of the trace. */
export function connecting(wanted: Wanted): ConnectOptions & { lines: string[] } {
  const { ca, client, maxVersion, ...rest } = wanted
  const lines: string[] = []
  const minVersion = rest.minVersion ?? 'TLSv1.2'
  return {
    route: { kind: 'direct' },
    host: 'localhost',
    servername: rest.host ?? 'localhost',
    secureContext: createSecureContext({
      ca,
      minVersion,
      ...(maxVersion && { maxVersion }),
      ...(client && { cert: client.cert, key: client.key }),
    }),
    certificate: client?.certificate,
    minVersion,
    timeouts: { connect: 20_000, proxy: 20_000, tls: 20_000 },
    explain: serverCertificateExplainer({ store: TrustStore.fromPem(ca) }),
    tell: (kind, ...told) => lines.push(...told.map((line) => `${kind}: ${line}`)),
    lines,
    ...rest,
  }
}

/** The HttpError that connecting ends with. */
export async function failure(options: ConnectOptions): Promise<HttpError> {
  return await failureOf(connectTls(options))
}

export async function failureOf(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(HttpError)
  return error as HttpError
}

/** Everything that an error or a trace shows. */
export function shown(...things: readonly unknown[]): string {
  return things.map((each) => inspect(each, { depth: null, showHidden: true })).join('\n')
}

export function throughProxy(port: number, more: Partial<Route & { kind: 'proxy' }> = {}): Route {
  return { kind: 'proxy', url: new URL(`http://127.0.0.1:${port}`), ...more }
}
