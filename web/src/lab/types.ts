// The laboratory's interface, as src/lab answers it.

import type { View } from '../api/types.ts'

export type TaskState = 'done' | 'running' | 'failed' | 'blocked' | 'waiting'

export interface Method {
  variant: string
  set: string
  repeat: number
  seed: number
}

export interface Task extends Method {
  index: number
  kind: 'member' | 'run' | 'final'
  folds: number[]
  folder: string
  state: TaskState
  reason: string
  seconds: number
}

export interface Overview {
  name: string
  folder: string
  dataset: string
  problem: string
  version: string
  intended_use: string
  tasks: Task[]
  figures: { revision: number; computing: boolean; problem: string }
}

export interface Curve extends Method {
  task: number
  folds: number[]
  problem: string
  iteration: number[]
  loss: (number | null)[]
  soft_dice: (number | null)[]
}

/** A figure of the report: `text` as its table has it. */
export interface Figure {
  value: number | null
  low: number | null
  high: number | null
  text: string
}

export interface Run extends Method {
  channels: string[]
  best: boolean
}

export interface Table {
  title: string
  columns: string[]
  /** One for each run. */
  rows: Figure[][]
}

export interface Roc {
  area: Figure
  positives: number
  negatives: number
  said: [number | null, number | null] | null
  /** At the least specificities that the report names, with those that were reached. */
  at_specificity: { specificity: number; reached: number | null; threshold: number | null; sensitivity: Figure }[]
  x: number[]
  y: number[]
  threshold: (number | null)[]
  /** Places in `patients` of those who are called positive from this threshold on. */
  patients: number[][]
}

export interface Bin {
  low: number
  high: number
  n: number
  predicted: number | null
  observed: number | null
  interval: [number | null, number | null]
  patients: number[]
}

export interface Saying {
  said: string
  p: number[] | null
  right: boolean | null
  dice: number | null
  fold: number
}

export interface Patient {
  id: string
  cases: string[]
  truth: string
  columns: Record<string, string>
  /** One for each run; null where the run has not tested the patient. */
  runs: (Saying | null)[]
}

export interface Results {
  revision: number
  classes: string[]
  labels_are: 'diagnoses' | 'parts'
  synthetic: boolean
  runs: Run[]
  /** Finished tasks whose files are not those that result.json was written for. */
  left_out: { what: string; reason: string }[]
  tables: Table[]
  pairs: { measure: string; problem: string; rows: { name: string; difference: Figure; p: string; p_holm: string }[] }
  roc: Roc[][]
  calibration: { n: number; without: number; bins: Bin[] }[]
  patients: Patient[]
}

export interface Prediction {
  run: number
  volume: string
  lesions: { id: number; volume_ml: number; long_axis_mm: number; slice: number; peak_score: number }[]
  /** Why there are no lesions, or "". */
  problem: string
}

export interface CaseImages {
  case: string
  /** Of the figures in which `predictions` name runs by their places; 0: of none. */
  revision: number
  has_reference: boolean
  view: View
  predictions: Prediction[]
}
