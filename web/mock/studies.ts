// Studies that show what a page must be able to say: every state, every verdict, flags, alignment, a model that was calibrated.

import type { Channel, Diagnosis, Lesion, Model, Series, StudyRow, StudyState, Verdict, Version } from '../src/api/types.ts'
import { kAxial, kCoronal, type Ellipsoid, type Geometry, type Phantom } from './volumes.ts'

export const kClasses = ['warthin', 'pleomorphic', 'malignant']
export const kStart = 1_790_000_000

export interface MockStudy {
  row: StudyRow
  phantom: Phantom
  diagnosis: Diagnosis | null
  versions: Version[]
  /** What each edit holds. */
  edits: Map<string, { mask: Uint8Array; diagnosis: Diagnosis }>
  series: Series[]
  model: Model
}

const kLeft: Ellipsoid = { id: 1, centre: [97, 68, 11], radii: [9, 7, 2.6], adc_um2_s: 1000 }
const kRight: Ellipsoid = { id: 2, centre: [31, 72, 8], radii: [6, 6, 1.6], adc_um2_s: 1600 }

export const phantomOf = (geometry: Geometry, two: boolean): Phantom => ({ geometry, lesions: two ? [kLeft, kRight] : [kLeft] })

export function worldRas({ affine }: Geometry, voxel: [number, number, number]): [number, number, number] {
  const row = (r: number[]): number => r[0] * voxel[0] + r[1] * voxel[1] + r[2] * voxel[2] + r[3]
  return [row(affine[0]), row(affine[1]), row(affine[2])]
}

// World is LPS in diagnosis.json, RAS in NIfTI.
function lesionOf(e: Ellipsoid, geometry: Geometry, probabilities: Record<string, number>): Lesion {
  const [r, a, s] = worldRas(geometry, e.centre)
  const [sx, sy, sz] = geometry.spacing_mm
  return {
    id: e.id,
    side: r < 0 ? 'left' : 'right',
    centre_world_mm: [-r, -a, s],
    long_axis_mm: 2 * Math.max(e.radii[0] * sx, e.radii[1] * sy),
    short_axis_mm: 2 * Math.min(e.radii[0] * sx, e.radii[1] * sy),
    volume_ml: ((4 / 3) * Math.PI * e.radii[0] * sx * e.radii[1] * sy * e.radii[2] * sz) / 1000,
    slice: e.centre[geometry.slice_axis],
    adc_mean_um2_s: e.adc_um2_s,
    adc_sd_um2_s: 110,
    adc_min_um2_s: e.adc_um2_s * 0.62,
    adc_p10_um2_s: e.adc_um2_s * 0.87,
    mean_score: 0.9,
    class_probabilities: probabilities,
    reader_class: null,
    drawn_by: 'program',
  }
}

export function channelsOf(geometry: Geometry): Channel[] {
  const channel = (name: string, window: [number, number], number: number, series: string, more: Partial<Channel> = {}): Channel => ({
    name,
    title: name,
    unit: '',
    window,
    in_model: false,
    quantity: false,
    series_number: number,
    series_description: series,
    bytes: geometry.size[0] * geometry.size[1] * geometry.size[2],
    volume: name,
    before: null,
    ...more,
  })
  return [
    channel('T2', [0, 720], 2, 'T2 assiale'),
    channel('T1C', [0, 800], 8, 'T1 assiale FS dopo mdc'),
    channel('B0', [0, 700], 4, 'DWI assiale b0', { in_model: true, title: 'b 0', before: 'B0-before' }),
    channel('B1000', [0, 380], 4, 'DWI assiale b1000', { in_model: true, title: 'b 1000', before: 'B1000-before' }),
    channel('ADC', [0, 3000], 7, 'Mappa ADC', { in_model: true, quantity: true, unit: 'µm²/s', before: 'ADC-before' }),
  ]
}

