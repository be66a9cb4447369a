// How a reader likes his panes: kept on this machine, for every study.

import type { Channel } from '../api/types.ts'

export type Tool = 'cross' | 'pan' | 'zoom' | 'window' | 'distance' | 'ellipse' | 'freehand' | 'brush' | 'eraser' | 'fill'

export interface PaneSetup {
  channel: string
  /** How the channel is compared with its place before alignment, on the reference; null: not at all. */
  compare: 'swipe' | 'checker' | null
  /** Null: the channel's own. */
  window: [number, number] | null
}

export interface Display {
  layout: 1 | 2 | 4 | 6
  /** Always six; the layout shows the first of them. */
  panes: PaneSetup[]
  active: number
  outlines: { on: boolean; opacity: number; width: number }
  cross: boolean
  probability: { on: boolean; opacity: number }
  quantity: { on: boolean; opacity: number }
  tool: Tool
}

const kKey = 'parotis.display'
const kPanes = 6

/** Structural first, then the quantity: what a reader looks at first; then the rest, the greatest b-value before the others. */
export function orderOf(channels: Channel[]): Channel[] {
  const structural = channels.filter((c) => !c.in_model && !c.quantity)
  const quantities = channels.filter((c) => c.quantity)
  const rest = channels.filter((c) => c.in_model && !c.quantity).reverse()
  return [...structural.slice(0, 1), ...quantities.slice(0, 1), ...structural.slice(1), ...rest, ...quantities.slice(1)]
}

/** Six panes: those that were, where the study has their channel, and the channels that are missing in the others. */
export function setupsFor(channels: Channel[], before: PaneSetup[]): PaneSetup[] {
  const free = orderOf(channels).filter((c) => !before.some((pane) => pane.channel === c.name))
  return Array.from({ length: kPanes }, (_, n) => {
    const kept = before[n]
    if (kept && channels.some((c) => c.name === kept.channel)) return kept
    return { channel: (free.shift() ?? channels[n % channels.length]).name, compare: null, window: null }
  })
}

interface Kept {
  layout?: Display['layout']
  panes?: string[]
  outlines?: Display['outlines']
}

const firstLayout = (): Display['layout'] => (innerWidth >= 1100 ? 4 : innerWidth > 700 ? 2 : 1)

export function keptDisplay(channels: Channel[]): Display {
  let kept: Kept = {}
  try {
    kept = JSON.parse(localStorage.getItem(kKey) ?? '{}') as Kept
  } catch {
    // Written by something else: as if nothing had been kept.
  }
  const panes = (kept.panes ?? []).map((channel) => ({ channel, compare: null, window: null }))
  return {
    layout: kept.layout ?? firstLayout(),
    panes: setupsFor(channels, panes),
    active: 0,
    outlines: kept.outlines ?? { on: true, opacity: 1, width: 1.5 },
    cross: true,
    probability: { on: false, opacity: 0.5 },
    quantity: { on: false, opacity: 0.5 },
    tool: 'cross',
  }
}

export function keepDisplay(display: Display): void {
  const kept: Kept = { layout: display.layout, panes: display.panes.map((pane) => pane.channel), outlines: display.outlines }
  localStorage.setItem(kKey, JSON.stringify(kept))
}
