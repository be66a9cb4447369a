// Which patients are shown, and how runs are called. Pure.

import type { Patient, Run } from './types.ts'

export interface Filter {
  /** A class, or "" for all. */
  truth: string
  /** -1: all. */
  fold: number
  /** By what the first of the chosen runs said. */
  right: '' | 'right' | 'wrong'
}

/** The contrast set where that says it all; else variant, set, repeat and seed. */
export function runKey(run: Run, all: Run[]): string {
  const alone = all.filter((other) => other.set === run.set).length === 1
  return alone ? run.set : `${run.variant}/${run.set}/${run.repeat}/${run.seed}`
}

/** "both", "scratch, both, seed 2": only what tells it from the others. */
export function runTitle(run: Run, all: Run[]): string {
  const differs = (key: 'variant' | 'repeat' | 'seed'): boolean => all.some((other) => other[key] !== run[key])
  return [differs('variant') ? run.variant : '', run.set, differs('repeat') ? `repeat ${run.repeat}` : '', differs('seed') ? `seed ${run.seed}` : ''].filter(Boolean).join(', ')
}

/** Places of the runs that are shown: those that were chosen and exist, else the best one and the first others, three at most. */
export function shownRuns(chosen: string[], runs: Run[]): number[] {
  const found = runs.map((_, n) => n).filter((n) => chosen.includes(runKey(runs[n], runs)))
  if (found.length) return found
  const best = Math.max(0, runs.findIndex((run) => run.best))
  return runs.length ? [best, ...runs.map((_, n) => n).filter((n) => n !== best)].slice(0, 3).sort((a, b) => a - b) : []
}

/** Whether the patient is shown; fold and right or wrong are asked of run `by`. */
export function isShown(patient: Patient, filter: Filter, by: number): boolean {
  const saying = patient.runs[by]
  if (filter.truth && patient.truth !== filter.truth) return false
  if (filter.fold >= 0 && saying?.fold !== filter.fold) return false
  return !filter.right || saying?.right === (filter.right === 'right')
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
