// Contrast sets against each other: ROC, calibration, patient by patient. Every point is somebody: he is named, and opened.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { classTitle } from '../base/class_words.ts'
import { useStore } from '../base/store.ts'
import { Calibration } from './calibration.tsx'
import type { ChartProps } from './chart.ts'
import { isShown, runTitle, shownRuns } from './filter.ts'
import { PatientFilter, RunChoice } from './filters_bar.tsx'
import { go, note, place } from './live.ts'
import { PatientList } from './patient_list.tsx'
import { RocChart } from './roc.tsx'
import { Scatter } from './scatter.tsx'
import type { Results } from './types.ts'

function ClassChoice({ results, cls }: { results: Results; cls: number }) {
  return (
    <p class="choices" role="group" aria-label="Class">
      {results.classes.map((name, n) => (
        <button type="button" aria-pressed={n === cls} onClick={() => note({ class: name })}>
          {classTitle(name)}
        </button>
      ))}
      <span class="muted">against all other tumours</span>
    </p>
  )
}

interface Pick {
  patients: number[]
  what: string
  /** What it was picked at: there the focus goes back to. */
  at: Element | null
}

/** The patients of a point, to choose from: whoever picked it, also by the keyboard, is led to them. */
function Picked({ pick, close, ...list }: { pick: Pick; close: () => void; results: Results; runs: number[]; cls: number }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [pick])
  return (
    <section aria-labelledby="picked" data-testid="picked">
      <h2 id="picked" ref={heading} tabIndex={-1}>
        {pick.what}: {pick.patients.length} patients
      </h2>
      <p>
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
      <PatientList {...list} patients={pick.patients} />
    </section>
  )
}

export function Compare({ results }: { results: Results }) {
  const here = useStore(place)
  const [picked, setPicked] = useState<Pick | null>(null)
  const runs = shownRuns(here.runs, results.runs)
  const cls = Math.max(0, results.classes.indexOf(here.class))
  const shown = results.patients.map((_, n) => n).filter((n) => isShown(results.patients[n], here.filter, runs[0]))
  const choose = (patients: number[], what: string): void => {
    if (patients.length === 1) go({ page: 'patient', patient: results.patients[patients[0]].id })
    else setPicked({ patients, what, at: document.activeElement })
  }
  const close = (): void => {
    setPicked(null)
    if (picked?.at instanceof HTMLElement || picked?.at instanceof SVGElement) picked.at.focus()
  }
  const props: ChartProps = { results, runs, patients: new Set(shown), cls, choose }
  const diagnoses = results.labels_are === 'diagnoses'
  return (
    <div class="sheet" data-testid="compare">
      <h1 tabIndex={-1}>Compare</h1>
      <RunChoice results={results} shown={runs} />
      {diagnoses && (
        <>
          <ClassChoice results={results} cls={cls} />
          <div class="panels large">
            <RocChart {...props} />
            <Calibration {...props} />
            {runs.length > 1 && <Scatter {...props} />}
          </div>
        </>
      )}
      {picked && <Picked pick={picked} close={close} results={results} runs={runs} cls={cls} />}
      <section aria-labelledby="patients">
        <h2 id="patients">Patients</h2>
        <PatientFilter results={results} by={runs[0]} count={shown.length} />
        <p class="muted">
          {diagnoses
            ? `The filter hides points above and rows below; curves, bins and figures are of all patients. Right and wrong are of ${runTitle(results.runs[runs[0]], results.runs)}.`
            : 'The filter hides rows; figures are of all patients.'}
        </p>
        <PatientList results={results} runs={runs} cls={cls} patients={shown} testid="patients" />
      </section>
    </div>
  )
}
