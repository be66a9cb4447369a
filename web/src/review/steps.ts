// What can be undone: changes of the mask together with the list of lesions before and after. Pure.

import { redoChange, undoChange, type Change } from './mask.ts'

export interface LesionDraft {
  id: number
  /** Null: as the program's probabilities have it. */
  class: string | null
}

export interface Step {
  /** In the order they were made. */
  changes: Change[]
  before: LesionDraft[]
  after: LesionDraft[]
}

const kMost = 200

export class Steps {
  private done_: Step[] = []
  private undone_: Step[] = []

  push(step: Step): void {
    this.done_.push(step)
    if (this.done_.length > kMost) this.done_.shift()
    this.undone_ = []
  }

  /** The lesions as they were; null when there is nothing to undo. */
  undo(mask: Uint8Array): LesionDraft[] | null {
    const step = this.done_.pop()
    if (!step) return null
    for (const change of [...step.changes].reverse()) undoChange(mask, change)
    this.undone_.push(step)
    return step.before
  }

  redo(mask: Uint8Array): LesionDraft[] | null {
    const step = this.undone_.pop()
    if (!step) return null
    for (const change of step.changes) redoChange(mask, change)
    this.done_.push(step)
    return step.after
  }

  get canUndo(): boolean {
    return this.done_.length > 0
  }

  get canRedo(): boolean {
    return this.undone_.length > 0
  }
}
