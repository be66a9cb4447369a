// Questions that code asks people: resolves to the chosen answer, or to null when they close it.

import { Dialog } from './dialog.tsx'
import { Store, useStore } from './store.ts'

export interface Answer {
  id: string
  label: string
  strong?: boolean
  danger?: boolean
}

interface Question {
  title: string
  text: string[]
  answers: Answer[]
  resolve: (id: string | null) => void
}

const question = new Store<Question | null>(null)

export function ask(title: string, text: string[], answers: Answer[]): Promise<string | null> {
  question.value?.resolve(null)
  return new Promise((resolve) => question.set({ title, text, answers, resolve }))
}

/** Nobody is there any more who could answer. */
export function dropQuestion(): void {
  question.value?.resolve(null)
  question.set(null)
}

export function AskHost() {
  const q = useStore(question)
  if (!q) return null
  const answer = (id: string | null): void => {
    question.set(null)
    q.resolve(id)
  }
  return (
    <Dialog title={q.title} onClose={() => answer(null)} testid="question">
      {q.text.map((line) => (
        <p>{line}</p>
      ))}
      <div class="buttons">
        {q.answers.map((a) => (
          <button type="button" class={a.danger ? 'danger' : a.strong ? 'strong' : ''} onClick={() => answer(a.id)} data-answer={a.id}>
            {a.label}
          </button>
        ))}
      </div>
    </Dialog>
  )
}
