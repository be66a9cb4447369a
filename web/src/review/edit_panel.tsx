// The edit beside the images: answer, lesions, brush, reason, save.

import { useState } from 'preact/hooks'
import type { Session, Study, Verdict } from '../api/types.ts'
import { tell } from '../base/announce.tsx'
import { classTitle } from '../base/class_words.ts'
import { fixed } from '../base/format.ts'
import { useStore } from '../base/store.ts'
import { lesionColour } from '../viewer/colours.ts'
import type { Tool } from '../viewer/display.ts'
import { lesionPlace, voxelVolume_ml } from '../viewer/lesion_places.ts'
import type { Scene } from '../viewer/scene.ts'
import { kBrush_mm, unfitReason, type Editor } from './editor.ts'
import { packMask } from './encode.ts'
import { sendReview } from './send.ts'

interface Props {
  scene: Scene
  editor: Editor
  study: Study
  session: Session
  onSaved: (version: string) => void
  onLook: () => void
  onDiscard: () => void
}

const kAnswers: [Verdict, string][] = [
  ['indeterminate', 'Indeterminate'],
  ['no_tumour_found', 'No tumour found'],
]

function Answer({ editor, classes }: { editor: Editor; classes: string[] }) {
  const { verdict, class: name, saving } = useStore(editor.state)
  const choices: [string, string, boolean, () => void][] = [
    ...classes.map((c): [string, string, boolean, () => void] => [c, classTitle(c), verdict === 'class' && name === c, () => editor.setAnswer({ verdict: 'class', class: c })]),
    ...kAnswers.map(([v, title]): [string, string, boolean, () => void] => [v, title, verdict === v, () => editor.setAnswer({ verdict: v, class: null })]),
  ]
  return (
    <fieldset class="answers" disabled={saving}>
      <legend>Answer</legend>
      {choices.map(([value, title, checked, choose]) => (
        <label>
          <input type="radio" name="answer" value={value} checked={checked} onChange={choose} />
          {title}
        </label>
      ))}
    </fieldset>
  )
}

function Lesions({ editor, scene, classes }: { editor: Editor; scene: Scene; classes: string[] }) {
  const { lesions, active, counts, saving } = useStore(editor.state)
  const show = (id: number): void => {
    editor.state.update({ active: id })
    const to = lesionPlace(editor.mask, scene.plane, id)
    if (to) scene.viewing.jump([to.column, to.row], to.slice)
  }
  return (
    <fieldset class="edit-lesions" disabled={saving}>
      <legend>Lesions: the brush draws the marked one</legend>
      {lesions.map(({ id, class: name }) => {
        const voxels = counts.get(id) ?? 0
        return (
          <div class={id === active ? 'lesion active' : 'lesion'} data-testid={`edit-lesion-${id}`}>
            <div class="lesion-head">
              <label>
                <input type="radio" name="active-lesion" checked={id === active} onChange={() => show(id)} />
                <span class="swatch" style={{ borderColor: lesionColour(id) }} aria-hidden="true" /> Lesion {id}
              </label>
              <span class="number muted">{voxels ? `${fixed(voxels * voxelVolume_ml(scene.plane), 2)} ml` : 'nothing drawn: left out'}</span>
              <span class="grow" />
              <button type="button" onClick={() => editor.removeLesion(id)} aria-label={`Remove lesion ${id}`}>
                Remove
              </button>
            </div>
            <select aria-label={`Class of lesion ${id}`} value={name ?? ''} onChange={(e) => editor.setLesionClass(id, e.currentTarget.value || null)}>
              <option value="">No class of its own</option>
              {classes.map((c) => (
                <option value={c}>{classTitle(c)}</option>
              ))}
            </select>
          </div>
        )
      })}
      <button type="button" onClick={() => editor.addLesion()} data-testid="new-lesion">
        New lesion
      </button>
    </fieldset>
  )
}

