import { useSelected } from '../base/store.ts'
import { Legend } from './legend.tsx'
import { Pane } from './pane.tsx'
import type { Scene } from './scene.ts'
import { Toolbar } from './toolbar.tsx'

export function Viewer({ scene }: { scene: Scene }) {
  const layout = useSelected(scene.display, (display) => display.layout)
  const slice = useSelected(scene.viewing, (sight) => sight.slice)
  return (
    <section class="viewer" aria-label="Images">
      <Toolbar scene={scene} />
      <div class={`panes layout-${layout}`}>
        {Array.from({ length: layout }, (_, index) => (
          <Pane key={index} scene={scene} index={index} />
        ))}
      </div>
      <div class="under">
        <label class="slice-slider">
          <span class="visually-hidden">Slice</span>
          <input
            type="range"
            min="1"
            max={scene.plane.slices}
            value={slice + 1}
            aria-valuetext={`Slice ${slice + 1} of ${scene.plane.slices}`}
            onInput={(e) => scene.viewing.setSlice(Number(e.currentTarget.value) - 1)}
            data-testid="slice-slider"
          />
        </label>
        <Legend scene={scene} />
      </div>
    </section>
  )
}
