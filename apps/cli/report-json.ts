import type { SignerReport, TimestampReport, VerifyResult } from '../../src/cms/index.ts'
import { REASONS, type ReasonCode } from '../../src/cms/index.ts'
import type { SealkitError } from '../../src/errors.ts'
import { pathJson, pathOf } from '../../src/trust/index.ts'

/** What `verify --json` prints. Its names are stable; what is unknown is null. */
export function jsonReport(result: VerifyResult): Record<string, unknown> {
  return {
    verdict: result.verdict,
    ...reasonOf(result.reason, undefined),
    certificateValidation: result.certificateValidation,
    detached: result.detached,
    contentType: result.contentType,
    signers: result.signers.map(signer),
  }
}

/** The report for what is no CMS signature. */
export function unreadableJson({ code, message, hint }: SealkitError): Record<string, unknown> {
  return {
    verdict: 'invalid',
    reason: 'message-unreadable',
    reasonText: 'this is no CMS signature that can be read',
    detail: message,
    certificateValidation: 'not-done',
    detached: null,
    contentType: null,
    signers: [],
    error: { code, message, hint: hint ?? null },
  }
}

function signer(report: SignerReport): Record<string, unknown> {
  const path = pathOf(report)
  return {
    verdict: report.verdict,
    ...reasonOf(report.reason, report.detail),
    checks: report.checks.map(({ check, outcome, reason, detail }) => ({
      check,
      outcome,
      reason: reason ?? null,
      detail: detail ?? null,
    })),
    certificate: report.certificate?.toJSON() ?? null,
    signerIdentifier: report.signerIdentifier,
    path: path === undefined ? null : pathJson(path),
    algorithm: report.algorithm ?? null,
    signingTime: report.signingTime ?? null,
    timestamps: report.timestamps.map(timestamp),
    countersignatures: report.countersignatures.map(signer),
    notes: report.notes,
  }
}

function timestamp(report: TimestampReport): Record<string, unknown> {
  return {
    verdict: report.verdict,
    ...reasonOf(report.reason, report.detail),
    time: report.time ?? null,
    policy: report.policy ?? null,
    signer: report.signer === undefined ? null : signer(report.signer),
  }
}

function reasonOf(reason: ReasonCode | undefined, detail: string | undefined): Record<string, string | null> {
  return { reason: reason ?? null, reasonText: reason ? REASONS[reason] : null, detail: detail ?? null }
}
