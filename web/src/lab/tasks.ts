// How far tasks are, and what hinders them. Pure.

import type { Overview, Task, TaskState } from './types.ts'

export const kStates: TaskState[] = ['done', 'running', 'failed', 'blocked', 'waiting']

/** Whether asking again soon may tell something new: not when all that is left has failed, or waits for what has. */
export const mayChange = (now: Overview | null): boolean => !now || now.figures.computing || now.tasks.some(({ state }) => state === 'running' || state === 'waiting')

/** Folders of those that cannot start, by why. */
export function blockedBy(tasks: Task[]): [string, string[]][] {
  const reasons = new Map<string, string[]>()
  for (const { state, reason, folder } of tasks) if (state === 'blocked') reasons.set(reason, [...(reasons.get(reason) ?? []), folder])
  return [...reasons]
}
