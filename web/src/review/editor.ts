// One edit while it is being made: the mask, the lesions, the answer, undo, and the draft that is kept after every step.

import type { Study, Verdict } from '../api/types.ts'
import { Store } from '../base/store.ts'
import { indexOf, isInside, type Point } from '../viewer/grid.ts'
import { voxelCounts } from '../viewer/lesion_places.ts'
import type { Painter, Scene } from '../viewer/scene.ts'
import { keepDraft, type Draft } from './drafts.ts'
import { fromRuns, toRuns } from './encode.ts'
import { holesOf, paint, pieceAt, sweep, dab, type Brush, type Change } from './mask.ts'
import { Steps, type LesionDraft } from './steps.ts'

export interface EditState {
  lesions: LesionDraft[]
  /** The lesion that the brush draws. */
  active: number
  verdict: Verdict
  class: string | null
  reason: string
  brush: Brush
  counts: Map<number, number>
  canUndo: boolean
  canRedo: boolean
  /** Something differs from the version it began with. */
  dirty: boolean
  /** The browser has written down all of it: a reload would lose nothing. */
  kept: boolean
  /** It is on its way to the node: what were drawn now would be lost. */
  saving: boolean
  /** Why drafts cannot be kept here; '' when they are. */
  keepProblem: string
}

export const kBrush_mm = [1, 30] as const
const kMostLesions = 255

interface Stroke {
  tool: 'brush' | 'eraser' | 'fill'
  slice: number
  last: Point
  changes: Change[]
}

export class Editor implements Painter {
  readonly state: Store<EditState>
  readonly based_on: string
  readonly mask: Uint8Array
  private readonly scene_: Scene
  private readonly reader_: string
  private readonly steps_ = new Steps()
  private stroke_: Stroke | null = null
  private kept_: Promise<void> = Promise.resolve()
  private closed_ = false

  constructor(scene: Scene, study: Study, reader: string, draft: Draft | null) {
    this.scene_ = scene
    this.reader_ = reader
    this.based_on = draft?.based_on ?? study.version
    const drawn = draft && draft.voxels === scene.layers.value[0].mask.length ? fromRuns(draft.runs, draft.voxels) : null
    this.mask = drawn ?? scene.layers.value[0].mask
    const told = (study.diagnosis?.lesions ?? []).map((l) => ({ id: l.id, class: l.reader_class ?? null }))
    const lesions = (drawn && draft?.lesions) || told
    const verdict = study.diagnosis?.verdict ?? 'class'
    this.state = new Store<EditState>({
      lesions,
      active: draft?.active ?? lesions[0]?.id ?? 0,
      verdict: draft?.verdict ?? (verdict === 'refused' ? '' : verdict),
      class: draft?.class ?? study.diagnosis?.class ?? null,
      reason: draft?.reason ?? '',
      brush: { radius_mm: 3, deep: false },
      counts: voxelCounts(this.mask),
      canUndo: false,
      canRedo: false,
      dirty: draft !== null,
      kept: true,
      saving: false,
      keepProblem: '',
    })
    scene.painter.set(this)
    this.show()
  }

  radius_mm(): number {
    return this.state.value.brush.radius_mm
  }

  private show(): void {
    const [first, ...others] = this.scene_.layers.value
    this.scene_.layers.set([{ ...first, mask: this.mask, revision: first.revision + 1 }, ...others])
  }

  /** While it is being saved nothing changes it. */
  hold(saving: boolean): void {
    if (saving) this.end()
    this.state.update({ saving })
  }

  begin(at: Point, slice: number, tool: Stroke['tool']): void {
    if (this.state.value.saving) return
    if (tool === 'brush' && !this.state.value.lesions.some((l) => l.id === this.state.value.active)) this.addLesion()
    this.stroke_ = { tool, slice, last: at, changes: [] }
    if (tool === 'fill') this.fill(at, slice)
    else this.touch(dab(this.scene_.plane, at, slice, this.state.value.brush))
  }

  to(at: Point): void {
    const { stroke_: stroke } = this
    if (!stroke || stroke.tool === 'fill') return
    this.touch(sweep(this.scene_.plane, stroke.last, at, stroke.slice, this.state.value.brush))
    stroke.last = at
  }

  /** The brush leaves other lesions alone; the eraser takes whatever is drawn. */
  private touch(voxels: Set<number>): void {
    const brush = this.stroke_?.tool === 'brush'
    const change = paint(this.mask, voxels, brush ? this.state.value.active : 0, brush ? (before) => before === 0 : undefined)
    if (!change) return
    this.stroke_?.changes.push(change)
    this.show()
  }

