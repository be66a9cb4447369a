// A component that is drawn again only when one of its properties changed.

import { Component, h, type ComponentChild, type FunctionComponent } from 'preact'

export function memo<P extends object>(view: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const before = this.props as Record<string, unknown>
      return Object.entries(next).some(([key, value]) => !Object.is(before[key], value))
    }
    override render(): ComponentChild {
      return h(view, this.props as P)
    }
  }
  return Memo as unknown as FunctionComponent<P>
}
