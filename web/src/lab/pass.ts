// What lets this browser ask `parotis browse`. It is kept where every tab of this page finds it and no page of another port does:
// storage is kept apart by port, and cookies are not. When the program ends it is worth nothing.

const kKey = 'parotis.lab.pass'

// Where the browser keeps nothing: of this tab alone, until it is left.
let unkept = ''

export function pass(): string {
  try {
    return unkept || (localStorage.getItem(kKey) ?? '')
  } catch {
    return unkept
  }
}

export function keepPass(fresh: string): void {
  try {
    localStorage.setItem(kKey, fresh)
  } catch {
    unkept = fresh
  }
}

/** The token of an address that `parotis browse` printed; "" in any other. */
export const tokenOf = (hash: string): string => /^#token=([0-9a-f]+)$/.exec(hash)?.[1] ?? ''
