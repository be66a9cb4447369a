// What every chart of the comparison is given. Pure.

import type { Results } from './types.ts'

export interface ChartProps {
  results: Results
  /** Places of runs and of patients. */
  runs: number[]
  patients: Set<number>
  cls: number
  /** Opens one patient, or lists several to choose from. */
  choose: (patients: number[], what: string) => void
}

/** "P012, P034 and 5 others" */
export function named(results: Results, patients: number[]): string {
  const ids = patients.slice(0, 2).map((n) => results.patients[n].id)
  const more = patients.length - ids.length
  return more > 0 ? `${ids.join(', ')} and ${more} ${more === 1 ? 'other' : 'others'}` : ids.join(' and ')
}
