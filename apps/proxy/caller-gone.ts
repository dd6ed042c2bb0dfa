/** The caller is gone: nobody is to be told. */
export class CallerGone extends Error {
  constructor() {
    super('the caller is gone')
  }
}
