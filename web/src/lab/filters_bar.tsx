// Which runs and which patients the charts show.

import { classTitle } from '../base/class_words.ts'
import { foldsOf, runKey, runTitle, type Filter } from './filter.ts'
import { note, place } from './live.ts'
import { Swatch } from './plot.tsx'
import type { Results } from './types.ts'

export function RunChoice({ results, shown }: { results: Results; shown: number[] }) {
  const { runs } = results
  const toggle = (n: number): void => {
    const next = shown.includes(n) ? shown.filter((other) => other !== n) : [...shown, n]
    if (next.length) note({ runs: next.map((run) => runKey(runs[run])) })
  }
  return (
    <fieldset class="choices" data-testid="runs">
      <legend>Contrast sets</legend>
      {runs.map((run, n) => (
        <label title={run.channels.join(', ')}>
          <input type="checkbox" checked={shown.includes(n)} onChange={() => toggle(n)} /> <Swatch series={n} /> {runTitle(run, runs)}
          {run.best ? ' (best)' : ''}
        </label>
      ))}
    </fieldset>
  )
}

const set = (change: Partial<Filter>): void => note({ filter: { ...place.value.filter, ...change } })

function TruthChoice({ results }: { results: Results }) {
  const truths = [...new Set(results.patients.map((patient) => patient.truth))].filter(Boolean).sort()
  return (
    <label>
      Truth{' '}
      <select value={place.value.filter.truth} onChange={(e) => set({ truth: e.currentTarget.value })}>
        <option value="">all</option>
        {truths.map((truth) => (
          <option value={truth}>{classTitle(truth)}</option>
        ))}
      </select>
    </label>
  )
}

function RightChoice({ results, by }: { results: Results; by: number }) {
  return (
    <label>
      {runTitle(results.runs[by], results.runs)} was{' '}
      <select value={place.value.filter.right} onChange={(e) => set({ right: e.currentTarget.value as Filter['right'] })}>
        <option value="">right or wrong</option>
        <option value="right">right</option>
        <option value="wrong">wrong</option>
      </select>
    </label>
  )
}

/** Where labels are no diagnoses there is no truth to choose, and nobody is right or wrong. */
export function PatientFilter({ results, by, count }: { results: Results; by: number; count: number }) {
  const { filter } = place.value
  const diagnoses = results.labels_are === 'diagnoses'
  return (
    <fieldset class="choices" data-testid="filter">
      <legend>Filter</legend>
      {diagnoses && <TruthChoice results={results} />}
      <label>
        Fold{' '}
        <select value={String(filter.fold)} onChange={(e) => set({ fold: Number(e.currentTarget.value) })}>
          <option value="-1">all</option>
          {foldsOf(results.patients).map((fold) => (
            <option value={String(fold)}>{fold}</option>
          ))}
        </select>
      </label>
      {diagnoses && <RightChoice results={results} by={by} />}
      <span class="muted" role="status" data-testid="count">
        {count} of {results.patients.length} patients
      </span>
    </fieldset>
  )
}
