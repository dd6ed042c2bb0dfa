export { findModules, type ModuleCandidate } from './find-modules.ts'
