// The tools' marks, drawn: fonts of hospital machines miss half of the symbols.

import type { Tool } from './display.ts'

const kPaths: Record<Exclude<Tool, 'brush' | 'eraser' | 'fill'>, string> = {
  cross: 'M8 1v5M8 10v5M1 8h5M10 8h5',
  window: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  pan: 'M8 1v14M1 8h14M8 1l-2 2M8 1l2 2M8 15l-2-2M8 15l2-2M1 8l2-2M1 8l2 2M15 8l-2-2M15 8l-2 2',
  zoom: 'M6.5 2a4.5 4.5 0 1 0 .01 0M10 10l4.5 4.5M6.5 4.5v4M4.5 6.5h4',
  distance: 'M2 14L14 2M1 10.500l4.500 4.500M10.500 1l4.500 4.500',
  ellipse: 'M8 3.500c4 0 6.500 2 6.500 4.500s-2.500 4.500-6.500 4.500-6.500-2-6.500-4.500 2.500-4.500 6.500-4.500z',
  freehand: 'M3 11c-2-4 1-9 5-8s1 4 4 4 3 5-1 6-6 1-8-2z',
}

export function ToolIcon({ tool }: { tool: keyof typeof kPaths }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="icon">
      <path d={kPaths[tool]} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" />
      {tool === 'window' && <path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor" />}
    </svg>
  )
}
