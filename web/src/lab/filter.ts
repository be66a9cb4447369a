// Which patients are shown, and how runs are called. Pure.

import type { CaseImages, Patient, Results, Run } from './types.ts'

export interface Filter {
  /** A class, or "" for all. */
  truth: string
  /** -1: all. */
  fold: number
  /** By what the first of the chosen runs said. */
  right: '' | 'right' | 'wrong'
}

/** What an address calls it, whichever others are completed later. */
export const runKey = (run: Run): string => `${run.variant}/${run.set}/${run.repeat}/${run.seed}`

/** The place of the run that an address means; a contrast set by itself is its first run. -1: there is none yet. */
function runNamed(key: string, runs: Run[]): number {
  const exact = runs.findIndex((run) => runKey(run) === key)
  return exact >= 0 ? exact : runs.findIndex((run) => run.set === key)
}

/** "both", "scratch, both, seed 2": only what tells it from the others. */
export function runTitle(run: Run, all: Run[]): string {
  const differs = (key: 'variant' | 'repeat' | 'seed'): boolean => all.some((other) => other[key] !== run[key])
  return [differs('variant') ? run.variant : '', run.set, differs('repeat') ? `repeat ${run.repeat}` : '', differs('seed') ? `seed ${run.seed}` : ''].filter(Boolean).join(', ')
}

/** Places of the runs that are shown: those that were chosen and exist, else the best one and the first others, three at most. */
export function shownRuns(chosen: string[], runs: Run[]): number[] {
  const named = new Set(chosen.map((key) => runNamed(key, runs)))
  const found = runs.map((_, n) => n).filter((n) => named.has(n))
  if (found.length) return found
  const best = Math.max(0, runs.findIndex((run) => run.best))
  return runs.length ? [best, ...runs.map((_, n) => n).filter((n) => n !== best)].slice(0, 3).sort((a, b) => a - b) : []
}

/** Whether the patient is shown; fold and right or wrong are asked of run `by`. Where labels are no diagnoses there is no truth, and
    nothing is right or wrong: such a filter, left in an address, hides nobody. */
export function isShown(patient: Patient, filter: Filter, by: number): boolean {
  const saying = patient.runs[by]
  if (filter.truth && patient.truth && patient.truth !== filter.truth) return false
  if (filter.fold >= 0 && saying?.fold !== filter.fold) return false
  return !filter.right || saying?.right === null || saying?.right === (filter.right === 'right')
}

export function foldsOf(patients: Patient[]): number[] {
  const folds = patients.flatMap((patient) => patient.runs.map((saying) => saying?.fold ?? -1))
  return [...new Set(folds)].filter((fold) => fold >= 0).sort((a, b) => a - b)
}

/** Places of the rows in the order of a column; what has no value comes last. */
export function sortedRows(values: (number | null)[], falling: boolean): number[] {
  const worst = falling ? -Infinity : Infinity
  const order = values.map((_, n) => n)
  return order.sort((a, b) => (falling ? (values[b] ?? worst) - (values[a] ?? worst) : (values[a] ?? worst) - (values[b] ?? worst)) || a - b)
}

/** Predictions name runs by their places in the figures of one revision: beside others they would carry another run's name. */
export const fitting = (images: CaseImages, results: Results): CaseImages => (images.revision === results.revision ? images : { ...images, predictions: [] })