const kSeries: Series[] = [
  { number: 1, description: 'Localizer', modality: 'MR', images: 9, weighting: 'unknown', plane: 'three planes', channels: [], why: 'Not used: nine images in three planes are a localiser.' },
  { number: 2, description: 'T2 assiale', modality: 'MR', images: 20, weighting: 'T2', plane: 'axial', channels: ['T2'], why: 'Chosen for T2: TE 94 ms, TR 4424 ms; its grid is the reference.' },
  { number: 3, description: 'T1 assiale', modality: 'MR', images: 20, weighting: 'T1', plane: 'axial', channels: [], why: 'Not used: the model reads no plain T1, and the series after contrast agent is shown instead.' },
  { number: 4, description: 'DWI assiale b0', modality: 'MR', images: 40, weighting: 'diffusion', plane: 'axial', channels: ['B0', 'B1000'], why: 'Chosen for b 0 and b 1000: the only measured diffusion series; 57 points ahead of none.' },
  { number: 7, description: 'Mappa ADC', modality: 'MR', images: 20, weighting: 'ADC', plane: 'axial', channels: ['ADC'], why: "Chosen for ADC: the vendor's map agrees with the fit of the diffusion images (r = 1.00, slope 1.00)." },
  { number: 8, description: 'T1 assiale FS dopo mdc', modality: 'MR', images: 20, weighting: 'T1 with contrast agent', plane: 'axial', channels: ['T1C'], why: 'Shown only: T1-weighted after Gadovist; the model does not read it.' },
]

const kModel: Model = {
  name: 'parotis-synthetic-0.2',
  sha256: 'cacdc6c2eefcfaae09047cfc8b8df00007ccd85d6c5535f9fec3f4accffbac85',
  contrast_set: 'diffusion',
  channels: ['B0', 'B1000', 'ADC'],
  trained_on: 'synthetic-parotid, 600 patients',
  synthetic: true,
  rule: { 'Lesions count from': 'score 0.50, 0.05 ml', 'Left open below': 'probability 0.45', 'Fitted on': '200 other synthetic patients' },
  calibration: {
    patients: 200,
    dataset: 'synthetic-parotid',
    classes: {
      warthin: [0.1, 0.3, 0.5, 0.7, 0.9].map((p, at) => ({ predicted: p, observed: p + [0.02, -0.03, 0.05, 0.02, -0.04][at], n: 20 + 9 * at })),
      pleomorphic: [0.1, 0.3, 0.5, 0.7, 0.9].map((p, at) => ({ predicted: p, observed: p + [-0.01, 0.04, 0.01, -0.06, 0.01][at], n: 50 - 6 * at })),
      malignant: [0.1, 0.3, 0.5, 0.7].map((p, at) => ({ predicted: p, observed: p + [0.03, -0.02, -0.08, 0.04][at], n: 60 - 13 * at })),
    },
  },
}

interface Draft {
  state: StudyState
  verdict: Verdict
  class?: string
  p?: [number, number, number]
  two?: boolean
  flags?: Diagnosis['flags']
  reason?: string
  geometry?: Geometry
}

const kShift = {
  code: 'alignment_uncertain',
  message: 'Between b 0 and T2 there is a shift of 2.1 mm that no correction explained; the outlines may be off by as much. Compare the outline with T2 before you rely on its size.',
}
const kNoise = { code: 'low_signal', message: 'Signal to noise is 5 at b 1000; ADC may be biased towards low values.' }

const kDrafts: Draft[] = [
  { state: 'done', verdict: 'class', class: 'warthin', p: [0.55, 0.08, 0.37], flags: [kShift, kNoise] },
  { state: 'done', verdict: 'class', class: 'malignant', p: [0.1, 0.12, 0.78], two: true },
  { state: 'done', verdict: 'class', class: 'pleomorphic', p: [0.02, 0.96, 0.02] },
  { state: 'done', verdict: 'indeterminate', p: [0.36, 0.31, 0.33], flags: [kNoise] },
  { state: 'done', verdict: 'no_tumour_found' },
  { state: 'refused', verdict: 'refused', reason: 'The study has no diffusion images: b 0 and b 1000 are needed and no series holds them.' },
  { state: 'failed', verdict: '', reason: 'The analysis ended without an answer three times; the log of the node says why.' },
  { state: 'running', verdict: '' },
  { state: 'ready', verdict: '' },
  { state: 'done', verdict: 'class', class: 'pleomorphic', p: [0.1, 0.8, 0.1], geometry: kCoronal },
]

const kNames = ['Rossi^Anna', 'Bianchi^Carlo', "D'Amico^Lucia", 'Müller^Jürgen^Peter', 'Nowak^Zofia', 'García^María José', 'Okafor^Chidi', 'Tanaka^Yuki', 'Smith^John', 'Ødegaard^Siri']

const idOf = (n: number): string => (0x3f9a0000 + n * 7919).toString(16)

