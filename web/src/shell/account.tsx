// Changing one's password, and how the page looks.

import { useRef, useState } from 'preact/hooks'
import { changePassword } from '../api/client.ts'
import type { Session } from '../api/types.ts'
import { tell } from '../base/announce.tsx'

export function Account({ session }: { session: Session }) {
  const [problem, setProblem] = useState('')
  const form = useRef<HTMLFormElement>(null)

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const data = new FormData(form.current ?? undefined)
    const [old, fresh, again] = ['old', 'new', 'again'].map((key) => String(data.get(key) ?? ''))
    if (fresh !== again) return setProblem('The new password was not repeated the same.')
    try {
      await changePassword(old, fresh)
      form.current?.reset()
      setProblem('')
      tell('The password is changed. Your other sessions have ended.')
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <main class="narrow" id="main" tabIndex={-1}>
      <h1>Account</h1>
      <dl class="facts">
        <dt>Name</dt>
        <dd>{session.full_name}</dd>
        <dt>Login</dt>
        <dd>{session.name}</dd>
        <dt>Role</dt>
        <dd>{session.role}</dd>
      </dl>
      <h2>Change the password</h2>
      <form class="stack" ref={form} onSubmit={(e) => void submit(e)} data-testid="password">
        <input type="hidden" name="username" autocomplete="username" value={session.name} />
        <label>
          Old password
          <input name="old" type="password" autocomplete="current-password" required />
        </label>
        <label>
          New password
          <input name="new" type="password" autocomplete="new-password" required />
        </label>
        <label>
          New password again
          <input name="again" type="password" autocomplete="new-password" required />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="strong">
          Change the password
        </button>
      </form>
    </main>
  )
}
