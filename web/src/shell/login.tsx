import { useEffect, useRef, useState } from 'preact/hooks'
import { RefusedError } from '../api/exchange.ts'
import { login } from './session.ts'

function problemOf(error: unknown): string {
  if (error instanceof RefusedError && error.status === 429) {
    const after = Number(error.body.retry_after_s)
    return `${error.message}${Number.isFinite(after) ? ` Try again in ${Math.ceil(after)} s.` : ''}`
  }
  return error instanceof Error ? error.message : String(error)
}

export function Login({ why }: { why: string }) {
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const name = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  useEffect(() => name.current?.focus(), [])

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setProblem('')
    try {
      await login(name.current?.value ?? '', password.current?.value ?? '')
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
      password.current?.select()
    }
  }

  return (
    <main class="login">
      <form class="card" onSubmit={(e) => void submit(e)} data-testid="login">
        <h1>parotis</h1>
        <p class="muted">Parotid tumours on multi-parametric MRI</p>
        {why && (
          <p class="note" role="status">
            {why}
          </p>
        )}
        <label>
          Name
          <input ref={name} name="name" autocomplete="username" autocapitalize="none" spellcheck={false} required />
        </label>
        <label>
          Password
          <input ref={password} name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="strong" disabled={busy}>
          {busy ? 'Logging in …' : 'Log in'}
        </button>
        <p class="research">Research use only. Not a medical device.</p>
      </form>
    </main>
  )
}
