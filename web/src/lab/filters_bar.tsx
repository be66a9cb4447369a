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
    if (next.length) note({ runs: next.map((run) => runKey(runs[run], runs)) })
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

export function PatientFilter({ results, by, count }: { results: Results; by: number; count: number }) {
  const { filter } = place.value
  const set = (change: Partial<Filter>): void => note({ filter: { ...filter, ...change } })
  const truths = [...new Set(results.patients.map((patient) => patient.truth))].filter(Boolean).sort()
  return (
    <fieldset class="choices" data-testid="filter">
      <legend>Filter</legend>
      <label>
        Truth{' '}
        <select value={filter.truth} onChange={(e) => set({ truth: e.currentTarget.value })}>
          <option value="">all</option>
          {truths.map((truth) => (
            <option value={truth}>{classTitle(truth)}</option>
          ))}
        </select>
      </label>
      <label>
        Fold{' '}
        <select value={String(filter.fold)} onChange={(e) => set({ fold: Number(e.currentTarget.value) })}>
          <option value="-1">all</option>
          {foldsOf(results.patients).map((fold) => (
            <option value={String(fold)}>{fold}</option>
          ))}
        </select>
      </label>
      <label>
        {runTitle(results.runs[by], results.runs)} was{' '}
        <select value={filter.right} onChange={(e) => set({ right: e.currentTarget.value as Filter['right'] })}>
          <option value="">right or wrong</option>
          <option value="right">right</option>
          <option value="wrong">wrong</option>
        </select>
      </label>
      <span class="muted" role="status" data-testid="count">
        {count} of {results.patients.length} patients
      </span>
    </fieldset>
  )
}