const kTools: [Tool, string][] = [
  ['brush', 'Brush (b)'],
  ['eraser', 'Eraser (x)'],
  ['fill', 'Fill (g)'],
]

function BrushTools({ editor, scene }: { editor: Editor; scene: Scene }) {
  const { brush, canUndo, canRedo, saving } = useStore(editor.state)
  const { tool } = useStore(scene.display)
  return (
    <fieldset class="brush" disabled={saving}>
      <legend>Outline</legend>
      <div class="buttons">
        {kTools.map(([name, title]) => (
          <button type="button" aria-pressed={tool === name} onClick={() => scene.display.update({ tool: name })} data-testid={`tool-${name}`}>
            {title}
          </button>
        ))}
        <button type="button" disabled={!canUndo} onClick={() => editor.undo()} data-testid="undo" title="Ctrl z">
          Undo
        </button>
        <button type="button" disabled={!canRedo} onClick={() => editor.redo()} data-testid="redo" title="Ctrl Shift z">
          Redo
        </button>
      </div>
      <label class="slider">
        Radius {brush.radius_mm} mm
        <input type="range" min={kBrush_mm[0]} max={kBrush_mm[1]} step="0.5" value={brush.radius_mm} onInput={(e) => editor.setBrush({ radius_mm: Number(e.currentTarget.value) })} data-testid="brush-size" />
      </label>
      <label>
        <input type="checkbox" checked={brush.deep} onChange={(e) => editor.setBrush({ deep: e.currentTarget.checked })} data-testid="brush-3d" /> Ball through neighbouring slices (3-D)
      </label>
      <p class="muted">Fill: on another lesion's piece, gives it to the marked lesion; elsewhere, closes what the marked lesion encloses on this slice.</p>
    </fieldset>
  )
}

export function EditPanel({ scene, editor, study, session, onSaved, onLook, onDiscard }: Props) {
  const state = useStore(editor.state)
  const [problem, setProblem] = useState('')
  const unfit = unfitReason(state)

  const save = async (): Promise<void> => {
    editor.hold(true)
    setProblem('')
    try {
      const now = editor.state.value
      const lesions = now.lesions.filter((l) => now.counts.get(l.id))
      const sent = await sendReview(study.id, {
        based_on: editor.based_on,
        decision: 'edit',
        reason: now.reason.trim(),
        verdict: now.verdict,
        class: now.verdict === 'class' ? now.class : null,
        lesions,
        mask: await packMask(editor.mask),
      })
      if (sent.done === 'saved') {
        tell('Saved as a new version.')
        return onSaved(sent.version)
      }
      if (sent.done === 'look') return onLook()
    } catch (error) {
      setProblem(`${error instanceof Error ? error.message : String(error)} The drawing is kept here.`)
    }
    editor.hold(false)
  }

  return (
    <form
      class="edit"
      aria-label="Edit"
      data-testid="edit-panel"
      data-kept={state.kept}
      onSubmit={(e) => {
        e.preventDefault()
        void save()
      }}
    >
      <Answer editor={editor} classes={session.classes} />
      <Lesions editor={editor} scene={scene} classes={session.classes} />
      <BrushTools editor={editor} scene={scene} />
      <label class="stack">
        Reason
        <textarea rows={2} maxLength={2000} disabled={state.saving} value={state.reason} onInput={(e) => editor.setAnswer({ reason: e.currentTarget.value })} data-testid="edit-reason" />
      </label>
      <p class="problem" role="alert">
        {problem || state.keepProblem}
      </p>
      {unfit && <p class="muted">{unfit}</p>}
      <div class="buttons">
        <button type="submit" class="strong" disabled={state.saving || unfit !== ''} data-testid="save-edit">
          {state.saving ? 'Saving …' : `Save as ${session.full_name}`}
        </button>
        <button type="button" disabled={state.saving} onClick={onDiscard} data-testid="discard-edit">
          Discard the edit …
        </button>
      </div>
    </form>
  )
}
