// What is said above every page: the node is away, or the session is about to end.

import { Dialog } from '../base/dialog.tsx'
import { useStore } from '../base/store.ts'
import { logOut } from './log_out.ts'
import { away, endsIn_s, keep, resume } from './session.ts'

export function AwayBanner() {
  if (!useStore(away)) return null
  return (
    <div class="banner danger" role="alert" data-testid="away">
      <strong>The node does not answer.</strong> What you have done is kept here; the page tries again by itself.
      <button type="button" onClick={() => void resume()}>
        Try again now
      </button>
    </div>
  )
}

export function EndWarning() {
  const left_s = useStore(endsIn_s)
  if (left_s === null) return null
  return (
    <Dialog title="The session is about to end" onClose={() => void keep()} testid="session-ends">
      <p>
        The page has not been used for a while. You will be logged out in <strong role="timer">{left_s} s</strong>.
      </p>
      <div class="buttons">
        <button type="button" class="strong" onClick={() => void keep()}>
          Stay logged in
        </button>
        <button type="button" onClick={() => void logOut()}>
          Log out
        </button>
      </div>
    </Dialog>
  )
}
