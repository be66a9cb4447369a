// Logging out because somebody wants to. The login form is shown only when the node has ended the session: whoever comes next
// would be in it.

import { tell } from '../base/announce.tsx'
import { dropQuestion } from '../base/ask.tsx'
import { logout } from './session.ts'

export async function logOut(): Promise<void> {
  try {
    await logout()
    dropQuestion()
  } catch (error) {
    tell(`You are still logged in: the session is open. Try again to log out. ${error instanceof Error ? error.message : String(error)}`)
  }
}
