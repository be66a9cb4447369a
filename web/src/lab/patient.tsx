// One patient: the truth, what every contrast set said, and the images with reference and predictions.

import { useEffect, useState } from 'preact/hooks'
import { classTitle } from '../base/class_words.ts'
import { fixed, kDash } from '../base/format.ts'
import { useStore } from '../base/store.ts'
import { useAttempts } from './attempts.ts'
import { getCase } from './client.ts'
import { Failure } from './failure.tsx'
import { fitting, isShown, runKey, runTitle, shownRuns } from './filter.ts'
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
    if (next.length) note({ runs: next.map((run) => runKey(results.runs[run])) })
  }
  return (
    <ul class="said-list" data-testid="said">
      {results.runs.map((run, r) => {
        const saying = patient.runs[r]
        const prediction = images?.predictions.find((one) => one.run === r)
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
            {prediction?.problem && <p class="problem">{prediction.problem}</p>}
            {prediction?.lesions.map((lesion) => (
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
  const to = (step: number): void => go({ page: 'patient', patient: shown[at + step].id })
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

interface Asked {
  images: CaseImages | null
  problem: string
  again: () => void
}

/** The images of a case, with the predictions as soon as they are of these figures; those that came before a failure stay. */
function useCase(id: string, results: Results): Asked {
  const [answer, setAnswer] = useState<{ id: string; images: CaseImages | null; problem: string }>({ id, images: null, problem: '' })
  const { attempt, failed, again } = useAttempts()
  useEffect(() => {
    let left = false
    getCase(id).then(
      (images) => !left && setAnswer({ id, images, problem: '' }),
      (error: unknown) => {
        if (left) return
        const problem = error instanceof Error ? error.message : String(error)
        setAnswer((before) => ({ id, images: before.id === id ? before.images : null, problem }))
        failed()
      },
    )
    return () => {
      left = true
    }
  }, [id, results.revision, attempt])
  if (answer.id !== id) return { images: null, problem: '', again }
  return { images: answer.images && fitting(answer.images, results), problem: answer.problem, again }
}

function ExaminationChoice({ cases, chosen }: { cases: string[]; chosen: string }) {
  return (
    <label>
      Examination{' '}
      <select value={chosen} onChange={(e) => note({ examination: e.currentTarget.value })} data-testid="examination">
        {cases.map((one) => (
          <option value={one}>{one}</option>
        ))}
      </select>
    </label>
  )
}

export function PatientPage({ id, results }: { id: string; results: Results }) {
  const patient = results.patients.find((one) => one.id === id)
  if (patient) return <Shown patient={patient} results={results} />
  return (
    <p class="empty">
      No complete cross-validation has tested a patient {id}. <To change={{ page: 'compare' }}>All patients</To>
    </p>
  )
}

function Shown({ patient, results }: { patient: Patient; results: Results }) {
  const here = useStore(place)
  const caseId = patient.cases.includes(here.examination) ? here.examination : patient.cases[0]
  const { images, problem, again } = useCase(caseId, results)
  const shown = shownRuns(here.runs, results.runs)
  const columns = Object.entries(patient.columns).filter(([, value]) => value)
  return (
    <div class="patient" data-testid="patient">
      <aside tabIndex={0} role="region" aria-label="Patient">
        <h1 tabIndex={-1}>{patient.id}</h1>
        <Neighbours results={results} patient={patient} by={shown[0]} />
        {patient.truth && (
          <p>
            Truth: <strong data-testid="truth">{classTitle(patient.truth)}</strong>
          </p>
        )}
        {patient.cases.length > 1 && <ExaminationChoice cases={patient.cases} chosen={caseId} />}
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
      <div class="pictures">
        {problem && <Failure again={again}>{problem}</Failure>}
        {images ? <Images key={images.case} results={results} images={images} shown={shown} /> : !problem && <p class="empty">Loading images …</p>}
      </div>
    </div>
  )
}
