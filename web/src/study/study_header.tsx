import type { Study } from '../api/types.ts'
import { ageYears, dicomDate, personName } from '../base/format.ts'
import { ReviewMark, StateMark } from '../worklist/words.tsx'

export function StudyHeader({ study, onBack }: { study: Study; onBack: () => void }) {
  const { patient } = study
  const age = ageYears(patient.birth_date, study.date)
  return (
    <header class="study-head">
      <button type="button" onClick={onBack} title="Worklist (Esc)">
        ‹ Worklist
      </button>
      <h1>{personName(patient.name)}</h1>
      <span class="fact">{patient.id}</span>
      <span class="fact">
        {patient.sex} {age === null ? '' : `${age} y`} <span class="muted">born {dicomDate(patient.birth_date)}</span>
      </span>
      <span class="fact">
        {dicomDate(study.date)} {study.description}
      </span>
      <span class="fact muted wide-only">{study.accession_number}</span>
      <span class="grow" />
      <span class="fact marks">
        <StateMark state={study.state} running_s={study.running_s} reason={study.reason} />
        {study.state === 'done' && <ReviewMark review={study.review} />}
      </span>
    </header>
  )
}