function diagnosisOf(draft: Draft, phantom: Phantom): Diagnosis {
  const probabilities = draft.p ? Object.fromEntries(kClasses.map((name, at) => [name, draft.p?.[at] ?? 0])) : null
  const lesions = probabilities ? phantom.lesions.map((e) => lesionOf(e, phantom.geometry, probabilities)) : []
  return {
    verdict: draft.verdict,
    class: draft.class ?? null,
    reason: draft.class ? `${draft.class} is the likeliest class in the ${phantom.lesions.length === 1 ? 'one lesion' : 'two lesions'} found.` : (draft.reason ?? ''),
    classes: kClasses,
    class_probabilities: probabilities,
    tumour_probability: probabilities ? 0.9 : 0.04,
    lesions,
    flags: draft.flags ?? [],
    date: '2026-03-12 10:18 UTC',
    model: { name: kModel.name, sha256: kModel.sha256 },
    provenance: {
      reference: { series_number: 2, description: 'T2 assiale' },
      channels: {
        B0: { series_number: 4, description: 'DWI assiale b0', how: 'acquired, b 0 s/mm²', resampled: 'linear' },
        ADC: { series_number: 7, description: 'Mappa ADC', how: "the vendor's map; a value means 1 µm²/s, as written", resampled: 'linear' },
      },
      alignment: [{ acquisition: 'DWI', motion: { outcome: 'applied', reason: 'edges fit better by 12 %' }, distortion: { outcome: 'dropped', reason: 'nothing was gained' } }],
      notes: ['Series 3 was not needed.'],
      diffusion_quality: { signal_to_noise: 4.98, ghost: 0.044, lost_slices: 0, shift_between_b_mm: 0, displaced: 0.15, residual: 0, verdict: 'usable' },
    },
  }
}

function rowOf(n: number, draft: Draft, diagnosis: Diagnosis | null): StudyRow {
  const p = diagnosis?.class_probabilities ?? null
  return {
    id: idOf(n),
    patient: { name: kNames[n % kNames.length] + (n >= kNames.length ? ` ${n}` : ''), id: `S88${String(n).padStart(4, '0')}-0001`, birth_date: `19${40 + (n % 50)}0401`, sex: n % 2 ? 'M' : 'F' },
    date: '20260312',
    description: n % 3 ? 'MRI neck' : 'RM collo con e senza mdc',
    accession_number: `A${1000 + n}`,
    state: draft.state,
    reason: draft.reason ?? '',
    instances: 129,
    arrived: kStart - n * 1700,
    ended: ['done', 'refused', 'failed'].includes(draft.state) ? kStart - n * 1700 + 3.2 : null,
    running_s: draft.state === 'running' ? 0.7 : null,
    verdict: draft.verdict,
    class: draft.class ?? '',
    probability: p ? Math.max(...Object.values(p)) : null,
    class_probabilities: p,
    tumour_probability: diagnosis?.tumour_probability ?? null,
    lesions: diagnosis?.lesions.length ?? 0,
    flags: diagnosis?.flags.length ?? 0,
    model: 'shipped',
    review: null,
  }
}

/** Makes the answer a study has when its analysis ends: what a running one turns into. */
export function finish(study: MockStudy, draft: Draft = kDrafts[0]): void {
  study.diagnosis = diagnosisOf(draft, study.phantom)
  const { id, arrived, patient, accession_number, description } = study.row
  study.row = { ...rowOf(0, draft, study.diagnosis), id, arrived, patient, accession_number, description }
  study.versions = [{ id: 'analysis', kind: 'analysis', at: kStart, by: kModel.name, reason: '', state: 'done' }]
}

function studyOf(n: number): MockStudy {
  const draft = kDrafts[n % kDrafts.length]
  const geometry = draft.geometry ?? kAxial
  const phantom: Phantom = geometry === kCoronal ? { geometry, lesions: [{ id: 1, centre: [22, 12, 50], radii: [7, 2, 8], adc_um2_s: 1200 }] } : phantomOf(geometry, draft.two ?? false)
  const answered = draft.state === 'done'
  const diagnosis = answered || draft.state === 'refused' ? diagnosisOf(draft, phantom) : null
  const versions: Version[] = diagnosis ? [{ id: 'analysis', kind: 'analysis', at: kStart - n * 1700 + 3, by: kModel.name, reason: '', state: 'done' }] : []
  return { row: rowOf(n, draft, diagnosis), phantom, diagnosis, versions, edits: new Map(), series: kSeries, model: kModel }
}

export const makeStudies = (count: number): MockStudy[] => Array.from({ length: count }, (_, n) => studyOf(n))
