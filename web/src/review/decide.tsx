// Accept, edit or reject what is on the screen, under one's own name.

import { useState } from 'preact/hooks'
import type { Session, Study } from '../api/types.ts'
import { tell } from '../base/announce.tsx'
import { headlineOf } from '../study/headline.ts'
import { percent } from '../base/format.ts'
import { sendReview } from './send.ts'

interface Props {
  study: Study
  session: Session
  /** Null where there are no images to edit. */
  onEdit: (() => void) | null
  /** A decision was saved, or a newer version is to be looked at. */
  onChanged: (what: 'saved' | 'look') => void
}

function answerText(study: Study): string {
  if (!study.diagnosis) return 'no answer'
  const { title, probability } = headlineOf(study.diagnosis)
  return probability === null ? title : `${title} ${percent(probability)}`
}

const focusOnce = (box: HTMLTextAreaElement | null): void => box?.focus()

interface ConfirmProps {
  asking: 'accept' | 'reject'
  answer: string
  busy: boolean
  problem: string
  onConfirm: (reason: string) => void
  onBack: () => void
}

function Confirm({ asking, answer, busy, problem, onConfirm, onBack }: ConfirmProps) {
  const [reason, setReason] = useState('')
  const accepting = asking === 'accept'
  const submit = (event: Event): void => {
    event.preventDefault()
    onConfirm(reason)
  }
  return (
    <form class="stack" onSubmit={submit}>
      <label>
        {accepting ? 'Remark (may stay empty)' : 'Reason'}
        <textarea rows={3} maxLength={2000} required={!accepting} value={reason} onInput={(e) => setReason(e.currentTarget.value)} data-testid="reason" ref={focusOnce} />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="buttons">
        <button type="submit" class={accepting ? 'strong' : 'danger'} disabled={busy} data-testid="confirm">
          {accepting ? `Accept: ${answer}` : 'Reject this answer'}
        </button>
        <button type="button" onClick={onBack}>
          Back
        </button>
      </div>
    </form>
  )
}

export function Decide({ study, session, onEdit, onChanged }: Props) {
  const [asking, setAsking] = useState<'accept' | 'reject' | null>(null)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)

  const current = study.versions.find((v) => v.id === study.version)
  const caution = study.diagnosis ? headlineOf(study.diagnosis).caution : ''

  const decide = async (decision: 'accept' | 'reject', reason: string): Promise<void> => {
    setBusy(true)
    setProblem('')
    try {
      const sent = await sendReview(study.id, { based_on: study.version, decision, reason: reason.trim() })
      if (sent.done === 'saved') {
        setAsking(null)
        tell(decision === 'accept' ? 'Accepted.' : 'Rejected.')
      }
      if (sent.done !== 'cancelled') onChanged(sent.done)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }

  return (
    <section aria-label="Decision" data-testid="decide">
      <h3>Your decision</h3>
      <p>
        On the screen: <strong>{answerText(study)}</strong>, {current?.kind === 'edit' ? `edited by ${current.by}` : "the program's answer"}. Your decision is recorded as{' '}
        <strong>{session.full_name}</strong>.
      </p>
      {caution && <p class="caution">{caution}</p>}
      {study.review && (
        <p class="note">
          Last decision: {study.review.decision} by {study.review.reader}.
        </p>
      )}
      {asking === null && (
        <div class="buttons">
          <button type="button" class="strong" onClick={() => setAsking('accept')} data-testid="accept">
            Accept …
          </button>
          {onEdit && (
            <button type="button" onClick={onEdit} data-testid="edit">
              Edit …
            </button>
          )}
          <button type="button" onClick={() => setAsking('reject')} data-testid="reject">
            Reject …
          </button>
        </div>
      )}
      {asking && <Confirm asking={asking} answer={answerText(study)} busy={busy} problem={problem} onConfirm={(reason) => void decide(asking, reason)} onBack={() => setAsking(null)} />}
    </section>
  )
}
