/**
 * The doctor: examines the way to a platform step by step, and says where it breaks.
 *
 * @module
 */
export { clearstreamDoctor } from './clearstream.ts'
export { moexDoctor } from './moex.ts'
export type { DoctorOptions } from './options.ts'
export type { DoctorReport, Outcome, StepReport } from './report.ts'
export { MARKS, stepLines, summaryLine } from './report-lines.ts'
