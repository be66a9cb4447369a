// Readers' versions, with the node's own checks: who was first, and whether mask and list of lesions fit.

import { gunzipSync } from 'node:zlib'
import type { Diagnosis, Lesion, ReviewRequest, Session, StudyRow, Version } from '../src/api/types.ts'
import type { MockStudy } from './studies.ts'
import { lesionMask } from './volumes.ts'

/** How long the DICOM objects of an edit take. */
const kWriting_ms = 700

export interface Answer {
  status: number
  body: object
}

/** The mask of a version: the nearest edit at or before it, or the program's. */
export function maskOf(study: MockStudy, version: string): Uint8Array {
  return study.edits.get(version)?.mask ?? lesionMask(study.phantom)
}

export const shownVersion = (study: MockStudy): string => study.versions.filter((v) => (v.kind === 'analysis' || v.kind === 'edit') && v.state === 'done').at(-1)?.id ?? ''

export const diagnosisOf = (study: MockStudy, version: string): Diagnosis | null => study.edits.get(version)?.diagnosis ?? study.diagnosis

function lesionsOf(study: MockStudy, request: ReviewRequest, mask: Uint8Array): Lesion[] {
  const before = diagnosisOf(study, request.based_on)?.lesions ?? []
  const voxel_ml = study.phantom.geometry.spacing_mm.reduce((a, b) => a * b) / 1000
  const same = Buffer.compare(mask, maskOf(study, request.based_on)) === 0
  return (request.lesions ?? []).map(({ id, class: reader_class }) => {
    const known = before.find((l) => l.id === id)
    const volume_ml = mask.reduce((n, v) => n + (v === id ? 1 : 0), 0) * voxel_ml
    const slice = Math.floor(mask.indexOf(id) / (study.phantom.geometry.size[0] * study.phantom.geometry.size[1]))
    return { ...(known ?? { slice }), id, volume_ml, reader_class, drawn_by: known && same ? 'program' : 'reader', class_probabilities: same ? (known?.class_probabilities ?? null) : null }
  })
}

function unfit(study: MockStudy, request: ReviewRequest, mask: Uint8Array): string {
  if (mask.length !== lesionMask(study.phantom).length) return 'The mask has another size than the images.'
  const drawn = [...new Set(mask)].filter(Boolean).sort((a, b) => a - b)
  const listed = (request.lesions ?? []).map((l) => l.id).sort((a, b) => a - b)
  return drawn.join() === listed.join() ? '' : `The mask holds lesions ${drawn.join(', ') || 'none'}, the list ${listed.join(', ') || 'none'}.`
}

const kReviewed = { accept: 'accept', edit: 'edit', reject: 'reject' } as const

export function postReview(study: MockStudy, request: ReviewRequest, reader: Session, now: number): Answer {
  const onScreen = study.versions.findIndex((v) => v.id === request.based_on)
  const newer = study.versions.slice(onScreen + 1).filter((v) => v.by !== reader.full_name).at(-1)
  if (onScreen < 0) return { status: 409, body: { error: 'The study has been analysed anew meanwhile' } }
  if (newer) return { status: 409, body: { error: `${newer.by} has made a newer version meanwhile.`, by: newer.by, at: newer.at, decision: newer.kind } }
  if (request.decision !== 'accept' && !request.reason.trim()) return { status: 400, body: { error: 'A reason is needed.' } }
  const id = String(study.versions.length + 6)
  if (request.decision === 'edit') {
    const mask = new Uint8Array(gunzipSync(Buffer.from(request.mask ?? '', 'base64')))
    const problem = unfit(study, request, mask)
    if (problem) return { status: 422, body: { error: problem } }
    const before = diagnosisOf(study, request.based_on) as Diagnosis
    const lesions = lesionsOf(study, request, mask)
    const changed = Buffer.compare(mask, maskOf(study, request.based_on)) !== 0
    const diagnosis: Diagnosis = { ...before, verdict: request.verdict ?? '', class: request.class ?? null, lesions, class_probabilities: changed ? null : before.class_probabilities, reason: request.reason }
    study.edits.set(id, { mask, diagnosis })
  }
  const version: Version = { id, kind: kReviewed[request.decision], at: now, by: reader.full_name, reason: request.reason, based_on: request.based_on, state: request.decision === 'edit' ? 'running' : 'done', problem: '', superseded: false }
  study.versions.push(version)
  setTimeout(() => (version.state = 'done'), kWriting_ms).unref()
  study.row = { ...study.row, review: { decision: request.decision, reader: reader.full_name, at: now } } satisfies StudyRow
  return { status: 201, body: { version: id } }
}
