// What stands under a tab beside the images.

import type { Lesion, Session, Study } from '../api/types.ts'
import { ask } from '../base/ask.tsx'
import type { SideTab } from '../base/route.ts'
import { Decide } from '../review/decide.tsx'
import { EditPanel } from '../review/edit_panel.tsx'
import type { Editing } from '../review/use_editing.ts'
import type { Scene } from '../viewer/scene.ts'
import { Files } from './files.tsx'
import { Findings } from './findings.tsx'
import { History } from './history.tsx'
import { Why } from './why.tsx'

interface Props {
  tab: SideTab
  study: Study
  session: Session
  scene: Scene | null
  editing: Editing
  /** The outlines of the version that is shown are there. */
  ready: boolean
  compared: string | null
  onJump: (lesion: Lesion) => void
  onEdit: () => void
  onShow: (version: string | null) => void
  onReload: () => void
  onAwait: (version: string) => void
  onEnd: (keep: boolean) => Promise<void>
  onCompare: (version: string | null) => void
}

const askDiscard = async (): Promise<boolean> =>
  (await ask('Discard the edit?', ['What was drawn and chosen since the edit began is lost.'], [
    { id: 'discard', label: 'Discard', danger: true },
    { id: 'stay', label: 'Keep editing' },
  ])) === 'discard'

function ReviewPanel({ study, session, scene, editing, ready, onEdit, onShow, onReload, onAwait, onEnd }: Props) {
  if (editing.editor && scene)
    return (
      <EditPanel
        scene={scene}
        editor={editing.editor}
        study={study}
        session={session}
        onSaved={(version) => void onEnd(false).then(() => onAwait(version))}
        onLook={() => void onEnd(true).then(() => onShow(null))}
        onDiscard={() => void askDiscard().then((sure) => (sure ? onEnd(false) : undefined))}
      />
    )
  if (!study.diagnosis) return <p class="muted">There is nothing to review yet.</p>
  return <Decide study={study} session={session} onEdit={scene && ready ? onEdit : null} onChanged={(what) => (what === 'look' ? onShow(null) : onReload())} />
}

export function Panel(props: Props) {
  const { tab, study, session, scene, compared, onJump, onShow, onCompare } = props
  if (tab === 'why') return <Why study={study} scene={scene} />
  if (tab === 'review') return <ReviewPanel {...props} />
  if (tab === 'history') return <History study={study} compared={compared} onShow={onShow} onCompare={onCompare} />
  if (tab === 'files') return <Files study={study} />
  return <Findings study={study} scene={scene} session={session} onJump={scene ? onJump : null} />
}
