// One patient: the truth, what every contrast set said, and the images with reference and predictions.

import { useEffect, useState } from 'preact/hooks'
import { classTitle } from '../base/class_words.ts'
import { fixed, kDash } from '../base/format.ts'
import { useStore } from '../base/store.ts'
import { getCase } from './client.ts'
import { isShown, runKey, runTitle, shownRuns } from './filter.ts'
import { Images, seriesColour } from './images.tsx'
import { go, note, place } from './live.ts'
import { To } from './to.tsx'
import type { CaseImages, Patient, Results } from './types.ts'

function Probability({ p, title }: { p: number; title: string }) {
  return (
    <svg class="p-bar" width="60" height="9" role="img" aria-label={`${title}: ${fixed(p, 2)}`}>
      <rect class="ground" width="60" height="9" />
      <rect class="value" width={60 * p} height="9" />
    </svg>
  )
}

interface SaidProps {
  results: Results
  patient: Patient
  images: CaseImages | null
  shown: number[]
}

/** What each run said; the box beside it draws its outlines. */
function WhatWasSaid({ results, patient, images, shown }: SaidProps) {
  const toggle = (r: number): void => {
    const next = shown.includes(r) ? shown.filter((other) => other !== r) : [...shown, r]
    if (next.length) note({ runs: next.map((run) => runKey(results.runs[run], results.runs)) })
  }
  return (
    <ul class="said-list" data-testid="said">
      {results.runs.map((run, r) => {
        const saying = patient.runs[r]
        const lesions = images?.predictions.find((prediction) => prediction.run === r)?.lesions ?? []
        return (
          <li class={saying?.right === false ? 'is-wrong' : ''}>
            <label>
              <input type="checkbox" checked={shown.includes(r)} onChange={() => toggle(r)} />
              <svg class="dashes" width="22" height="8" aria-hidden="true">
                <line x1="0" y1="4" x2="22" y2="4" stroke={seriesColour(r)} stroke-width="2" stroke-dasharray="5 4" />
              </svg>
              <strong>{runTitle(run, results.runs)}</strong>
            </label>
            {saying && (
              <p>
                {saying.right === null ? '' : saying.right ? '✓ right: ' : '✗ wrong: '}
                {classTitle(saying.said)} <span class="muted">· Dice {fixed(saying.dice, 2)} · fold {saying.fold}</span>
              </p>
            )}
            {saying?.p && (
              <ul class="p-list">
                {saying.p.map((p, c) => (
                  <li>
                    <Probability p={p} title={results.classes[c]} /> <span class="number">{fixed(p, 2)}</span> {classTitle(results.classes[c])}
                  </li>
                ))}
              </ul>
            )}
            {lesions.map((lesion) => (
              <p class="muted">
                Lesion {lesion.id}: {fixed(lesion.volume_ml, 1)} ml, {fixed(lesion.long_axis_mm, 0)} mm, slice {lesion.slice + 1}, score {fixed(lesion.peak_score, 2)}
              </p>
            ))}
          </li>
        )
      })}
    </ul>
  )
}

/** Previous and next of those that the filter shows. */
function Neighbours({ results, patient, by }: { results: Results; patient: Patient; by: number }) {
  const { filter } = useStore(place)
  const shown = results.patients.filter((one) => one === patient || isShown(one, filter, by))
  const at = shown.indexOf(patient)
  const to = (step: number): void => go({ page: 'patient', patient: shown[at + step].id, slice: undefined })
  return (
    <p class="choices">
      <button type="button" disabled={at === 0} onClick={() => to(-1)}>
        ‹ Previous
      </button>
      <button type="button" disabled={at === shown.length - 1} onClick={() => to(1)} data-testid="next-patient">
        Next ›
      </button>
      <To change={{ page: 'compare' }}>Back to all</To>
    </p>
  )
}

function useCase(id: string, revision: number): { images: CaseImages | null; problem: string } {
  const [answer, setAnswer] = useState<{ images: CaseImages | null; problem: string }>({ images: null, problem: '' })
  useEffect(() => {
    let left = false
    getCase(id).then(
      (images) => !left && setAnswer({ images, problem: '' }),
      (error: unknown) => !left && setAnswer({ images: null, problem: error instanceof Error ? error.message : String(error) }),
    )
    return () => {
      left = true
    }
  }, [id, revision])
  return answer
}

export function PatientPage({ id, results }: { id: string; results: Results }) {
  const here = useStore(place)
  const patient = results.patients.find((one) => one.id === id)
  const [caseId, setCase] = useState(patient?.cases[0] ?? '')
  const { images, problem } = useCase(caseId, results.revision)
  if (!patient)
    return (
      <p class="empty">
        No complete cross-validation has tested a patient {id}. <To change={{ page: 'compare' }}>All patients</To>
      </p>
    )
  const shown = shownRuns(here.runs, results.runs)
  const columns = Object.entries(patient.columns).filter(([, value]) => value)
  return (
    <div class="patient" data-testid="patient">
      <aside tabIndex={0} role="region" aria-label="Patient">
        <h1>{patient.id}</h1>
        <Neighbours results={results} patient={patient} by={shown[0]} />
        {patient.truth && (
          <p>
            Truth: <strong data-testid="truth">{classTitle(patient.truth)}</strong>
          </p>
        )}
        {patient.cases.length > 1 && (
          <label>
            Examination{' '}
            <select value={caseId} onChange={(e) => setCase(e.currentTarget.value)}>
              {patient.cases.map((one) => (
                <option value={one}>{one}</option>
              ))}
            </select>
          </label>
        )}
        <h2>What was said</h2>
        <WhatWasSaid results={results} patient={patient} images={images} shown={shown} />
        {columns.length > 0 && (
          <details open>
            <summary>Recorded of the patient</summary>
            <dl class="facts">
              {columns.map(([name, value]) => (
                <>
                  <dt>{name.replaceAll('_', ' ')}</dt>
                  <dd>{value || kDash}</dd>
                </>
              ))}
            </dl>
          </details>
        )}
      </aside>
      {problem ? (
        <p class="empty problem" role="alert">
          {problem}
        </p>
      ) : images ? (
        <Images key={images.case} results={results} images={images} shown={shown} />
      ) : (
        <p class="empty">Loading images …</p>
      )}
    </div>
  )
}
