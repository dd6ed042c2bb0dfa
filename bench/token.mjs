/** The content that is signed: a token of 400 bytes, as MOEX Passport's are. */
import { randomBytes } from 'node:crypto'

export const token = Buffer.from(randomBytes(300).toString('base64'))
