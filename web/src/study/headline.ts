// What the verdict is called, as sober clinical software says it. A malignant share that is not small is always said in words,
// whatever class is likelier; nothing here reassures. Pure.

import type { Diagnosis } from '../api/types.ts'
import { classTitle, isMalignant } from '../base/class_words.ts'
import { percent } from '../base/format.ts'

/** From here on a malignant class is named in words beside a likelier benign one. */
export const kNotSmall = 0.05

export interface Headline {
  title: string
  /** Probability of the class in the title. */
  probability: number | null
  /** Said beside the title, as prominent; '' for nothing. */
  caution: string
  tone: 'plain' | 'caution'
}

function malignantShare(probabilities: Record<string, number> | null): number | null {
  const shares = Object.entries(probabilities ?? {}).filter(([name]) => isMalignant(name))
  return shares.length ? shares.reduce((sum, [, p]) => sum + p, 0) : null
}

function cautionOf(diagnosis: Diagnosis): string {
  const share = malignantShare(diagnosis.class_probabilities)
  if (diagnosis.verdict === 'no_tumour_found') return 'This does not exclude a tumour.'
  if (diagnosis.verdict === 'class' && diagnosis.class && isMalignant(diagnosis.class)) return ''
  if (share === null) return diagnosis.verdict === 'refused' ? '' : 'No probabilities belong to this version: a reader changed the outlines.'
  return share >= kNotSmall ? `Malignancy is not excluded: probability ${percent(share)}.` : ''
}

export function headlineOf(diagnosis: Diagnosis): Headline {
  const { verdict } = diagnosis
  const name = diagnosis.class ?? ''
  const titles: Record<string, string> = {
    class: classTitle(name),
    indeterminate: 'Indeterminate',
    no_tumour_found: 'No tumour found',
    refused: 'Refused: no answer was given',
    '': 'No answer',
  }
  const caution = cautionOf(diagnosis)
  const malignant = verdict === 'class' && isMalignant(name)
  return {
    title: titles[verdict] ?? verdict,
    probability: verdict === 'class' ? (diagnosis.class_probabilities?.[name] ?? null) : null,
    caution,
    tone: caution || malignant || verdict === 'indeterminate' ? 'caution' : 'plain',
  }
}