  /** On a piece: the whole of it becomes the active lesion's. Elsewhere: what the active lesion encloses on this slice is filled. */
  private fill([column, row]: Point, slice: number): void {
    const { plane } = this.scene_
    const [c, r] = [Math.floor(column), Math.floor(row)]
    if (!isInside(plane, c, r)) return
    const { active } = this.state.value
    const at = indexOf(plane, c, r, slice)
    const voxels = this.mask[at] && this.mask[at] !== active ? pieceAt(this.mask, plane, at) : holesOf(this.mask, plane, slice, active)
    const change = paint(this.mask, voxels, active)
    if (change) this.stroke_?.changes.push(change)
    this.show()
  }

  end(): void {
    const changes = this.stroke_?.changes ?? []
    this.stroke_ = null
    if (changes.length) this.step(changes, this.state.value.lesions)
  }

  private step(changes: Change[], after: LesionDraft[]): void {
    this.steps_.push({ changes, before: this.state.value.lesions, after })
    this.settle(after)
  }

  private settle(lesions: LesionDraft[]): void {
    const { active } = this.state.value
    this.state.update({
      lesions,
      active: lesions.some((l) => l.id === active) ? active : (lesions[0]?.id ?? 0),
      counts: voxelCounts(this.mask),
      canUndo: this.steps_.canUndo,
      canRedo: this.steps_.canRedo,
      dirty: true,
    })
    this.keep()
  }

  undo(): void {
    if (this.state.value.saving) return
    this.end()
    const lesions = this.steps_.undo(this.mask)
    if (!lesions) return
    this.show()
    this.settle(lesions)
  }

  redo(): void {
    if (this.state.value.saving) return
    const lesions = this.steps_.redo(this.mask)
    if (!lesions) return
    this.show()
    this.settle(lesions)
  }

  addLesion(): void {
    const { lesions } = this.state.value
    const used = new Set([...lesions.map((l) => l.id), ...this.state.value.counts.keys()])
    const id = Array.from({ length: kMostLesions }, (_, n) => n + 1).find((n) => !used.has(n))
    if (!id) return
    this.step([], [...lesions, { id, class: null }])
    this.state.update({ active: id })
  }

  removeLesion(id: number): void {
    const voxels: number[] = []
    this.mask.forEach((value, at) => value === id && voxels.push(at))
    const change = paint(this.mask, voxels, 0)
    this.show()
    this.step(change ? [change] : [], this.state.value.lesions.filter((l) => l.id !== id))
  }

  setLesionClass(id: number, name: string | null): void {
    this.step([], this.state.value.lesions.map((l) => (l.id === id ? { ...l, class: name } : l)))
  }

  /** The answer for the whole patient, and the reason. */
  setAnswer(change: Partial<Pick<EditState, 'verdict' | 'class' | 'reason'>>): void {
    this.state.update({ ...change, dirty: true })
    this.keep()
  }

  setBrush(change: Partial<Brush>): void {
    const brush = { ...this.state.value.brush, ...change }
    brush.radius_mm = Math.max(kBrush_mm[0], Math.min(kBrush_mm[1], brush.radius_mm))
    this.state.update({ brush })
    this.show()
  }

  private keep(): void {
    if (this.closed_) return
    const { lesions, active, verdict, class: name, reason } = this.state.value
    const draft: Draft = { based_on: this.based_on, at: Date.now() / 1000, voxels: this.mask.length, runs: toRuns(this.mask), lesions, active, verdict, class: name, reason }
    this.state.update({ kept: false })
    const keeping = keepDraft(this.reader_, this.scene_.id, draft).then(
      () => {
        if (this.kept_ === keeping) this.state.update({ kept: true })
      },
      (error: unknown) => {
        this.state.update({ keepProblem: `This browser keeps no drafts: a reload would lose the drawing (${String(error)}).` })
      },
    )
    this.kept_ = keeping
  }

  /** Ends the edit; the draft stays where it is. Resolves when nothing more is being written. */
  async close(): Promise<void> {
    this.closed_ = true
    this.scene_.painter.set(null)
    if (['brush', 'eraser', 'fill'].includes(this.scene_.display.value.tool)) this.scene_.display.update({ tool: 'cross' })
    await this.kept_
  }
}

/** Why it cannot be saved as it is; '' when it can. Lesions without a voxel are left out by themselves. */
export function unfitReason({ lesions, counts, verdict, class: name, reason }: EditState): string {
  const drawn = lesions.filter((l) => counts.get(l.id)).length
  if (verdict === '') return 'Choose an answer.'
  if (verdict === 'class' && !name) return 'Choose a class.'
  if (verdict === 'class' && drawn === 0) return 'A class needs a lesion: draw one, or choose another answer.'
  if (verdict === 'no_tumour_found' && drawn > 0) return 'No tumour was found, but lesions are drawn: remove them, or choose another answer.'
  if (!reason.trim()) return 'Give a reason.'
  return ''
}
