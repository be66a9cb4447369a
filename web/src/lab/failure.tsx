import type { ComponentChildren } from 'preact'

/** What went wrong, is tried again by itself after a while, and at once when asked. */
export function Failure({ children, again }: { children: ComponentChildren; again: () => void }) {
  return (
    <div class="failure" data-testid="failure">
      <p class="problem" role="alert">
        {children}
      </p>
      <button type="button" onClick={again}>
        Try again
      </button>
    </div>
  )
}
