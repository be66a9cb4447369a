// Unsaved edits on this machine (IndexedDB), one for each reader and study: what is drawn outlives a reload and the session's end.
// A draft holds numbers of lesions and their outlines; it names no patient.

import type { Verdict } from '../api/types.ts'
import type { LesionDraft } from './steps.ts'

export interface Draft {
  based_on: string
  at: number
  /** Voxels of the whole mask, to refuse it on another grid. */
  voxels: number
  runs: Uint32Array
  lesions: LesionDraft[]
  active: number
  verdict: Verdict
  class: string | null
  reason: string
}

const kName = 'parotis'
const kStore = 'drafts'

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(kName, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(kStore)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('The browser keeps no drafts.'))
  })
}

/** Resolves when the browser has committed it: what is kept outlives a reload, and what is dropped stays dropped. */
async function use<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const open = await database()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = open.transaction(kStore, mode)
      const request = act(transaction.objectStore(kStore))
      const fail = (): void => reject(transaction.error ?? new Error('The browser keeps no drafts.'))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = fail
      transaction.onabort = fail
    })
  } finally {
    open.close()
  }
}

const keyOf = (reader: string, study: string): string => `${reader}/${study}`

export const keepDraft = async (reader: string, study: string, draft: Draft): Promise<void> => void (await use('readwrite', (s) => s.put(draft, keyOf(reader, study))))
export const dropDraft = async (reader: string, study: string): Promise<void> => void (await use('readwrite', (s) => s.delete(keyOf(reader, study))))

/** Null where there is none, or the browser keeps nothing (private windows). */
export async function keptDraft(reader: string, study: string): Promise<Draft | null> {
  try {
    return ((await use('readonly', (s) => s.get(keyOf(reader, study)) as IDBRequest<Draft | undefined>)) ?? null) as Draft | null
  } catch {
    return null
  }
}
