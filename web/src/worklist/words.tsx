// How a study's state, answer and review are said: always a word and a shape, colour only besides.

import type { Review, StudyRow, StudyState } from '../api/types.ts'
import { classTitle, kVerdictWords } from '../base/class_words.ts'
import { percent } from '../base/format.ts'

const kStateShape: Record<StudyState, string> = { received: '◌', ready: '○', running: '◔', sending: '➚', done: '●', refused: '■', failed: '▲' }
export const kStateWords: Record<StudyState, string> = {
  received: 'Arriving',
  ready: 'Waiting',
  running: 'Running',
  sending: 'Sending',
  done: 'Done',
  refused: 'Refused',
  failed: 'Failed',
}

export const kReviewWords: Record<string, string> = { open: 'Open', accepted: 'Accepted', edited: 'Edited', rejected: 'Rejected' }
const kDecision = { accept: ['✓', 'Accepted'], edit: ['✎', 'Edited'], reject: ['✕', 'Rejected'] } as const

export function StateMark({ state, running_s, reason }: { state: StudyState; running_s?: number | null | undefined; reason?: string }) {
  return (
    <span class={`state ${state}`} title={reason || undefined}>
      <span class="shape" aria-hidden="true">
        {kStateShape[state]}
      </span>
      {kStateWords[state]}
      {state === 'running' && running_s ? ` ${Math.round(running_s)} s` : ''}
    </span>
  )
}

export function ReviewMark({ review }: { review: Review | null }) {
  if (!review) return <span class="muted">Open</span>
  const [shape, word] = kDecision[review.decision]
  return (
    <span title={`${word} by ${review.reader}`}>
      <span aria-hidden="true">{shape}</span> {word} <span class="muted">{review.reader}</span>
    </span>
  )
}

export function answerWords(row: Pick<StudyRow, 'verdict' | 'class'>): string {
  return row.verdict === 'class' ? classTitle(row.class) : kVerdictWords[row.verdict]
}

/** Every class with its probability, for a title and for readers of screens. */
export const probabilityWords = (probabilities: Record<string, number> | null): string =>
  Object.entries(probabilities ?? {})
    .map(([name, p]) => `${classTitle(name)} ${percent(p)}`)
    .join(', ')
