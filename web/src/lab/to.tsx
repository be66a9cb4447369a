import type { ComponentChildren } from 'preact'
import { useStore } from '../base/store.ts'
import { go, place } from './live.ts'
import { formatPlace, placeAfter, type Place } from './place.ts'

/** A link within the page: the address is there to be copied or opened beside. */
export function To({ change, current, children, title }: { change: Partial<Place>; current?: boolean; children: ComponentChildren; title?: string }) {
  const here = useStore(place)
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    go(change)
  }
  return (
    <a href={formatPlace(placeAfter(here, change))} onClick={follow} aria-current={current ? 'page' : undefined} title={title}>
      {children}
    </a>
  )
}
