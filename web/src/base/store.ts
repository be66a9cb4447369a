// A value that tells when it changes. Components read it with useStore; what is drawn many times a second subscribes itself.

import { useEffect, useState } from 'preact/hooks'

export class Store<T> {
  private value_: T
  private readonly listeners_ = new Set<() => void>()

  constructor(value: T) {
    this.value_ = value
  }

  get value(): T {
    return this.value_
  }

  set(value: T): void {
    if (Object.is(value, this.value_)) return
    this.value_ = value
    for (const listener of [...this.listeners_]) listener()
  }

  update(change: Partial<T>): void {
    this.set({ ...this.value_, ...change })
  }

  subscribe(listener: () => void): () => void {
    this.listeners_.add(listener)
    return () => void this.listeners_.delete(listener)
  }
}

/** A part of a store's value: what draws it is called again only when that part changes. */
export function useSelected<T, P>(store: Store<T>, pick: (value: T) => P): P {
  const [part, setPart] = useState(pick(store.value))
  useEffect(() => {
    const look = (): void => setPart(pick(store.value))
    look()
    return store.subscribe(look)
  }, [store])
  return part
}

export function useStore<T>(store: Store<T>): T {
  const [, setTick] = useState(0)
  useEffect(() => {
    setTick((n) => n + 1)
    return store.subscribe(() => setTick((n) => n + 1))
  }, [store])
  return store.value
}
