// Said above the images: an older version, an edit that waits or is under way.

import type { Study } from '../api/types.ts'
import { dateTime } from '../base/format.ts'
import type { Editing } from '../review/use_editing.ts'
import { hasOutlines, kKindWords } from './history.tsx'

export function OlderVersion({ study, onLatest }: { study: Study; onLatest: () => void }) {
  const latest = study.versions.filter(hasOutlines).at(-1)
  if (!latest || latest.id === study.version) return null
  return (
    <p class="banner" role="status" data-testid="older-version">
      There is a newer version than the one shown: {kKindWords[latest.kind].toLowerCase()} by {latest.by}, {dateTime(latest.at)}.
      <button type="button" onClick={onLatest}>
        Show the latest
      </button>
    </p>
  )
}

export function EditBanner({ editing, onPanel, onResume }: { editing: Editing; onPanel: () => void; onResume: () => void }) {
  if (editing.editor)
    return (
      <p class="banner editing" data-testid="editing">
        <strong>Editing</strong> Your changes are not saved yet.
        <button type="button" onClick={onPanel}>
          To the edit
        </button>
      </p>
    )
  if (!editing.draft) return null
  return (
    <p class="banner" role="status" data-testid="draft">
      You have an unsaved edit of {dateTime(editing.draft.at)}.
      <button type="button" onClick={onResume} data-testid="resume-draft">
        Go on with it
      </button>
      <button type="button" onClick={editing.dropDraft} data-testid="drop-draft">
        Discard it
      </button>
    </p>
  )
}
