// The node's interface as JSON carries it: one place for every field's name. Times are seconds since 1970 (UTC).
// All text may come from outside the hospital's control and is only ever shown as text.

export type Role = 'reader' | 'admin'
export type StudyState = 'received' | 'ready' | 'running' | 'sending' | 'done' | 'refused' | 'failed'
export type Verdict = 'class' | 'indeterminate' | 'no_tumour_found' | 'refused' | ''
export type Decision = 'accept' | 'edit' | 'reject'
export type VersionKind = 'analysis' | Decision

export interface Session {
  name: string
  full_name: string
  role: Role
  csrf: string
  node: string
  version: string
  intended_use: string
  idle_s: number
  classes: string[]
}

export interface Patient {
  name: string
  id: string
  birth_date: string
  sex: string
}

export interface Review {
  decision: Decision
  reader: string
  at: number
}

export interface StudyRow {
  id: string
  patient: Patient
  date: string
  description: string
  accession_number: string
  state: StudyState
  reason: string
  instances: number
  arrived: number
  ended: number | null
  running_s?: number | null
  verdict: Verdict
  class: string
  probability: number | null
  class_probabilities: Record<string, number> | null
  tumour_probability: number | null
  lesions: number
  flags: number
  model: string
  review: Review | null
}

export interface Worklist {
  total: number
  counts: Record<StudyState, number>
  studies: StudyRow[]
}

export interface Version {
  id: string
  kind: VersionKind
  at: number
  by: string
  reason: string
  based_on?: string
  state: 'done' | 'waiting' | 'running' | 'failed'
  problem?: string
  superseded?: boolean
}

export interface Lesion {
  id: number
  side?: string
  centre_world_mm?: [number, number, number]
  long_axis_mm?: number | null
  short_axis_mm?: number | null
  volume_ml?: number | null
  slice?: number | null
  adc_mean_um2_s?: number | null
  adc_sd_um2_s?: number | null
  adc_min_um2_s?: number | null
  adc_p10_um2_s?: number | null
  mean_score?: number | null
  class_probabilities?: Record<string, number> | null
  reader_class?: string | null
  drawn_by?: 'program' | 'reader'
}

export interface Flag {
  code?: string
  title?: string
  message?: string
  detail?: string
  remedy?: string
}

export interface DiffusionQuality {
  verdict?: string
  [measure: string]: number | string | null | undefined
}

export interface ChannelSource {
  series_number?: number
  description?: string
  how?: string
  resampled?: string
  coverage?: number
  use?: string
  choice?: { decided_by?: string; points?: number | null; margin?: number | null }
}

export interface Diagnosis {
  verdict: Verdict
  class: string | null
  reason: string
  classes: string[]
  class_probabilities: Record<string, number> | null
  tumour_probability: number | null
  lesions: Lesion[]
  flags: (Flag | string)[]
  date?: string
  model?: { name: string; sha256?: string }
  provenance?: {
    reference?: { series_number?: number; description?: string }
    channels?: Record<string, ChannelSource>
    alignment?: unknown
    notes?: (Flag | string)[]
    diffusion_quality?: DiffusionQuality | null
  }
}

export interface Channel {
  name: string
  title: string
  unit: string
  window: [number, number]
  in_model: boolean
  quantity: boolean
  series_number?: number
  series_description?: string
  bytes?: number
  volume: string
  before?: string | null
}

export interface View {
  size: [number, number, number]
  spacing_mm: [number, number, number]
  slice_axis: 0 | 1 | 2
  channels: Channel[]
  lesions: string
  probability: string | null
}

export interface Series {
  number: number | null
  description: string
  modality: string
  images: number
  weighting: string
  plane: string
  channels: string[]
  why: string
}

export interface ReliabilityPoint {
  predicted: number
  observed: number
  n: number
}

export interface Model {
  name: string
  sha256: string
  contrast_set: string
  channels: string[]
  trained_on: string
  synthetic: boolean
  rule: Record<string, string>
  /** Of the patients its rule was fitted on, or (held_out) of others. Null when that was not recorded. */
  calibration?: { classes: Record<string, ReliabilityPoint[]>; patients: number; held_out?: boolean; dataset?: string } | null
}

export interface Delivery {
  peer: string
  state: string
  reason: string
  version: string
}

export interface Download {
  name: string
  title: string
  bytes?: number
}

// `model` is a name in the worklist's row, and the model's facts here where there is an answer.
export interface Study extends Omit<StudyRow, 'model'> {
  model: Model | string | null
  versions: Version[]
  version: string
  diagnosis: Diagnosis | null
  view: View | null
  series: Series[]
  deliveries: Delivery[]
  downloads: Download[]
  etag: string
}

export interface ReviewRequest {
  based_on: string
  decision: Decision
  reason: string
  verdict?: Verdict
  class?: string | null
  lesions?: { id: number; class: string | null }[]
  mask?: string
}

export interface User {
  name: string
  full_name: string
  role: Role
  disabled: boolean
  created: number
  last_login: number | null
}

export interface AuditEvent {
  at: number
  event: string
  user: string
  address: string
  study: string
  patient: string
  detail: string
}
