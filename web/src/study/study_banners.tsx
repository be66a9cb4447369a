// Said above the images: an older version, an edit that waits or is under way.

import type { Study } from '../api/types.ts'
import { dateTime } from '../base/format.ts'
import type { Editing } from '../review/use_editing.ts'
import { kKindWords, newestShown } from './history.tsx'

export function OlderVersion({ study, onLatest }: { study: Study; onLatest: () => void }) {
  const latest = newestShown(study)
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

/** The study is analysed anew: the node no longer has the version that is shown, the page still does. */
export function VersionGone({ editing, onLatest }: { editing: Editing; onLatest: () => void }) {
  return (
    <p class="banner danger" role="alert" data-testid="version-gone">
      This version is no longer on the node, as happens when new images of the study arrive; nothing can be saved on it.{' '}
      {(editing.editor ?? editing.draft) ? 'What you have drawn is kept on this machine.' : 'What is shown was loaded before.'}
      <button type="button" onClick={onLatest}>
        Show the latest
      </button>
    </p>
  )
}

/** An edit whose DICOM objects the node is still writing, or could not write. */
export function BeingWritten({ study }: { study: Study }) {
  const last = study.versions.at(-1)
  if (last?.kind !== 'edit' || last.state === 'done') return null
  if (last.state === 'failed')
    return (
      <p class="banner danger" role="alert">
        The edit by {last.by} could not be written: {last.problem}
      </p>
    )
  return (
    <p class="banner" role="status" data-testid="being-written">
      The edit by {last.by} is saved; its outlines and DICOM objects are being written.
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
