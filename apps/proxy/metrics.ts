import type { Certificate } from '../../src/x509/index.ts'

/** Upper bounds of the histogram, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What the proxy counts, in the text format of Prometheus. */
export class Metrics {
  inFlight = 0
  readonly #requests = new Map<number, number>()
  readonly #failures = new Map<string, number>()
  readonly #durations = BUCKETS.map(() => 0)
  #count = 0
  #seconds = 0
  #bytes = 0

  request(status: number, seconds: number, bytes: number): void {
    this.#requests.set(status, (this.#requests.get(status) ?? 0) + 1)
    this.#count++
    this.#seconds += seconds
    this.#bytes += bytes
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound)
    if (bucket >= 0) this.#durations[bucket] = (this.#durations[bucket] ?? 0) + 1
  }

  failure(phase: string): void {
    this.#failures.set(phase, (this.#failures.get(phase) ?? 0) + 1)
  }

  /** @param ready whether the files could be read just now */
  text(certificate: Certificate | undefined, ready: boolean): string {
    let below = 0
    const buckets = BUCKETS.map((bound, i) => {
      below += this.#durations[i] ?? 0
      return `sealkit_proxy_request_duration_seconds_bucket{le="${bound}"} ${below}`
    })
    return [
      ...metric('sealkit_proxy_requests_total', 'counter', 'Requests by the status that callers got.'),
      ...[...this.#requests].map(([status, n]) => `sealkit_proxy_requests_total{status="${status}"} ${n}`),
      ...metric(
        'sealkit_proxy_failures_total',
        'counter',
        'Requests without an answer of the upstream, by phase.',
      ),
      ...[...this.#failures].map(([phase, n]) => `sealkit_proxy_failures_total{phase="${phase}"} ${n}`),
      ...metric(
        'sealkit_proxy_request_duration_seconds',
        'histogram',
        'Time from request to the end of the answer.',
      ),
      ...buckets,
      `sealkit_proxy_request_duration_seconds_bucket{le="+Inf"} ${this.#count}`,
      `sealkit_proxy_request_duration_seconds_sum ${this.#seconds}`,
      `sealkit_proxy_request_duration_seconds_count ${this.#count}`,
      ...metric('sealkit_proxy_response_bytes_total', 'counter', 'Bytes of the bodies of answers.'),
      `sealkit_proxy_response_bytes_total ${this.#bytes}`,
      ...metric('sealkit_proxy_requests_in_flight', 'gauge', 'Requests that are being answered.'),
      `sealkit_proxy_requests_in_flight ${this.inFlight}`,
      ...metric('sealkit_proxy_ready', 'gauge', '1 where certificate, key and CA bundle could be read.'),
      `sealkit_proxy_ready ${ready ? 1 : 0}`,
      ...(certificate === undefined ? [] : expiry(certificate)),
      '',
    ].join('\n')
  }
}

function metric(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function expiry({ notAfter }: Certificate): string[] {
  const name = 'sealkit_proxy_client_certificate_not_after_timestamp_seconds'
  const help = 'End of the client certificate, in seconds since 1970.'
  return [...metric(name, 'gauge', help), `${name} ${Math.floor(notAfter.getTime() / 1000)}`]
}
