export { didYouMean, suggest } from '../../src/config/suggest.ts'
