// What the colours of the overlays mean.

import { useEffect, useRef } from 'preact/hooks'
import { shownUnit, shownValue } from '../base/format.ts'
import { useStore } from '../base/store.ts'
import { colourAt, kMaps, type MapName } from './colours.ts'
import type { Scene } from './scene.ts'

function Scale({ map, title, ends }: { map: MapName; title: string; ends: [string, string] }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!canvas.current || !context) return
    const { width, height } = canvas.current
    context.clearRect(0, 0, width, height)
    for (let x = 0; x < width; x++) {
      const [r, g, b, a] = colourAt(kMaps[map], x / (width - 1))
      context.fillStyle = `rgb(${r} ${g} ${b} / ${a / 255})`
      context.fillRect(x, 0, 1, height)
    }
  }, [map])
  return (
    <span class="scale">
      {title} <span class="number">{ends[0]}</span>
      <canvas ref={canvas} width={96} height={10} aria-hidden="true" />
      <span class="number">{ends[1]}</span>
    </span>
  )
}

export function Legend({ scene }: { scene: Scene }) {
  const { probability, quantity } = useStore(scene.display)
  const layers = useStore(scene.layers)
  const adc = scene.view.channels.find((c) => c.quantity)
  return (
    <div class="legend" data-testid="legend">
      {layers.length > 1 &&
        layers.map((layer) => (
          <span class="scale">
            <svg width="28" height="8" aria-hidden="true">
              <line x1="0" y1="4" x2="28" y2="4" stroke={layer.colour ?? 'currentColor'} stroke-width="2" stroke-dasharray={layer.dashed ? '5 4' : undefined} />
            </svg>
            {layer.dashed ? 'dashed' : 'solid'}: {layer.label}
          </span>
        ))}
      {probability.on && scene.view.probability && <Scale map="parotis-probability" title="Tumour probability" ends={['0', '1']} />}
      {quantity.on && adc && <Scale map="parotis-quantity" title={adc.title} ends={[shownValue(adc.window[0], adc.unit), `${shownValue(adc.window[1], adc.unit)} ${shownUnit(adc.unit)}`]} />}
    </div>
  )
}
