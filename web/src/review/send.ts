// Sending a decision, and what happens when somebody else was faster: nothing is lost, and people choose.

import { getStudy, postReview } from '../api/client.ts'
import { RefusedError } from '../api/exchange.ts'
import type { ReviewRequest } from '../api/types.ts'
import { ask } from '../base/ask.tsx'
import { dateTime } from '../base/format.ts'

export type Sent = { done: 'saved'; version: string } | { done: 'look' } | { done: 'cancelled' }

async function latestVersion(id: string): Promise<string> {
  const { value } = await getStudy(id, undefined, '')
  return value?.versions.at(-1)?.id ?? 'analysis'
}

/** Throws when the node refuses for any other reason, or does not answer. */
export async function sendReview(id: string, review: ReviewRequest): Promise<Sent> {
  try {
    return { done: 'saved', ...(await postReview(id, review)) }
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 409) throw error
    const newer = typeof error.body.version === 'string' ? error.body.version : await latestVersion(id)
    const who = typeof error.body.by === 'string' ? `${error.body.by} saved a newer version on ${dateTime(Number(error.body.at))}.` : `${error.message}.`
    const choice = await ask('There is a newer version', [who, 'Nothing of yours was sent, and nothing is lost: it stays on this machine.'], [
      { id: 'look', label: 'Look at the newer version', strong: true },
      // Nobody accepts or rejects a drawing that he has not seen. An analysis that was made anew may lie on another grid: nothing is
      // put on that.
      ...(typeof error.body.by === 'string' && (review.decision === 'edit' || error.body.decision !== 'edit') ? [{ id: 'over', label: 'Save mine on top of it' }] : []),
      { id: 'wait', label: 'Keep working' },
    ])
    if (choice === 'look') return { done: 'look' }
    if (choice === 'over') return sendReview(id, { ...review, based_on: newer })
    return { done: 'cancelled' }
  }
}
