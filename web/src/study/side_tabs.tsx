// The tabs beside the images, as ARIA wants tabs: arrows move among them, Tab goes into the panel.

import type { ComponentChildren } from 'preact'
import { kSideTabs, type SideTab } from '../base/route.ts'

const kTitles: Record<SideTab, string> = { findings: 'Findings', why: 'Why', review: 'Review', history: 'Versions', files: 'Files' }

export function SideTabs({ tab, onTab, children }: { tab: SideTab; onTab: (tab: SideTab) => void; children: ComponentChildren }) {
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const next = kSideTabs[(kSideTabs.indexOf(tab) + step + kSideTabs.length) % kSideTabs.length]
    onTab(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <>
      <div role="tablist" aria-label="About this study" class="tabs" onKeyDown={move}>
        {kSideTabs.map((t) => (
          <button type="button" role="tab" id={`tab-${t}`} aria-selected={t === tab} aria-controls="side-panel" tabIndex={t === tab ? 0 : -1} onClick={() => onTab(t)}>
            {kTitles[t]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="side-panel" aria-labelledby={`tab-${tab}`} class="side-panel" tabIndex={0}>
        {children}
      </div>
    </>
  )
}
