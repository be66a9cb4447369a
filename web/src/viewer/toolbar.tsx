// Above the panes: layout, tools, outlines, overlays.

import { useStore } from '../base/store.ts'
import type { Display } from './display.ts'
import { ToolIcon } from './icons.tsx'
import type { Scene } from './scene.ts'

const kTools = [
  ['cross', 'Crosshair and slices (v)'],
  ['window', 'Window and level (w)'],
  ['pan', 'Move the image (m)'],
  ['zoom', 'Zoom (z)'],
  ['distance', 'Distance (d)'],
  ['ellipse', 'Ellipse (e)'],
  ['freehand', 'Freehand region (f)'],
] as const

function Toggle({ label, title, on, opacity, onChange }: { label: string; title: string; on: boolean; opacity: number; onChange: (on: boolean, opacity: number) => void }) {
  return (
    <span class="toggle">
      <button type="button" aria-pressed={on} title={title} onClick={() => onChange(!on, opacity)}>
        {label}
      </button>
      <input type="range" min="0.1" max="1" step="0.05" value={opacity} disabled={!on} aria-label={`${label}: opacity`} onInput={(e) => onChange(on, Number(e.currentTarget.value))} />
    </span>
  )
}

export function Toolbar({ scene }: { scene: Scene }) {
  const display = useStore(scene.display)
  const { outlines, probability, quantity } = display
  const set = (change: Partial<Display>): void => scene.display.update(change)
  const measured = scene.view.channels.find((c) => c.quantity)
  return (
    <div class="toolbar" role="group" aria-label="Image tools">
      <span role="group" aria-label="Number of panes">
        {([1, 2, 4, 6] as const).map((n) => (
          <button type="button" aria-pressed={display.layout === n} aria-label={`${n} ${n === 1 ? 'pane' : 'panes'}`} title={`${n} (${n})`} onClick={() => scene.setLayout(n)}>
            {n}
          </button>
        ))}
      </span>
      <span role="group" aria-label="Tool of the left button">
        {kTools.map(([tool, title]) => (
          <button type="button" aria-pressed={display.tool === tool} aria-label={title} title={title} onClick={() => set({ tool })} data-testid={`tool-${tool}`}>
            <ToolIcon tool={tool} />
          </button>
        ))}
      </span>
      <span role="group" aria-label="View">
        <button type="button" title="Fit the image (0)" onClick={() => scene.viewing.fit()}>
          Fit
        </button>
        <button type="button" title="Reset all windows (r)" onClick={() => scene.resetWindows()}>
          Reset W/L
        </button>
      </span>
      <span role="group" aria-label="Outlines">
        <Toggle label="Outlines" title="Lesion outlines (l)" on={outlines.on} opacity={outlines.opacity} onChange={(on, opacity) => set({ outlines: { ...outlines, on, opacity } })} />
        <input
          type="range"
          min="0.5"
          max="4"
          step="0.5"
          value={outlines.width}
          disabled={!outlines.on}
          aria-label="Outlines: width"
          title="Outline width"
          class="short"
          onInput={(e) => set({ outlines: { ...outlines, width: Number(e.currentTarget.value) } })}
        />
      </span>
      <span role="group" aria-label="Overlays">
        {scene.view.probability && <Toggle label="Probability" title="Tumour probability (p)" on={probability.on} opacity={probability.opacity} onChange={(on, opacity) => set({ probability: { on, opacity } })} />}
        {measured && <Toggle label={measured.title} title={`${measured.title} (a)`} on={quantity.on} opacity={quantity.opacity} onChange={(on, opacity) => set({ quantity: { on, opacity } })} />}
      </span>
    </div>
  )
}
