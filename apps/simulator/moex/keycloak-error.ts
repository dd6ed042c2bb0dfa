import { type Answer, json } from '../answer.ts'

/** An error as Keycloak, which MOEX's single sign-on looks like, writes it (RFC 6749 section 5.2). */
export function keycloakError(status: number, error: string, description: string): Answer {
  return json(status, { error, error_description: description })
}
