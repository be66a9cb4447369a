// An edit's life: begun, taken up again after a reload, left with a question, saved or given up.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Session, Study } from '../api/types.ts'
import { ask } from '../base/ask.tsx'
import { dateTime } from '../base/format.ts'
import { setGuard } from '../base/navigation.ts'
import { Store, useStore } from '../base/store.ts'
import type { Layer, Scene } from '../viewer/scene.ts'
import { dropDraft, keptDraft, type Draft } from './drafts.ts'
import { Editor } from './editor.ts'

export interface Editing {
  editor: Editor | null
  /** A draft of an earlier visit that waits to be taken up or dropped. */
  draft: Draft | null
  /** Asks first when a draft waits; `goOn` takes that up. */
  begin: (goOn: (draft: Draft) => void) => Promise<void>
  /** Takes the draft up on the version that is shown. */
  resume: () => void
  dropDraft: () => void
  /** Ends the edit; `keep` leaves its draft. */
  end: (keep: boolean) => Promise<void>
}

const askLeave = (): Promise<string | null> =>
  ask('The edit is not saved', ['You can go on with it later on this machine.'], [
    { id: 'keep', label: 'Leave, keep it for later', strong: true },
    { id: 'discard', label: 'Leave and discard it', danger: true },
    { id: 'stay', label: 'Stay' },
  ])

const askKept = (draft: Draft): Promise<string | null> =>
  ask('You have an unsaved edit of this study', [`It is of ${dateTime(draft.at)}. A new edit would take its place on this machine.`], [
    { id: 'resume', label: 'Go on with it', strong: true },
    { id: 'anew', label: 'Discard it and begin anew', danger: true },
    { id: 'cancel', label: 'Cancel' },
  ])

/** `ready`: the outlines of the version that is shown are in the scene. */
export function useEditing(scene: Scene | null, study: Study | null, session: Session, ready: boolean): Editing {
  const [editor, setEditor] = useState<Editor | null>(null)
  const [draft, setDraft] = useState<Draft | null>(null)
  const current = useRef<Editor | null>(null)
  const id = study?.id ?? ''

  useEffect(() => {
    if (id) void keptDraft(session.name, id).then(setDraft)
  }, [id, session.name])

  const start = (from: Draft | null): void => {
    // A scene that has been left has no outlines.
    if (!scene?.layers.value.length || !study || !ready || current.current) return
    const made = new Editor(scene, study, session.name, from)
    current.current = made
    setEditor(made)
    setDraft(null)
    scene.display.update({ tool: 'brush' })
  }

  // After a question the version that is shown may be another one.
  const startNow = useRef(start)
  startNow.current = start

  const begin = async (goOn: (draft: Draft) => void): Promise<void> => {
    // Read again: another window may have kept one since.
    const kept = await keptDraft(session.name, id)
    setDraft(kept)
    if (kept) {
      const answer = await askKept(kept)
      if (answer === 'resume') return goOn(kept)
      if (answer !== 'anew') return
      await dropDraft(session.name, id).catch(() => {})
    }
    startNow.current(null)
  }

  const end = async (keep: boolean): Promise<void> => {
    const ending = current.current
    current.current = null
    await ending?.close()
    if (!keep) await dropDraft(session.name, id).catch(() => {})
    // Only now: who sees the panel gone may reload or close the page, and must not be offered a draft of what is saved.
    setEditor(null)
    setDraft(keep ? await keptDraft(session.name, id) : null)
  }

  useEffect(() => {
    if (!editor) return
    const guard = async (): Promise<boolean> => {
      // An edit that has just ended holds nobody back, even before the page has drawn that.
      if (current.current !== editor || !editor.state.value.dirty) return true
      const answer = await askLeave()
      if (answer !== 'keep' && answer !== 'discard') return false
      await end(answer === 'keep')
      return true
    }
    const unload = (event: BeforeUnloadEvent): void => {
      if (editor.state.value.dirty) event.preventDefault()
    }
    setGuard(guard)
    addEventListener('beforeunload', unload)
    return () => {
      setGuard(null)
      removeEventListener('beforeunload', unload)
    }
  }, [editor])
  // A scene that goes takes its edit with it; the draft stays.
  useEffect(() => () => void (current.current && end(true)), [scene])

  return {
    editor,
    draft,
    begin,
    resume: () => draft && study && start({ ...draft, based_on: study.version }),
    dropDraft: () => {
      setDraft(null)
      void dropDraft(session.name, id).catch(() => {})
    },
    end,
  }
}

const kNone = new Store<Layer[]>([])

/** True once the layer of `version` is the scene's first. */
export function useLayerReady(scene: Scene | null, version: string): boolean {
  const layers = useStore(scene?.layers ?? kNone)
  return layers[0]?.version === version
}
