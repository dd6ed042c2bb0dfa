/**
 * The SWIFT MT599 message with which a Clearstream customer asks for the API service, or for another API resource.
 * @module
 */
export type { OnboardingProblem, OnboardingReason } from '../errors.ts'
export { type CheckMt599Options, checkMt599, type Mt599Fields, type Mt599Report } from './check.ts'
export {
  type OnboardingContact,
  type OnboardingForm,
  type OnboardingMessage,
  type OnboardingOptions,
  onboardingMessage,
} from './message.ts'
