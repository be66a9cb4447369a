// A modal dialog on the browser's own <dialog>: it keeps the focus inside, closes on Escape and gives the focus back.

import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { pageHidden } from './page_hidden.ts'

interface Props {
  title: string
  onClose: () => void
  children: ComponentChildren
  /** False: Escape does not close it, an answer is needed. */
  closable?: boolean
  wide?: boolean
  testid?: string
}

export function Dialog({ title, onClose, children, closable = true, wide = false, testid }: Props) {
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const before = document.activeElement
    const show = (): void => {
      const { current } = box
      if (pageHidden.value) current?.close()
      else if (current && !current.open) current.showModal()
    }
    show()
    // A frame later, when the page is there again to take the focus.
    const end = pageHidden.subscribe(() => (pageHidden.value ? show() : requestAnimationFrame(show)))
    return () => {
      end()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  const cancel = (event: Event): void => {
    event.preventDefault()
    if (closable) onClose()
  }
  return (
    <dialog ref={box} class={wide ? 'dialog wide' : 'dialog'} aria-labelledby={id} onCancel={cancel} data-testid={testid}>
      <header>
        <h2 id={id}>{title}</h2>
        {closable && (
          <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
            ✕
          </button>
        )}
      </header>
      {children}
    </dialog>
  )
}
